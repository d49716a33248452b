import { describe, expect, it } from 'vitest';
import { thrownCode } from '../testing/ledger.ts';
import { hour } from '../testing/samples.ts';
import type { Reenrolment } from './patient.ts';
import { approve, complete, propose, refuse } from './reenrolment.ts';

const at = new Date('2026-05-04T08:00:00.000Z');
const later = (hours: number) => new Date(at.getTime() + hours * hour);
const proposal = {
  subject: 'pt-0-x',
  keys: { signingKeyHash: 'a'.repeat(64), readingKey: 'R'.repeat(1622), wallet: '' },
  proposedBy: 'prac-x',
  proposedFor: 'HospitalMSP',
};
const proposed = propose(undefined, proposal, at);
const approved = approve(proposed, 'PharmacyMSP', at);
const refused = refuse(proposed, 'it was not me');
const completed = complete(approved, later(72));

describe('a re-enrolment', () => {
  it('is completed after the delay, and not before', () => {
    expect(approved).toMatchObject({ state: 'approved', approvedFor: 'PharmacyMSP', dueAt: later(72).toISOString() });
    expect(thrownCode(() => complete(approved, new Date(later(72).getTime() - 1)))).toBe('NOT_DUE');
    expect(completed).toMatchObject({ state: 'completed', version: 3 });
  });

  it('is approved by another organisation only', () => {
    expect(thrownCode(() => approve(proposed, 'HospitalMSP', at))).toBe('NOT_AUTHORISED');
  });

  it('can be refused while it is open, also after the approval', () => {
    expect(refused).toMatchObject({ state: 'refused', reason: 'it was not me', version: 2 });
    expect(refuse(approved, 'it was not me').state).toBe('refused');
  });

  it.each<[string, Reenrolment]>([
    ['refused', refused],
    ['completed', completed],
  ])('that is %s is over, and another may begin', (_state, over) => {
    expect(thrownCode(() => approve(over, 'PharmacyMSP', at))).toBe('WRONG_STATE');
    expect(thrownCode(() => refuse(over, 'it was not me'))).toBe('WRONG_STATE');
    expect(thrownCode(() => complete(over, later(99)))).toBe('WRONG_STATE');
    expect(propose(over, proposal, at)).toMatchObject({ state: 'proposed', version: over.version + 1 });
  });

  it('is the only one that runs', () => {
    expect(thrownCode(() => propose(proposed, proposal, at))).toBe('WRONG_STATE');
    expect(thrownCode(() => propose(approved, proposal, at))).toBe('WRONG_STATE');
    expect(thrownCode(() => approve(approved, 'RegulatorMSP', at))).toBe('WRONG_STATE');
    expect(thrownCode(() => complete(proposed, later(99)))).toBe('WRONG_STATE');
  });
});
