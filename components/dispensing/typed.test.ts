import { describe, expect, it } from 'vitest';
import { groupTyped, typedLength } from './typed.ts';

describe('typed code', () => {
  it('groups what is typed or pasted', () => {
    expect(groupTyped('abcd efgh')).toBe('ABCD-EFGH');
    expect(groupTyped('abc')).toBe('ABC');
    expect(groupTyped('abcd-')).toBe('ABCD-');
    expect(groupTyped('')).toBe('');
  });

  it('can be shortened over a hyphen', () => {
    expect(groupTyped('ABCD-E'.slice(0, -1))).toBe('ABCD-');
    expect(groupTyped('ABCD')).toBe('ABCD');
  });

  it('counts characters only', () => {
    expect(typedLength('AB-CD ef–g')).toBe(7);
  });
});
