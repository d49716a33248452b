import { describe, expect, it } from 'vitest';
import { standingOf, stepsOf } from './progress.ts';

const steps = [
  { name: 'store', state: 'done' },
  { name: 'sign', state: 'done' },
  { name: 'mint', state: 'waiting' },
  { name: 'publish', state: 'pending' },
] as const;

describe('progress of signing', () => {
  it('shows the person’s three steps', () => {
    expect(stepsOf({ steps: [...steps] })).toEqual({ encrypt: 'done', sign: 'done', mint: 'waiting' });
    expect(stepsOf({ steps: [] })).toEqual({ encrypt: 'pending', sign: 'pending', mint: 'pending' });
  });

  it('names the step at which it stands', () => {
    expect(standingOf({ steps: [...steps] })?.name).toBe('mint');
    expect(standingOf({ steps: [{ name: 'store', state: 'done' }] })?.name).toBe('store');
  });
});
