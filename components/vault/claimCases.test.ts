import { beforeAll, expect, it } from 'vitest';
import type { Claim } from '#chaincode/model/claim.ts';
import type { ContentWrap } from '#chaincode/model/policy.ts';
import { institutionRecord } from '#chaincode/model/records.ts';
import { ownStaffWrap } from '#chaincode/model/staffWrap.ts';
import { institutions } from '#chaincode/testing/samples.ts';
import { fromBase64Url } from '#crypto/bytes.ts';
import { sealClaim, sealExplanation } from '#crypto/claim/content.ts';
import { newDataKey } from '#crypto/claim/dataKey.ts';
import { sealDetails } from '#crypto/claim/details.ts';
import { testClaim, testInsured, testPrescription } from '#crypto/claim/testClaim.ts';
import type { SealedDocument } from '#crypto/envelope.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import type { Reader } from '#crypto/reader.ts';
import { ContractWorld, claimOf, type Member } from './contractTesting.ts';

let world: ContractWorld;
let admin: Member;
let staff: Member;
let stranger: Member;
let institution: Reader;

const { id: institutionId } = institutions.hospital;
const named = ({ cid, contentHash }: SealedDocument) => ({ cid, contentHash });

beforeAll(async () => {
  world = await ContractWorld.begin();
  admin = await world.staff('admin');
  [staff, stranger] = await Promise.all([world.staff('doctor'), world.staff('doctor')]);
  const people = [admin, staff].map((member) => claimOf(member));
  const made = await admin.keeper.makeInstitutionKey({ institution: institutionId, staff: people });
  await world.submit(admin, { kind: 'putInstitutionReading', institution: institutionId, ...made });
  const own = await world.read(staff, { kind: 'readStaffWrap', institution: institutionId }, ownStaffWrap);
  await staff.keeper.openInstitutionKey({ institution: institutionId, own, certificates: world.certificates });
  const { reading } = await world.ask(institutionRecord, 'registry', 'readInstitution', institutionId);
  if (reading === undefined) throw new RangeError('no reading key');
  institution = { id: institutionId, readingKey: reading.readingKey };
}, 120_000);

async function keyFor(id: string) {
  const { dataKey, wraps } = await newDataKey(id, [institution]);
  const own: ContentWrap = { id, reader: institutionId, wrap: wraps[institutionId] ?? '' };
  return { dataKey, own };
}

/** A claim that the adjudicator has denied. */
async function deniedClaim() {
  const { claim, content } = await testClaim(testPrescription());
  const { dataKey, own } = await keyFor(claim.id);
  const body = await sealClaim(dataKey, claim, content);
  const judged = { claim: claim.id, version: 1, by: newIdentifier('dev') };
  const said = { version: 1 as const, explanation: { resourceType: 'ExplanationOfBenefit' } };
  const why = await sealExplanation(dataKey, judged, said);
  const decision = {
    ...{ ...judged, usage: 0, outcome: 'denied' as const, allowed: 0, insurer: 0, patient: 0, deductible: 0 },
    ...{ reasons: ['NOT_COVERED' as const], explanation: named(why), at: claim.servedAt },
  };
  const sealed = { ...claim, content: named(body), decisions: [decision], messages: [] as Claim['messages'] };
  return { claim: sealed, own, content, said, bytes: { content: body.bytes, explanations: [why.bytes], messages: [] } };
}

it('opens a claim with why it was decided so, for its institution alone', async () => {
  const { claim, own, content, said, bytes } = await deniedClaim();
  const opened = await staff.keeper.openClaim({ claim, own, bytes });
  expect(opened.content).toEqual(content);
  expect(opened.explanations).toEqual([{ content: said }]);
  await expect(stranger.keeper.openClaim({ claim, own, bytes })).rejects.toMatchObject({ code: 'INSTITUTION_LOCKED' });
});

it('asks and is answered under the claim’s key; what was altered is told, and keeps the rest open', async () => {
  const { claim, own, bytes } = await deniedClaim();
  const ask = (words: string) => staff.keeper.composeClaimMessage({ kind: 'claims:ask', own, words });
  const [first, second] = [await ask('Which pack was it?'), await ask('And why two?')];
  expect(first).toMatchObject({ kind: 'claims:ask', id: claim.id });
  const messages = [first, second].map(({ message }) => ({
    ...{ kind: 'question' as const, by: staff.id, at: claim.servedAt, ...message },
  }));
  const read = (said: Uint8Array[]) =>
    staff.keeper.openClaim({ claim: { ...claim, messages }, own, bytes: { ...bytes, messages: said } });
  const both = [first, second].map(({ envelope }) => fromBase64Url(envelope));
  expect((await read(both)).messages).toEqual([{ content: 'Which pack was it?' }, { content: 'And why two?' }]);
  const swapped = await read([...both].reverse());
  expect(swapped.messages).toMatchObject([{ problem: { code: 'ALTERED' } }, { problem: { code: 'ALTERED' } }]);
  expect(swapped.content).toBeDefined();
});

it('seals a person’s decision so that it opens as that person’s, on that version', async () => {
  const { claim, own, bytes, said } = await deniedClaim();
  const { explanation: _before, by: _by, at: _at, ...judged } = claim.decisions[0] ?? never();
  const decision = { ...judged, version: 3, outcome: 'approved' as const, reasons: [] };
  const intent = await staff.keeper.composeClaimDecision({ own, decision, explanation: said });
  const sealed = fromBase64Url(intent.envelope);
  const read = (version: number, by: string) => {
    const decided = { ...intent.decision, version, by, at: claim.servedAt };
    return staff.keeper.openClaim({
      claim: { ...claim, decisions: [decided] },
      own,
      bytes: { ...bytes, explanations: [sealed] },
    });
  };
  expect((await read(3, staff.id)).explanations).toEqual([{ content: said }]);
  expect((await read(4, staff.id)).explanations).not.toEqual([{ content: said }]);
  expect((await read(3, stranger.id)).explanations).not.toEqual([{ content: said }]);
});
const never = (): never => {
  throw new RangeError('no decision');
};

it('opens who is insured, of that policy and plan only', async () => {
  const policy = newIdentifier('pol');
  const { dataKey, own } = await keyFor(policy);
  const details = { version: 1 as const, policy, plan: newIdentifier('plan'), insured: testInsured };
  const sealed = await sealDetails(dataKey, details);
  const open = (plan: string) =>
    staff.keeper.openPolicyDetails({ policy: { id: policy, plan, details: named(sealed) }, own, bytes: sealed.bytes });
  expect(await open(details.plan)).toEqual(details);
  await expect(open(newIdentifier('plan'))).rejects.toMatchObject({ code: 'ALTERED' });
});
