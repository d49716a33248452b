import { describe, expect, it } from 'vitest';
import type { EventRecord, EventView, PackState } from '#chaincode/model/trace.ts';
import { chainOf } from './standing.ts';

const now = Date.parse('2026-11-27T10:00:00Z');
const decided = (outcome: 'accepted' | 'refused', code?: EventRecord['code']): EventRecord => ({
  ...{ hash: '', outcome, at: '', by: '', institutionId: '' },
  ...(code && { code }),
});
const view = (event: EventRecord, declaration?: EventRecord): EventView => ({
  event,
  ...(declaration && { declaration }),
});
const pack = (state: PackState, change: { recalls?: string[]; expiry?: string } = {}) => ({
  ...{ state, recalls: [], expiry: '2027-06-30', ...change },
});
const out = [pack('decommissioned'), pack('decommissioned')];
const yes = decided('accepted');
const no = decided('refused', 'HELD_BY_ANOTHER');

describe('where the packs of one channel stand', () => {
  it.each([
    ['nothing is recorded', undefined, undefined, [pack('active')], { state: 'waiting' }],
    ['they could not be had', view(no), undefined, [pack('active')], { state: 'refused', code: 'HELD_BY_ANOTHER' }],
    ['they are out', view(yes), undefined, out, { state: 'out' }],
    ['that was undone', view(yes, yes), undefined, [pack('active')], { state: 'undone' }],
    ['undoing was refused', view(yes, no), undefined, out, { state: 'stuck', code: 'HELD_BY_ANOTHER' }],
    ['they are handed over', view(yes), view(yes), [pack('dispensed')], { state: 'handedOver' }],
    ['that was refused', view(yes), view(decided('refused', 'RECALLED')), out, { state: 'withheld', code: 'RECALLED' }],
    [
      'one is recalled',
      view(yes),
      undefined,
      [...out, pack('decommissioned', { recalls: ['rcl-a'] })],
      { state: 'stuck', code: 'RECALLED' },
    ],
    [
      'one has expired',
      view(yes),
      undefined,
      [pack('decommissioned', { expiry: '2026-11-26' })],
      { state: 'stuck', code: 'EXPIRED' },
    ],
    [
      'one is on its last day',
      view(yes),
      undefined,
      [pack('decommissioned', { expiry: '2026-11-27' })],
      { state: 'out' },
    ],
    ['one was stolen', view(yes), undefined, [...out, pack('stolen')], { state: 'stuck', code: 'WRONG_STATE' }],
  ] as const)('%s', (_name, left, handed, packs, expected) => {
    expect(chainOf(left, handed, packs, now)).toEqual(expected);
  });
});
