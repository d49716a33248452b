import { expect, it } from 'vitest';
import { checkEvidence } from '#crypto/claim/evidence.ts';
import { testClaim, testInsured, testPrescription, testTrust } from '#crypto/claim/testClaim.ts';
import { evidenceChecks, evidenceLines } from './evidenceLines.ts';

const made = async (change: { quantity?: number; token?: boolean; evidence?: boolean; dispense?: boolean } = {}) => {
  const prescription = testPrescription();
  const { claim, content } = await testClaim(prescription);
  const { quantity = 20, token = true, evidence = true, dispense = true } = change;
  const { dispense: receipt, ...shown } = content.evidence ?? { disclosure: '' };
  const carried = { ...shown, ...(dispense && receipt && { dispense: receipt }) };
  const checked = await checkEvidence(evidence ? { evidence: carried } : {}, {
    ...{ claim, quantity, insured: testInsured, trust: testTrust },
    tokenOf: async () => (token ? prescription.token : undefined),
  });
  return evidenceLines(checked, claim);
};
const statesOf = (lines: Awaited<ReturnType<typeof made>>) =>
  Object.fromEntries(lines.map(({ check, state }) => [check, state]));

it('all hold for a claim that is in order, each of them named', async () => {
  const lines = await made();
  expect(lines.map(({ check }) => check)).toEqual(evidenceChecks);
  expect(new Set(lines.map(({ state }) => state))).toEqual(new Set(['holds']));
});

it('name the one that fails, and nothing else', async () => {
  const above = statesOf(await made({ quantity: 21 }));
  expect(Object.entries(above).filter(([, state]) => state !== 'holds')).toEqual([['billed', 'fails']]);
  expect(statesOf(await made({ token: false })).token).toBe('fails');
});

it('never call in order what could not be checked', async () => {
  expect(statesOf(await made({ evidence: false }))).toMatchObject({
    ...{ disclosure: 'fails', token: 'unknown', patient: 'unknown', notaries: 'fails', billed: 'unknown' },
    service: 'unknown',
  });
  expect(statesOf(await made({ dispense: false }))).toMatchObject({
    ...{ disclosure: 'holds', token: 'holds', notaries: 'fails', provider: 'unknown', service: 'unknown' },
  });
});

it('are of what was prescribed alone before anything is dispensed, and none for other services', () => {
  const lines = evidenceLines({ faults: [] }, { category: 'medicine', use: 'preauthorisation' });
  expect(lines.map(({ check }) => check)).toEqual(['disclosure', 'fields', 'token', 'patient']);
  expect(evidenceLines({ faults: [] }, { category: 'inpatient', use: 'claim' })).toEqual([]);
});
