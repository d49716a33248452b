import { describe, expect, it } from 'vitest';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { todayOf } from './todayOf.ts';

const dispense = {
  id: 'disp-a',
  quantity: 7,
  practitionerId: 'prac-b',
  at: '2026-03-14T10:00:00Z',
  cid: '',
  contentHash: '',
  institution: 'Here',
};
const prescription: PrescriptionSummary = {
  id: 'rx-0-a',
  channel: 'care-0',
  state: 'partial',
  authoredOn: '2026-03-13T10:00:00Z',
  expires: '2026-04-13T10:00:00Z',
  author: { id: 'prac-a', name: 'A', institution: 'B' },
  quantity: 14,
  fills: 1,
  left: 7,
  available: 7,
  codeValid: true,
  version: 3,
  cid: '',
  contentHash: '',
  commitment: '',
  dispenses: [
    dispense,
    { ...dispense, id: 'disp-b', at: '2026-03-12T10:00:00Z' },
    { ...dispense, id: 'disp-c', institution: 'Elsewhere' },
    { ...dispense, id: 'disp-d', at: '2026-03-14T11:00:00Z' },
  ],
  token: { state: 'partial', tokenId: '1' },
};

describe('todayOf', () => {
  it('lists this pharmacy’s dispensings of today, newest first', () => {
    const entries = todayOf([prescription], 'Here', new Date('2026-03-14T12:00:00Z'));
    expect(entries.map(({ key }) => key)).toEqual(['disp-d', 'disp-a']);
    expect(entries[0]?.tone).toBe('warn');
  });
});
