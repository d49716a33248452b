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

  it('says whom a consent lets read what, for what and how long', () => {
    const terms = {
      decision: 'permit' as const,
      grantee: { kind: 'role' as const, id: 'inst-north-hospital', role: 'doctor' as const },
      categories: ['clinical' as const, 'results' as const],
      purposes: ['TREAT' as const],
      from: '2026-01-01T00:00:00.000Z',
      until: '2027-01-01T12:00:00.000Z',
    };
    const grant = { kind: 'consents:grant' as const, consent: { id: `con-0-${name}`, patient }, terms };
    const record = { epochs: [], wraps: [] };
    const names = { 'inst-north-hospital': 'North Hospital' };
    expect(wordsOf({ ...grant, record }, names)).toBe(
      'Let every doctor of North Hospital read problems, allergies and treatments and results for treatment, until 1 Jan 2027.',
    );
    expect(wordsOf({ ...grant, record, terms: { ...terms, decision: 'deny' } }, names)).toContain('Forbid');
  });
});
