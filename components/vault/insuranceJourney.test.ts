import { beforeAll, describe, expect, it } from 'vitest';
import { type Claim, claimRecord } from '#chaincode/model/claim.ts';
import {
  type Authorisation,
  authorisationRecord,
  contentWrap,
  type Policy,
  policyRecord,
  requiredEvidence,
  wrapsTransientField,
} from '#chaincode/model/policy.ts';
import { institutionRecord } from '#chaincode/model/records.ts';
import { ownStaffWrap } from '#chaincode/model/staffWrap.ts';
import { planOf, termsOf } from '#chaincode/testing/claims.ts';
import { refusal } from '#chaincode/testing/ledger.ts';
import { type InstitutionName, institutions } from '#chaincode/testing/samples.ts';
import { fromBase64Url, toBase64Url } from '#crypto/bytes.ts';
import { type BillingNote, sealBillingNote } from '#crypto/claim/billingNote.ts';
import { openDataKey } from '#crypto/claim/dataKey.ts';
import { checkEvidence } from '#crypto/claim/evidence.ts';
import { openQuestion, sealReply } from '#crypto/claim/question.ts';
import { signDispense, testInsured, testPrescription, testTrust } from '#crypto/claim/testClaim.ts';
import { disclose, encodeDisclosure } from '#crypto/commitment/disclosure.ts';
import { commitmentFields } from '#crypto/commitment/fields.ts';
import { writeDispenseReceipt } from '#crypto/dispenseReceipt.ts';
import { claim as claimResource } from '#fhir/claim.ts';
import { buildEligibilityResponse, eligibilityRequest } from '#fhir/eligibility.ts';
import { ContractWorld, claimOf, type Member } from './contractTesting.ts';
import type { Saying } from './memberOperations.ts';
import type { ClaimedInstitution } from './trust.ts';

/** From the application to the bill, with real vaults on the real contracts. */

let world: ContractWorld;
let patient: Member;
let stranger: Member;
let pharmacist: Member;
let doctor: Member;
let adjuster: Member;
let adjudicator: Member;
const admins = new Map<InstitutionName, Member>();
const bytes = new Map<string, Uint8Array>();

beforeAll(async () => {
  world = await ContractWorld.begin();
  for (const name of ['pharmacy', 'insurer'] as const) await world.admit(name);
  [patient, stranger] = [await world.patient(), await world.patient()];
  pharmacist = await world.staff('pharmacist', 'pharmacy');
  doctor = await world.staff('doctor');
  adjuster = await world.staff('insurer', 'insurer');
  adjudicator = await world.device('insurer', 'adjudicator');
  for (const [name, staff] of [
    ['hospital', doctor],
    ['pharmacy', pharmacist],
    ['insurer', adjuster],
  ] as const) {
    await openKey(name, staff);
  }
  const plan = {
    id: planOf(1),
    version: 1,
    validFrom: new Date(Date.now() - 3_600_000).toISOString(),
    terms: termsOf(),
  };
  await world.submit(adjuster, { kind: 'claims:publishPlan', plan });
}, 240_000);

/** The institution's key, made by its admin and open in the vault of one of its staff. */
async function openKey(name: 'hospital' | 'pharmacy' | 'insurer', staff: Member): Promise<void> {
  const admin = await world.staff('admin', name);
  admins.set(name, admin);
  const { id: institution } = institutions[name];
  const made = await admin.keeper.makeInstitutionKey({ institution, staff: [admin, staff].map(claimOf) });
  await world.submit(admin, { kind: 'putInstitutionReading', institution, ...made });
  const own = await world.read(staff, { kind: 'readStaffWrap', institution }, ownStaffWrap);
  await staff.keeper.openInstitutionKey({ institution, own, certificates: world.certificates });
}
async function readerOf(name: 'hospital' | 'pharmacy' | 'insurer'): Promise<ClaimedInstitution> {
  const { id } = institutions[name];
  const { reading } = await world.ask(institutionRecord, 'registry', 'readInstitution', id);
  if (reading === undefined) throw new RangeError('no reading key');
  return { kind: 'institution', id, reading, certificatePem: admins.get(name)?.owner.certificatePem ?? '' };
}
const insurerReaders = async () => ({ insurer: await readerOf('insurer'), adjudicators: [claimOf(adjudicator)] });

/** Brings what a member says, as the registrar of the patients does. */
async function bring({ action, statement, wraps, envelope }: Saying): Promise<void> {
  const said: { details?: { cid: string }; card?: { cid: string }; message?: { cid: string } } = JSON.parse(
    statement.said,
  );
  const cid = (said.details ?? said.card ?? said.message)?.cid;
  if (cid !== undefined) bytes.set(cid, fromBase64Url(envelope ?? ''));
  await world.ledger.submit({
    ...{ channel: 'claims', contract: 'claims', function: `claims:${action}`, args: [JSON.stringify(statement)] },
    transient: wraps ? { [wrapsTransientField]: Buffer.from(JSON.stringify(wraps)) } : {},
    caller: world.registrars.PatientMSP,
  });
}
const at = (cid: string) => bytes.get(cid) ?? new Uint8Array();
const policyAt = (id: string) => world.ask(policyRecord, 'claims', 'claims:readPolicy', id);
const authorisationAt = (id: string) => world.ask(authorisationRecord, 'claims', 'claims:readAuthorisation', id);
const claimAt = (id: string) => world.ask(claimRecord, 'claims', 'claims:readClaim', id);
const staffWrap = (staff: Member, id: string) => world.read(staff, { kind: 'claims:readWrap', id }, contentWrap);
async function memberWrap(by: Member, policy: string, id: string) {
  const statement = await by.keeper.signMemberRead({ policy, id });
  const call = { channel: 'claims', contract: 'claims', function: 'claims:readWrapAsMember' };
  const caller = world.registrars.PatientMSP;
  return contentWrap.parse(await world.ledger.evaluate({ ...call, args: [JSON.stringify(statement)], caller }));
}

/** A policy of somebody, whom the insurer has taken. */
async function insure(by: Member, insured = testInsured): Promise<Policy> {
  const { policy, saying } = await by.keeper.composeApplication({
    ...{ plan: { id: planOf(1), insurer: institutions.insurer.id }, insured, readers: await insurerReaders() },
  });
  await bring(saying);
  const from = new Date(Date.now() - 60 * 24 * 3_600_000).toISOString();
  await world.submit(adjuster, { kind: 'claims:decidePolicy', id: policy, verdict: 'accept', terms: { from } });
  return policyAt(policy);
}
async function authorise(
  by: Member,
  policy: Policy,
  name: 'hospital' | 'pharmacy' = 'pharmacy',
  evidence: Authorisation['evidence'] = ['dosage'],
) {
  const { authorisation, saying } = await by.keeper.composeAuthorisation({
    ...{ policy, institution: institutions[name].id, reader: await readerOf(name), evidence },
    details: { own: await memberWrap(by, policy.id, policy.id), bytes: at(policy.details.cid) },
    until: new Date(Date.now() + 30 * 24 * 3_600_000).toISOString(),
  });
  await bring(saying);
  return authorisationAt(authorisation);
}
async function openCardOf(staff: Member, id: string) {
  const authorisation = await authorisationAt(id);
  const onLedger = { authorisation, policy: await policyAt(authorisation.policy) };
  const [card] = await staff.keeper.openCards({
    cards: [{ onLedger, own: await staffWrap(staff, id), bytes: at(authorisation.card.cid) }],
  });
  return card;
}

/** A hand-over of the pharmacy as it has kept it, and the notaries' receipt of it. */
async function handedOver(to: Member = patient) {
  const made = testPrescription(institutions.pharmacy.id);
  const record = {
    ...made.record,
    dispense: { ...made.record.dispense, at: new Date(Date.now() - 60_000).toISOString() },
  };
  const { id, dataKey, document } = made;
  const note: BillingNote = {
    ...{ version: 1, prescription: id, dispense: record.dispense.id, patient: to.id, quantity: 20, unit: 'tablet' },
    medicine: { coding: [{ system: 'urn:medloom:product-code', code: 'MP-10001' }], text: 'amoxicillin' },
    disclosure: toBase64Url(encodeDisclosure(disclose(dataKey, id, document, commitmentFields))),
  };
  const { reading } = await readerOf('pharmacy');
  const reader = { id: institutions.pharmacy.id, readingKey: reading.readingKey, generation: reading.generation };
  return {
    ...{ made, record, note: await sealBillingNote(note, reader) },
    receipt: writeDispenseReceipt(await signDispense(record)),
  };
}
const claimReaders = async (name: 'hospital' | 'pharmacy') => ({
  provider: await readerOf(name),
  insurer: await insurerReaders(),
});
async function bill(authorisation: string, of: Awaited<ReturnType<typeof handedOver>>): Promise<Claim> {
  const intent = await pharmacist.keeper.composeDispenseClaim({
    ...{ authorisation, readers: await claimReaders('pharmacy'), currency: 'CHF', net: 2_480 },
    ...{ note: of.note, receipt: of.receipt },
  });
  await world.submit(pharmacist, intent);
  bytes.set(intent.submission.content.cid, fromBase64Url(intent.envelope));
  return claimAt(intent.submission.id);
}
const bytesOf = (claim: Claim) => ({
  content: at(claim.content.cid),
  explanations: claim.decisions.map(({ explanation }) => at(explanation.cid)),
  messages: claim.messages.map(({ cid }) => at(cid)),
});

describe('a member', () => {
  it('is known to the insurer and its adjudicator by name, and to the ledger by the policy alone', async () => {
    const policy = await insure(patient);
    const own = await staffWrap(adjuster, policy.id);
    const details = await adjuster.keeper.openPolicyDetails({ policy, own, bytes: at(policy.details.cid) });
    expect(details.insured).toEqual(testInsured);
    const call = { channel: 'claims', contract: 'claims', function: 'claims:readWrap', args: [policy.id] };
    const wrap = contentWrap.parse(await world.ledger.evaluate({ ...call, caller: adjudicator.identity }));
    expect(await openDataKey(adjudicator.contents.readingSeed, wrap)).toHaveLength(32);
    const again = await patient.keeper.openOwnPolicy({
      ...{ policy, own: await memberWrap(patient, policy.id, policy.id), bytes: at(policy.details.cid) },
    });
    expect(again).toEqual(details);
    const written = JSON.stringify(world.ledger.publicRecords);
    expect(written).toContain(policy.id);
    expect(written.split(policy.id).some((around) => around.slice(0, 4_000).includes(testInsured.name))).toBe(false);
  });

  it('has the same keys in another browser, which another person’s vault has not', async () => {
    const policy = await insure(patient);
    const browser = await world.browserOf(patient);
    await bring(await browser.composeLeave({ policy: policy.id }));
    expect(await policyAt(policy.id)).toMatchObject({ state: 'ended', by: policy.id });
    const other = await insure(patient);
    expect(await refusal(bring(await stranger.keeper.composeLeave({ policy: other.id })))).toBe('NOT_AUTHORISED');
  });

  it('lets nobody bill any more who was authorised, once that is taken back', async () => {
    const policy = await insure(patient);
    const { id } = await authorise(patient, policy);
    await openCardOf(pharmacist, id);
    await bring(await patient.keeper.composeRevocation({ policy: policy.id, authorisation: id }));
    expect(await refusal(bill(id, await handedOver()))).toBe('NOT_INSURED');
  });

  it('seals nothing for an institution or a device that is put in the insurer’s place', async () => {
    const plan = { id: planOf(1), insurer: institutions.insurer.id };
    const apply = (readers: Awaited<ReturnType<typeof insurerReaders>>) =>
      patient.keeper.composeApplication({ plan, insured: testInsured, readers });
    const { insurer, adjudicators } = await insurerReaders();
    const foreign = await world.device('pharmacy', 'adjudicator');
    const wrong = [
      { insurer: await readerOf('hospital'), adjudicators },
      { insurer: { ...insurer, id: institutions.hospital.id }, adjudicators },
      { insurer, adjudicators: [claimOf(foreign)] },
      { insurer, adjudicators: [claimOf(adjuster)] },
      { insurer, adjudicators: [{ ...claimOf(adjudicator), readingKey: foreign.readingKey }] },
    ];
    for (const readers of wrong) await expect(apply(readers)).rejects.toMatchObject({ code: 'KEY_UNTRUSTED' });
    await apply({ insurer, adjudicators });
  });
});

describe('an insurance card', () => {
  it('tells the institution whom it may bill, and keeps the key of encounters in the vault', async () => {
    const policy = await insure(patient);
    const { id } = await authorise(patient, policy);
    const opened = await openCardOf(pharmacist, id);
    expect(opened).toMatchObject({ content: { patient: patient.id, policy: policy.id, evidence: ['dosage'] } });
    expect(JSON.stringify(opened)).not.toContain('serviceKey');
    const { identity } = doctor;
    const call = { channel: 'claims', contract: 'claims', function: 'claims:readWrap', args: [id] };
    expect(await refusal(world.ledger.evaluate({ ...call, caller: identity }))).toBe('NOT_AUTHORISED');
  });

  it('bills nothing that was handed to another patient', async () => {
    const { id } = await authorise(patient, await insure(patient));
    await openCardOf(pharmacist, id);
    const composed = bill(id, await handedOver(stranger));
    await expect(composed).rejects.toMatchObject({ code: 'NOT_THE_MEMBER' });
  });

  it('is opened before anything is billed by it', async () => {
    const composed = bill(`aut-${'z'.repeat(26)}`, await handedOver());
    await expect(composed).rejects.toMatchObject({ code: 'NOT_OPENED' });
  });
});

describe('a claim', () => {
  it('for a dispense shows the insurer what is needed and allowed, proven, and the member sees the same', async () => {
    const policy = await insure(patient);
    const { id: authorisation } = await authorise(patient, policy);
    await openCardOf(pharmacist, authorisation);
    const handed = await handedOver();
    const claim = await bill(authorisation, handed);
    expect(claim).toMatchObject({ state: 'submitted', billed: 2_480, provider: institutions.pharmacy.id });
    const own = await staffWrap(adjuster, claim.id);
    const { content } = await adjuster.keeper.openClaim({ claim, own, bytes: bytesOf(claim) });
    const checked = await checkEvidence(content, {
      ...{ claim, quantity: 20, trust: testTrust, insured: testInsured },
      tokenOf: async () => handed.made.token,
    });
    expect(checked.faults).toEqual([]);
    expect(Object.keys(checked.shown).sort()).toEqual([...requiredEvidence, 'dosage'].sort());
    expect(claimResource.parse(content.claim).item[0]?.quantity).toMatchObject({ value: 20 });
    const seen = await patient.keeper.openOwnClaim({
      ...{ claim, own: await memberWrap(patient, policy.id, claim.id), bytes: bytesOf(claim), allowed: ['dosage'] },
    });
    expect(seen).toMatchObject({ content, beyond: [], isMisnamed: null });
    const strict = await patient.keeper.openOwnClaim({
      ...{ claim, own: await memberWrap(patient, policy.id, claim.id), bytes: bytesOf(claim), allowed: [] },
    });
    expect(strict.beyond).toEqual(['dosage']);
  });

  it('for the same dispense is taken once, from whichever policy of the patient', async () => {
    const [first, second] = [await insure(patient), await insure(patient)];
    const authorisations = [await authorise(patient, first), await authorise(patient, second)];
    for (const { id } of authorisations) await openCardOf(pharmacist, id);
    const handed = await handedOver();
    await bill(authorisations[0]?.id ?? '', handed);
    expect(await refusal(bill(authorisations[1]?.id ?? '', handed))).toBe('ALREADY_CLAIMED');
  });

  const visit = { category: 'consultation' as const, service: { code: 'CONS-10', name: 'Consultation', net: 9_000 } };
  it('for an encounter is taken once too, and the member notices where it has another name', async () => {
    const policy = await insure(patient);
    const { id: authorisation } = await authorise(patient, policy, 'hospital', []);
    await openCardOf(doctor, authorisation);
    const servedAt = new Date(Date.now() - 60_000).toISOString();
    const compose = async () =>
      doctor.keeper.composeEncounterClaim({
        ...{ ...visit, authorisation, readers: await claimReaders('hospital'), currency: 'CHF', servedAt },
      });
    const intent = await compose();
    await world.submit(doctor, intent);
    bytes.set(intent.submission.content.cid, fromBase64Url(intent.envelope));
    const again = await compose();
    expect(again.submission.service).toBe(intent.submission.service);
    expect(await refusal(world.submit(doctor, again))).toBe('ALREADY_CLAIMED');
    const claim = await claimAt(intent.submission.id);
    const own = await memberWrap(patient, policy.id, claim.id);
    const open = (of: Claim) => patient.keeper.openOwnClaim({ claim: of, own, bytes: bytesOf(claim), allowed: [] });
    expect(await open(claim)).toMatchObject({ isMisnamed: false, beyond: [] });
    expect(await open({ ...claim, service: '0'.repeat(64) })).toMatchObject({ isMisnamed: true });
  });

  it('is asked about before it is served, and agreed to', async () => {
    const { id: authorisation } = await authorise(patient, await insure(patient), 'hospital', []);
    await openCardOf(doctor, authorisation);
    const intent = await doctor.keeper.composePreauthorisation({
      ...{ authorisation, readers: await claimReaders('hospital'), currency: 'CHF', category: 'inpatient' },
      items: [{ of: { code: 'HIP-1', name: 'Hip' }, quantity: 1, unit: 'service', net: 900_000 }],
      servedAt: new Date(Date.now() + 7 * 24 * 3_600_000).toISOString(),
    });
    await world.submit(doctor, intent);
    expect(await claimAt(intent.submission.id)).toMatchObject({ use: 'preauthorisation', state: 'submitted' });
  });

  it('that was denied is appealed against by its member, in words that the insurer reads', async () => {
    const policy = await insure(patient);
    const { id: authorisation } = await authorise(patient, policy);
    await openCardOf(pharmacist, authorisation);
    const claim = await bill(authorisation, await handedOver());
    const own = await staffWrap(adjuster, claim.id);
    await world.ledger.submit({
      ...{ channel: 'claims', contract: 'claims', function: 'claims:review', caller: adjudicator.identity },
      args: [JSON.stringify({ claims: [{ claim: claim.id, version: claim.version, reasons: ['UNUSUAL'] }] })],
    });
    const decision = await adjuster.keeper.composeClaimDecision({
      own,
      decision: {
        ...{ claim: claim.id, version: claim.version + 1, usage: 0, outcome: 'denied', reasons: ['NOT_NECESSARY'] },
        ...{ allowed: 0, insurer: 0, patient: 0, deductible: 0 },
      },
      explanation: { version: 1, explanation: { resourceType: 'ExplanationOfBenefit' } },
    });
    await world.submit(adjuster, decision);
    bytes.set(decision.decision.explanation.cid, fromBase64Url(decision.envelope));
    const wrap = await memberWrap(patient, policy.id, claim.id);
    await bring(await patient.keeper.composeAppeal({ claim, own: wrap, words: 'It was an emergency.' }));
    const appealed = await claimAt(claim.id);
    expect(appealed.state).toBe('appealed');
    const opened = await adjuster.keeper.openClaim({ claim: appealed, own, bytes: bytesOf(appealed) });
    expect(opened.messages).toEqual([{ content: 'It was an emergency.' }]);
    const seen = await patient.keeper.openOwnClaim({
      claim: appealed,
      own: wrap,
      bytes: bytesOf(appealed),
      allowed: [],
    });
    expect(seen.explanations).toMatchObject([{ content: { version: 1 } }]);
  });
});

describe('a question before serving', () => {
  const items = [{ of: { code: 'CONS-10', name: 'Consultation' }, quantity: 1, unit: 'service', net: 9_000 }];
  const asked = { category: 'consultation' as const, currency: 'CHF', items };
  const shares = { billed: 9_000, allowed: 9_000, insurer: 8_100, patient: 900, coPay: 0, deductible: 0 };
  const answer = {
    verdict: 'covered' as const,
    inForce: true,
    items: [{ shares, needsAuthorisation: false }],
    trace: [],
  };

  it('is read by the adjudicator alone, whose answer only this browser reads', async () => {
    const { id: authorisation } = await authorise(patient, await insure(patient), 'hospital', []);
    await openCardOf(doctor, authorisation);
    const ask = async () => doctor.keeper.askEligibility({ authorisation, asked, readers: await insurerReaders() });
    const [question] = await ask();
    const [other] = await ask();
    if (question === undefined || other === undefined) throw new RangeError('no question');
    expect(question.reader).toBe(adjudicator.id);
    const answering = async (of: typeof question) => {
      const { question: said, replyKey } = await openQuestion(adjudicator.contents.readingSeed, of);
      const request = eligibilityRequest.parse(said);
      expect(request).toMatchObject({ id: of.id, provider: { identifier: { value: institutions.hospital.id } } });
      return { replyKey, response: buildEligibilityResponse(request, answer, new Date().toISOString()) };
    };
    const [own, foreign] = [await answering(question), await answering(other)];
    const reply = await sealReply(question, own.replyKey, JSON.parse(JSON.stringify(own.response)));
    const crossed = await sealReply(question, own.replyKey, JSON.parse(JSON.stringify(foreign.response)));
    await expect(pharmacist.keeper.openEligibility({ reply })).rejects.toMatchObject({ code: 'NOT_OPENED' });
    await expect(doctor.keeper.openEligibility({ reply: crossed })).rejects.toMatchObject({ code: 'UNREADABLE' });
    expect(await doctor.keeper.openEligibility({ reply })).toEqual(answer);
    await expect(doctor.keeper.openEligibility({ reply })).rejects.toMatchObject({ code: 'NOT_OPENED' });
  });
});
