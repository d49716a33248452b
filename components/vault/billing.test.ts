import { beforeAll, describe, expect, it } from 'vitest';
import type { Claim } from '#chaincode/model/claim.ts';
import { requiredEvidence } from '#chaincode/model/policy.ts';
import { refusal } from '#chaincode/testing/ledger.ts';
import { institutions } from '#chaincode/testing/samples.ts';
import { fromBase64Url } from '#crypto/bytes.ts';
import { checkEvidence } from '#crypto/claim/evidence.ts';
import { openQuestion, sealReply } from '#crypto/claim/question.ts';
import { signDispense, testInsured, testPrescription, testTrust } from '#crypto/claim/testClaim.ts';
import { writeDispenseReceipt } from '#crypto/dispenseReceipt.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { claim as claimResource } from '#fhir/claim.ts';
import { buildEligibilityResponse, eligibilityRequest } from '#fhir/eligibility.ts';
import { InsuranceWorld } from './insuranceTesting.ts';

let scene: InsuranceWorld;
beforeAll(async () => {
  scene = await InsuranceWorld.begin();
}, 240_000);

const { name, birthDate, identifier } = testInsured;
const identity = { name, birthDate, identifier: identifier.value };
const prescribed = {
  requester: { name: 'Dr. A. Lind', institution: 'The hospital' },
  product: {
    ...{ code: 'MP-24021', name: 'amoxicillin', atc: 'J01CA04', form: 'capsule', strength: '500 mg', unit: 'capsule' },
  },
  authoredOn: new Date(Date.now() - 3_600_000).toISOString(),
  expires: new Date(Date.now() + 28 * 24 * 3_600_000).toISOString(),
  dose: {
    ...{ amount: 1, unit: 'capsule', route: 'oral' as const, frequency: 3, period: 1 },
    ...{ periodUnit: 'd' as const, durationDays: 7 },
  },
  ...{ quantity: 21, repeats: 0 },
};

describe('a claim', () => {
  it('for a dispense shows the insurer what is needed and allowed, proven, and the member sees the same', async () => {
    const policy = await scene.insure(scene.patient);
    const { id: authorisation } = await scene.authorise(scene.patient, policy);
    await scene.openCardOf(scene.pharmacist, authorisation);
    const handed = await scene.handedOver();
    const claim = await scene.bill(authorisation, handed);
    expect(claim).toMatchObject({ state: 'submitted', billed: 2_480, provider: institutions.pharmacy.id });
    const own = await scene.staffWrap(scene.adjuster, claim.id);
    const { content } = await scene.adjuster.keeper.openClaim({ claim, own, bytes: scene.bytesOf(claim) });
    const checked = await checkEvidence(content, {
      ...{ claim, quantity: 20, trust: testTrust, insured: testInsured },
      tokenOf: async () => handed.made.token,
    });
    expect(checked.faults).toEqual([]);
    expect(Object.keys(checked.shown).sort()).toEqual([...requiredEvidence, 'dosage'].sort());
    expect(claimResource.parse(content.claim).item[0]?.quantity).toMatchObject({ value: 20 });
    const seen = await scene.patient.keeper.openOwnClaim({
      ...{
        claim,
        own: await scene.memberWrap(scene.patient, policy.id, claim.id),
        bytes: scene.bytesOf(claim),
        allowed: ['dosage'],
      },
    });
    expect(seen).toMatchObject({ content, beyond: [], isMisnamed: null });
    const strict = await scene.patient.keeper.openOwnClaim({
      ...{
        claim,
        own: await scene.memberWrap(scene.patient, policy.id, claim.id),
        bytes: scene.bytesOf(claim),
        allowed: [],
      },
    });
    expect(strict.beyond).toEqual(['dosage']);
  });

  it('for the same dispense is taken once, from whichever policy of the patient', async () => {
    const [first, second] = [await scene.insure(scene.patient), await scene.insure(scene.patient)];
    const authorisations = [await scene.authorise(scene.patient, first), await scene.authorise(scene.patient, second)];
    for (const { id } of authorisations) await scene.openCardOf(scene.pharmacist, id);
    const handed = await scene.handedOver();
    await scene.bill(authorisations[0]?.id ?? '', handed);
    expect(await refusal(scene.bill(authorisations[1]?.id ?? '', handed))).toBe('ALREADY_CLAIMED');
  });

  const visit = { category: 'consultation' as const, service: { code: 'CONS-10', name: 'Consultation', net: 9_000 } };
  it('for an encounter is taken once too, and the member notices where it has another name', async () => {
    const policy = await scene.insure(scene.patient);
    const { id: authorisation } = await scene.authorise(scene.patient, policy, 'hospital', []);
    await scene.openCardOf(scene.doctor, authorisation);
    const servedAt = new Date(Date.now() - 60_000).toISOString();
    const compose = async () =>
      scene.doctor.keeper.composeEncounterClaim({
        ...{ ...visit, authorisation, readers: await scene.claimReaders('hospital'), currency: 'CHF', servedAt },
      });
    const intent = await compose();
    // On `claims` stands the day alone, in what is sealed as well.
    expect(intent.submission.servedAt).toBe(`${servedAt.slice(0, 10)}T00:00:00.000Z`);
    await scene.world.submit(scene.doctor, intent);
    scene.bytes.set(intent.submission.content.cid, fromBase64Url(intent.envelope));
    const again = await compose();
    expect(again.submission.service).toBe(intent.submission.service);
    expect(await refusal(scene.world.submit(scene.doctor, again))).toBe('ALREADY_CLAIMED');
    const claim = await scene.claimAt(intent.submission.id);
    const own = await scene.memberWrap(scene.patient, policy.id, claim.id);
    const open = (of: Claim) =>
      scene.patient.keeper.openOwnClaim({ claim: of, own, bytes: scene.bytesOf(claim), allowed: [] });
    expect(await open(claim)).toMatchObject({ isMisnamed: false, beyond: [] });
    expect(await open({ ...claim, service: '0'.repeat(64) })).toMatchObject({ isMisnamed: true });
  });

  it('is billed by what was kept while the prescription was open, which then shows no more than the card allows', async () => {
    const { id: authorisation } = await scene.authorise(
      scene.patient,
      await scene.insure(scene.patient),
      'hospital',
      [],
    );
    await scene.openCardOf(scene.doctor, authorisation);
    const { intent, request } = await scene.doctor.keeper.composePrescription({
      ...prescribed,
      patient: { ...identity, pseudonym: scene.patient.id, readingKey: scene.patient.readingKey },
    });
    const { id: prescriptionId } = intent.issue;
    const dispensed = {
      ...{ dispense: newIdentifier('disp'), quantity: 21, unit: 'capsule' },
      medicine: JSON.parse(JSON.stringify(request.medicationCodeableConcept)),
    };
    const keeping = { prescriptionId, patient: scene.patient.id, dispensed, institution: institutions.hospital.id };
    const reader = await scene.readerOf('hospital');
    const note = await scene.doctor.keeper.composeBillingNote({ ...keeping, reader });
    expect(await scene.doctor.keeper.openBillingNote({ note })).toEqual({
      ...{ version: 1, prescription: prescriptionId, patient: scene.patient.id, ...dispensed },
    });
    await expect(scene.pharmacist.keeper.openBillingNote({ note })).rejects.toMatchObject({ code: 'WRAP_REFUSED' });
    const foreign = scene.doctor.keeper.composeBillingNote({ ...keeping, reader: await scene.readerOf('pharmacy') });
    await expect(foreign).rejects.toMatchObject({ code: 'KEY_UNTRUSTED' });

    const servedAt = new Date(Date.now() - 60_000).toISOString();
    const { record } = testPrescription(institutions.hospital.id);
    const { id: dispense } = record.dispense;
    const signed = {
      ...record,
      id: prescriptionId,
      quantity: 21,
      dispense: { ...record.dispense, at: servedAt, id: dispensed.dispense },
    };
    const compose = async (of: typeof signed, preauthorisation?: string) =>
      scene.doctor.keeper.composeDispenseClaim({
        ...{ authorisation, readers: await scene.claimReaders('hospital'), currency: 'CHF', net: 2_480, note },
        ...(preauthorisation !== undefined && { preauthorisation }),
        receipt: writeDispenseReceipt(await signDispense(of)),
      });
    const another = { ...signed, dispense: { ...signed.dispense, id: dispense } };
    await expect(compose(another)).rejects.toMatchObject({ code: 'UNREADABLE' });
    const bill = await compose(signed);
    expect(bill.submission.servedAt).toBe(`${servedAt.slice(0, 10)}T00:00:00.000Z`);
    await scene.world.submit(scene.doctor, bill);
    const claim = await scene.claimAt(bill.submission.id);
    const own = await scene.staffWrap(scene.adjuster, claim.id);
    const contents = { content: fromBase64Url(bill.envelope), explanations: [], messages: [] };
    const { content } = await scene.adjuster.keeper.openClaim({ claim, own, bytes: contents });
    const { shown, faults } = await checkEvidence(content, {
      ...{ claim, quantity: 20, trust: testTrust, insured: testInsured },
      tokenOf: async () => ({ commitment: intent.issue.commitment }),
    });
    expect(faults).toEqual([]);
    expect(Object.keys(shown).sort()).toEqual([...requiredEvidence].sort());

    const asked = await scene.doctor.keeper.composePreauthorisation({
      ...{ authorisation, readers: await scene.claimReaders('hospital'), currency: 'CHF', category: 'medicine' },
      ...{ servedAt: new Date(Date.now() + 60_000).toISOString(), prescriptionId },
      items: [{ of: { concept: request.medicationCodeableConcept }, quantity: 21, unit: 'capsule', net: 2_480 }],
    });
    await scene.world.submit(scene.doctor, asked);
    expect(await scene.claimAt(asked.submission.id)).toMatchObject({ use: 'preauthorisation', category: 'medicine' });
    const { content: shownBefore } = await scene.adjuster.keeper.openClaim({
      ...{
        claim: await scene.claimAt(asked.submission.id),
        own: await scene.staffWrap(scene.adjuster, asked.submission.id),
      },
      bytes: { content: fromBase64Url(asked.envelope), explanations: [], messages: [] },
    });
    const [item] = claimResource.parse(shownBefore.claim).item;
    expect(item?.productOrService).toEqual(request.medicationCodeableConcept);
    const before = await checkEvidence(shownBefore, {
      ...{ claim: await scene.claimAt(asked.submission.id), quantity: 21, trust: testTrust, insured: testInsured },
      tokenOf: async () => ({ commitment: intent.issue.commitment }),
    });
    expect(before).toMatchObject({ faults: [], dispense: undefined });
    const named = await compose(signed, asked.submission.id);
    expect(named.submission.preauthorisation).toBe(asked.submission.id);
  });

  it('is asked about before it is served, and agreed to', async () => {
    const { id: authorisation } = await scene.authorise(
      scene.patient,
      await scene.insure(scene.patient),
      'hospital',
      [],
    );
    await scene.openCardOf(scene.doctor, authorisation);
    const intent = await scene.doctor.keeper.composePreauthorisation({
      ...{ authorisation, readers: await scene.claimReaders('hospital'), currency: 'CHF', category: 'inpatient' },
      items: [{ of: { code: 'HIP-1', name: 'Hip' }, quantity: 1, unit: 'service', net: 900_000 }],
      servedAt: new Date(Date.now() + 7 * 24 * 3_600_000).toISOString(),
    });
    await scene.world.submit(scene.doctor, intent);
    expect(await scene.claimAt(intent.submission.id)).toMatchObject({ use: 'preauthorisation', state: 'submitted' });
  });

  it('that was denied is appealed against by its member, in words that the insurer reads', async () => {
    const policy = await scene.insure(scene.patient);
    const { id: authorisation } = await scene.authorise(scene.patient, policy);
    await scene.openCardOf(scene.pharmacist, authorisation);
    const claim = await scene.bill(authorisation, await scene.handedOver());
    const own = await scene.staffWrap(scene.adjuster, claim.id);
    await scene.world.ledger.submit({
      ...{ channel: 'claims', contract: 'claims', function: 'claims:review', caller: scene.adjudicator.identity },
      args: [JSON.stringify({ claims: [{ claim: claim.id, version: claim.version, reasons: ['UNUSUAL'] }] })],
    });
    const decision = await scene.adjuster.keeper.composeClaimDecision({
      own,
      decision: {
        ...{ claim: claim.id, version: claim.version + 1, usage: 0, outcome: 'denied', reasons: ['NOT_NECESSARY'] },
        ...{ allowed: 0, insurer: 0, patient: 0, deductible: 0 },
      },
      explanation: { version: 1, explanation: { resourceType: 'ExplanationOfBenefit' } },
    });
    await scene.world.submit(scene.adjuster, decision);
    scene.bytes.set(decision.decision.explanation.cid, fromBase64Url(decision.envelope));
    const wrap = await scene.memberWrap(scene.patient, policy.id, claim.id);
    await scene.bring(await scene.patient.keeper.composeAppeal({ claim, own: wrap, words: 'It was an emergency.' }));
    const appealed = await scene.claimAt(claim.id);
    expect(appealed.state).toBe('appealed');
    const opened = await scene.adjuster.keeper.openClaim({ claim: appealed, own, bytes: scene.bytesOf(appealed) });
    expect(opened.messages).toEqual([{ content: 'It was an emergency.' }]);
    const seen = await scene.patient.keeper.openOwnClaim({
      claim: appealed,
      own: wrap,
      bytes: scene.bytesOf(appealed),
      allowed: [],
    });
    expect(seen.explanations).toMatchObject([{ content: { version: 1 } }]);
  });
});

describe('an opened card', () => {
  it('is kept while the vault is open, by its ciphertext and for this person alone', async () => {
    const { id } = await scene.authorise(scene.patient, await scene.insure(scene.patient), 'hospital', []);
    const { cid } = (await scene.authorisationAt(id)).card;
    const kept = (of: string, who = scene.doctor) => who.keeper.openedCards({ cards: [{ id, cid: of }] });
    expect(await kept(cid)).toEqual([null]);
    const opened = await scene.openCardOf(scene.doctor, id);
    if (opened === undefined || !('content' in opened)) throw new Error('the card is closed');
    expect(await kept(cid)).toEqual([opened.content]);
    expect(opened.content).not.toHaveProperty('serviceKey');
    expect((await kept(cid))[0]).not.toHaveProperty('serviceKey');
    expect(await kept(`b${'z'.repeat(58)}`)).toEqual([null]);
    expect(await kept(cid, scene.pharmacist)).toEqual([null]);
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
    const { id: authorisation } = await scene.authorise(
      scene.patient,
      await scene.insure(scene.patient),
      'hospital',
      [],
    );
    await scene.openCardOf(scene.doctor, authorisation);
    const ask = async () =>
      scene.doctor.keeper.askEligibility({ authorisation, asked, readers: await scene.insurerReaders() });
    const [question] = await ask();
    const [other] = await ask();
    if (question === undefined || other === undefined) throw new RangeError('no question');
    expect(question.reader).toBe(scene.adjudicator.id);
    const answering = async (of: typeof question) => {
      const { question: said, replyKey } = await openQuestion(scene.adjudicator.contents.readingSeed, of);
      const request = eligibilityRequest.parse(said);
      expect(request).toMatchObject({ id: of.id, provider: { identifier: { value: institutions.hospital.id } } });
      return { replyKey, response: buildEligibilityResponse(request, answer, new Date().toISOString()) };
    };
    const [own, foreign] = [await answering(question), await answering(other)];
    const reply = await sealReply(question, own.replyKey, JSON.parse(JSON.stringify(own.response)));
    const crossed = await sealReply(question, own.replyKey, JSON.parse(JSON.stringify(foreign.response)));
    await expect(scene.pharmacist.keeper.openEligibility({ reply })).rejects.toMatchObject({ code: 'NOT_OPENED' });
    await expect(scene.doctor.keeper.openEligibility({ reply: crossed })).rejects.toMatchObject({ code: 'UNREADABLE' });
    expect(await scene.doctor.keeper.openEligibility({ reply })).toEqual(answer);
    await expect(scene.doctor.keeper.openEligibility({ reply })).rejects.toMatchObject({ code: 'NOT_OPENED' });
  });
});
