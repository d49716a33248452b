import { describe, expect, it } from 'vitest';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { wordsOf } from './wordsOf.ts';

const name = 'a'.repeat(26);
const id = `rx-0-${name}`;
const patient = `pt-0-${name}`;
const issue: Extract<TransactionIntent, { kind: 'issue' }> = {
  kind: 'issue',
  issue: {
    ...{ id, patient, expires: '2027-01-01T12:00:00.000Z', cid: '', contentHash: '', redeemHash: '', commitment: '' },
    ...{ quantity: 28, fills: 2 },
  },
  ...{ envelope: '', tokenHolder: '', resumePacket: '' },
  secrets: { patientWrap: '', authorWrap: '', codeWrap: '', releaseShare: '' },
};

describe('the sentence before a signature', () => {
  it('names people and things as the page knows them', () => {
    expect(wordsOf(issue, { [id]: 'Morphine 10 mg', [patient]: 'Mara Lind' })).toBe(
      'Prescribe Morphine 10 mg for Mara Lind: 28 units, 2 times, valid until 1 Jan 2027.',
    );
  });

  it('says ids where nobody knows a name, so that nothing is left out', () => {
    expect(wordsOf({ kind: 'return', id })).toContain(id);
    expect(wordsOf(issue)).toContain(patient);
  });

  it('says that a medicine is controlled', () => {
    const controlled = { ...issue, issue: { ...issue.issue, controlled: true as const } };
    expect(wordsOf(controlled)).toContain('controlled medicine');
    expect(wordsOf(issue)).not.toContain('controlled medicine');
  });

  it('repeats a reason word by word', () => {
    expect(wordsOf({ kind: 'cancel', id, reason: 'dose too high' })).toContain('“dose too high”');
  });
});
