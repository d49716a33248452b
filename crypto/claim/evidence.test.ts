import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { requiredEvidence } from '#chaincode/model/policy.ts';
import { fromBase64Url, toBase64Url } from '../bytes.ts';
import { disclose } from '../commitment/disclosure.ts';
import { tokenIdOf } from '../token.ts';
import { type ClaimContent, evidenceOf } from './content.ts';
import { checkEvidence, type EvidenceContext } from './evidence.ts';
import {
  signDispense,
  type TestPrescription,
  testClaim,
  testInsured,
  testPrescription,
  testTrust,
} from './testClaim.ts';

/** As the chain has the tokens of these prescriptions. */
const chainOf =
  (...prescriptions: TestPrescription[]) =>
  async (tokenId: bigint) =>
    prescriptions.find(({ id }) => tokenIdOf(id) === tokenId)?.token;
async function made(fields?: Parameters<typeof testClaim>[1]) {
  const prescription = testPrescription();
  const { claim, content } = await testClaim(prescription, fields);
  const { evidence } = content;
  if (evidence === undefined) throw new Error('evidence');
  const context: EvidenceContext = {
    ...{ claim, quantity: 20, tokenOf: chainOf(prescription), trust: testTrust, insured: testInsured },
  };
  return { prescription, evidence, context };
}
type Change = { evidence?: ClaimContent['evidence'] | undefined; context?: Partial<EvidenceContext> };
const faultsOf = async ({ evidence, context }: Awaited<ReturnType<typeof made>>, change: Change = {}) => {
  const content = 'evidence' in change ? change : { evidence };
  const { faults } = await checkEvidence(content, { ...context, ...change.context });
  return faults;
};

describe('evidence', () => {
  it('proves by itself what was prescribed and dispensed, and shows no more than was opened', async () => {
    const { prescription, evidence, context } = await made();
    const checked = await checkEvidence({ evidence }, context);
    expect(checked.faults).toEqual([]);
    expect(checked.dispense).toEqual(prescription.record);
    expect(Object.keys(checked.shown).sort()).toEqual([...requiredEvidence].sort());
    expect(checked.shown.medicine).toEqual({ text: 'amoxicillin' });
    expect(Buffer.from(fromBase64Url(evidence.disclosure)).includes('otitis')).toBe(false);
  });

  it('is not there, or misses a field that is needed', async () => {
    const whole = await made();
    const { dispense, disclosure } = whole.evidence;
    const missing = { reason: 'EVIDENCE_MISSING' };
    expect(await faultsOf(whole, { evidence: undefined })).toEqual([
      { ...missing, at: 'disclosure' },
      { ...missing, at: 'notaries' },
    ]);
    expect(await faultsOf(whole, { evidence: { disclosure } })).toEqual([{ ...missing, at: 'notaries' }]);
    for (const left of requiredEvidence) {
      const few = await made(requiredEvidence.filter((field) => field !== left));
      expect(await faultsOf(few), left).toContainEqual({ ...missing, at: 'fields' });
    }
    expect(dispense).toBeDefined();
  });

  it('is of a token that has another commitment, or that there is not', async () => {
    const own = await made();
    const other = testPrescription();
    const tokenOf = async () => other.token;
    expect(await faultsOf(own, { context: { tokenOf } })).toEqual([{ reason: 'TOKEN_INVALID', at: 'token' }]);
    const none = async () => undefined;
    expect(await faultsOf(own, { context: { tokenOf: none } })).toEqual([{ reason: 'EVIDENCE_MISSING', at: 'token' }]);
    const down = async () => Promise.reject(new Error('down'));
    await expect(faultsOf(own, { context: { tokenOf: down } })).rejects.toThrow('down');
  });

  it('has no byte of its disclosure changed', async () => {
    const own = await made();
    const bytes = fromBase64Url(own.evidence.disclosure);
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = bytes.slice();
      changed[index] = (changed[index] ?? 0) ^ 1;
      const evidence = { ...own.evidence, disclosure: toBase64Url(changed) };
      expect(await faultsOf(own, { evidence }), `byte ${index}`).not.toEqual([]);
    }
  });

  it('of another prescription, of the same patient too, is noticed', async () => {
    const own = await made();
    const other = testPrescription();
    const disclosure = disclose(other.dataKey, other.id, other.document, requiredEvidence);
    const evidence = evidenceOf(disclosure, own.evidence.dispense);
    const context = { tokenOf: chainOf(own.prescription, other) };
    const faults = await faultsOf(own, { evidence, context });
    expect(faults).toContainEqual({ reason: 'EVIDENCE_INVALID', at: 'prescription' });
    expect(faults).toContainEqual({ reason: 'EVIDENCE_INVALID', at: 'service' });
  });

  it('of another dispense of the same prescription is noticed', async () => {
    const own = await made();
    const { record } = own.prescription;
    const again = { ...record, version: 4, dispense: { ...record.dispense, id: `disp-${'q'.repeat(26)}` } };
    const evidence = { ...own.evidence, dispense: await signDispense(again) };
    expect(await faultsOf(own, { evidence })).toEqual([{ reason: 'EVIDENCE_INVALID', at: 'service' }]);
  });

  it('of another pharmacy’s dispense, of another day, is noticed', async () => {
    const own = await made();
    const claim = { ...own.context.claim, provider: 'inst-hill-pharmacy', servedAt: '2026-11-21T00:00:00.000Z' };
    expect(await faultsOf(own, { context: { claim } })).toEqual([
      { reason: 'EVIDENCE_INVALID', at: 'provider' },
      { reason: 'EVIDENCE_INVALID', at: 'servedAt' },
    ]);
  });

  it('of another patient is noticed, in number and in whose numbers they are', async () => {
    const own = await made();
    const { identifier } = testInsured;
    for (const change of [{ value: '4712' }, { system: 'urn:other' }]) {
      const insured = { identifier: { ...identifier, ...change } };
      expect(await faultsOf(own, { context: { insured } })).toEqual([{ reason: 'NOT_THE_MEMBER', at: 'patient' }]);
    }
  });

  it('for more than was dispensed is noticed, and for less is none of its business', async () => {
    const own = await made();
    const more = await faultsOf(own, { context: { quantity: 21 } });
    expect(more).toEqual([{ reason: 'QUANTITY_ABOVE_DISPENSED', at: 'billed' }]);
    expect(await faultsOf(own, { context: { quantity: 1 } })).toEqual([]);
  });

  it('of a prescription that the ledger has with another quantity is noticed', async () => {
    const own = await made();
    const evidence = { ...own.evidence, dispense: await signDispense({ ...own.prescription.record, quantity: 60 }) };
    expect(await faultsOf(own, { evidence })).toEqual([{ reason: 'EVIDENCE_INVALID', at: 'dispensed' }]);
  });

  it('that too few notaries signed shows nothing of a dispense', async () => {
    const own = await made();
    const strangers = ['55', '66'].map((byte) => privateKeyToAccount(`0x${byte.repeat(32)}`));
    const dispense = await signDispense(own.prescription.record, strangers);
    const content = { evidence: { ...own.evidence, dispense } };
    const checked = await checkEvidence(content, own.context);
    expect(checked.faults).toEqual([{ reason: 'EVIDENCE_INVALID', at: 'notaries' }]);
    expect(checked.dispense).toBeUndefined();
    const altered = { ...own.evidence, dispense: await signDispense(own.prescription.record) };
    altered.dispense.record = { ...own.prescription.record, version: 4 };
    expect(await faultsOf(own, { evidence: altered })).toEqual([{ reason: 'EVIDENCE_INVALID', at: 'notaries' }]);
  });

  it('of a preauthorisation has no dispense yet; of no medicine there is none', async () => {
    const own = await made();
    const { disclosure } = own.evidence;
    const asked = { ...own.context.claim, use: 'preauthorisation' as const };
    expect(await faultsOf(own, { evidence: { disclosure }, context: { claim: asked } })).toEqual([]);
    const visit = { ...own.context.claim, category: 'consultation' as const };
    expect(await faultsOf(own, { evidence: undefined, context: { claim: visit } })).toEqual([]);
  });
});
