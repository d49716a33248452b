import { describe, expect, it } from 'vitest';
import { entryOf } from './lastEntry.ts';

const at = new Date('2026-03-14T12:00:00Z');
const prescription = { id: 'rx-0-a', left: 7 };
const state = { phase: 'done', verdict: { outcome: 'yours', prescription }, outcome: null, request: null } as const;

describe('the list of today', () => {
  it('tells what was done, and how much is left', () => {
    expect(entryOf({ ...state, outcome: 'complete' }, at)).toMatchObject({ tone: 'ok', outcome: 'complete' });
    expect(entryOf({ ...state, outcome: 'part' }, at)).toMatchObject({ tone: 'warn', outcome: '7 left' });
    expect(entryOf({ ...state, outcome: 'returned' }, at)).toMatchObject({ tone: 'warn', outcome: 'returned' });
  });

  it('tells of a refusal, and not of what was only put aside', () => {
    const refused = { ...state, phase: 'verdict', verdict: { outcome: 'refused', prescription } } as const;
    expect(entryOf(refused, at)).toMatchObject({ tone: 'danger', outcome: 'refused', what: 'Code' });
    expect(entryOf({ ...state, phase: 'verdict' }, at)).toBeNull();
    expect(entryOf({ ...state, verdict: null }, at)).toBeNull();
  });
});
