import { connect, hash } from '@hyperledger/fabric-gateway';
import common from '@hyperledger/fabric-protos/lib/common/common_pb.js';
import gatewayMessages from '@hyperledger/fabric-protos/lib/gateway/gateway_pb.js';
import proposals from '@hyperledger/fabric-protos/lib/peer/proposal_pb.js';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatAccessCode } from '#crypto/accessCode.ts';
import { fromBase64Url, toBase64Url, utf8 } from '#crypto/bytes.ts';
import { decodeDisclosure, openDisclosure } from '#crypto/commitment/disclosure.ts';
import { assembleTransaction } from '#crypto/fabric/fixture.ts';
import { buildStatusRequest } from '#crypto/fabric/status.ts';
import { newIdentifier, newPseudonym } from '#crypto/identifier.ts';
import { packsHashOf } from '#crypto/packs.ts';
import { openPatientWrap } from '#crypto/prescription.ts';
import { safetyMatches } from '#crypto/safety.ts';
import { tokenIdOf } from '#crypto/token.ts';
import { safetyOfDispense } from '#fhir/medicationDispense.ts';
import type { SafetyRecord } from '#fhir/safety.ts';
import { exampleGtin } from '#formulary/gtin.ts';
import { dispensingPlan } from '#server/dispensing/schema.ts';
import { ledgerCall, type ReadIntent, type TransactionIntent, transactionIntent } from '#server/transactions/schema.ts';
import type { VaultClient } from './client.ts';
import { VaultError } from './errors.ts';
import type { VaultKeeper } from './keeper.ts';
import type { IssueIntent, NewPrescription } from './prescriptionOperations.ts';
import { newPerson, openKeeper, type TestPerson } from './testing.ts';
import { createTransact, type LedgerPort } from './transact.ts';

const origin = 'https://portal.example';
const refusal = (code: string) => expect.objectContaining({ code });
let doctor: TestPerson;
let patient: TestPerson;
let pharmacist: TestPerson;
let keepers: { doctor: VaultKeeper; patient: VaultKeeper; pharmacist: VaultKeeper };
let intent: IssueIntent;

const draft = (): NewPrescription => ({
  patient: {
    pseudonym: patient.owner.subjectId,
    readingKey: patient.readingKey,
    name: 'Zoë Ångström',
    birthDate: '1980-02-29',
  },
  requester: { name: 'Dr. A. Lind', institution: 'City hospital' },
  product: {
    code: 'MP-24021',
    name: 'amoxicillin',
    atc: 'J01CA04',
    form: 'capsule',
    strength: '500 mg',
    unit: 'capsule',
  },
  authoredOn: '2026-01-01T10:00:00.000Z',
  expires: '2026-01-29T10:00:00.000Z',
  dose: { amount: 1, unit: 'capsule', route: 'oral', frequency: 3, period: 1, periodUnit: 'd', durationDays: 7 },
  quantity: 21,
  repeats: 1,
});

const recorded = () => ({
  id: intent.issue.id,
  author: doctor.owner.subjectId,
  cid: intent.issue.cid,
  contentHash: intent.issue.contentHash,
  commitment: intent.issue.commitment,
});
/** The pharmacist's own check. */
const counterCheck: SafetyRecord = {
  ...{ tableVersion: 'medloom-2', outcome: 'overridden', at: '2026-01-02T09:59:00.000Z', salt: 's'.repeat(22) },
  findings: [
    {
      ...{ rule: 'allergy-penicillins', kind: 'allergy', severity: 'contraindicated', title: 'Allergy to penicillins' },
      ...{ explanation: 'It is a penicillin.', evidence: 'Penicillin', override: 'Asked the doctor.' },
      source: { name: 'Product information', section: 'section 4.3' },
    },
  ],
  unknown: [{ what: 'kidney', why: 'notShared' }],
  stated: [],
};
const bytes = () => fromBase64Url(intent.envelope);

beforeAll(async () => {
  [doctor, patient, pharmacist] = await Promise.all([
    newPerson(newIdentifier('prac')),
    newPerson(newPseudonym(1), 'PatientMSP'),
    newPerson(newIdentifier('prac'), 'PharmacyMSP'),
  ]);
});

beforeEach(async () => {
  keepers = {
    doctor: await openKeeper(doctor),
    patient: await openKeeper(patient),
    pharmacist: await openKeeper(pharmacist),
  };
  ({ intent } = await keepers.doctor.composePrescription(draft()));
});

describe('a prescription', () => {
  it('is transferred to another pharmacy, which opens it without the code and can transfer it again', async () => {
    const to = 'inst-hill-pharmacy';
    const attributes = { role: 'admin', institution: to };
    const { authority } = pharmacist;
    const admin = await newPerson(newIdentifier('prac'), 'PharmacyMSP', { authority, attributes });
    const hill = await openKeeper(admin);
    const { certificatePem, subjectId: id } = admin.owner;
    const staff = [{ kind: 'person' as const, id, readingKey: admin.readingKey, certificatePem }];
    const { reading } = await hill.makeInstitutionKey({ institution: to, staff });
    const claim = { kind: 'institution' as const, id: to, reading, certificatePem };
    const of = { id: intent.issue.id, institution: to, to: claim };

    await expect(keepers.pharmacist.composeTransfer(of)).rejects.toEqual(refusal('NOT_OPENED'));
    const { redeemHash } = intent.issue;
    const { code } = await openPatientWrap(
      patient.contents.readingSeed,
      intent.issue.id,
      patient.owner.subjectId,
      intent.secrets.patientWrap,
    );
    await keepers.pharmacist.redeem({ text: formatAccessCode(code), origin });
    const release = intent.secrets;
    const held = await keepers.pharmacist.openRelease({ recorded: recorded(), redeemHash, release, bytes: bytes() });
    const offer = await keepers.pharmacist.composeTransfer(of);
    expect(transactionIntent.parse(offer)).toMatchObject({ kind: 'offerTransfer', to });

    const given = { recorded: recorded(), institution: to, wrap: offer.wrap, bytes: bytes() };
    expect(await hill.openTransferred(given)).toEqual(held);
    expect(await hill.composeTransfer(of)).toMatchObject({ to });
    await expect(hill.openTransferred({ ...given, institution: 'inst-other' })).rejects.toEqual(
      refusal('INSTITUTION_LOCKED'),
    );
    // A key that no admin of the institution has signed is wrapped for by nobody.
    const forged = { ...of, institution: 'inst-other', to: { ...claim, id: 'inst-other' } };
    await expect(keepers.pharmacist.composeTransfer(forged)).rejects.toEqual(refusal('KEY_UNTRUSTED'));
    // Nor is a good key of anybody but the pharmacy that was chosen.
    const person = { kind: 'person' as const, id, readingKey: admin.readingKey, certificatePem };
    for (const other of [
      { ...of, institution: 'inst-other' },
      { ...of, to: person },
      { ...of, institution: id, to: person },
    ])
      await expect(keepers.pharmacist.composeTransfer(other)).rejects.toEqual(refusal('KEY_UNTRUSTED'));
  });

  it('goes from doctor to patient to pharmacist, each with the own key', async () => {
    expect(transactionIntent.safeParse(intent).success).toBe(true);
    expect(intent.issue).toMatchObject({ patient: patient.owner.subjectId, quantity: 21, fills: 2 });

    const asPatient = await keepers.patient.openPrescription({
      recorded: recorded(),
      as: 'patient',
      wrap: intent.secrets.patientWrap,
      bytes: bytes(),
      origin,
    });
    expect(asPatient.request.contained[0]?.name[0]?.text).toBe('Zoë Ångström');
    expect(asPatient.commitmentMatches).toBe(true);
    const { code } = asPatient;
    expect(code?.qrText).toMatch(new RegExp(`^${origin}/rx#${intent.issue.id}\\.`));

    for (const text of [code?.qrText ?? '', code?.typed ?? '']) {
      const { redeemHash } = await keepers.pharmacist.redeem({ text, origin });
      expect(redeemHash).toBe(intent.issue.redeemHash);
    }
    const accept = await keepers.pharmacist.composeAccept({
      id: intent.issue.id,
      redeemHash: intent.issue.redeemHash,
    });
    expect(transactionIntent.safeParse(accept).success).toBe(true);
    const asPharmacist = await keepers.pharmacist.openRelease({
      recorded: recorded(),
      redeemHash: intent.issue.redeemHash,
      release: intent.secrets,
      bytes: bytes(),
    });
    expect(asPharmacist).toEqual({ request: asPatient.request, commitmentMatches: true });

    const proof = await keepers.patient.discloseFields({ prescriptionId: intent.issue.id, fields: ['quantity'] });
    const disclosed = openDisclosure(decodeDisclosure(proof));
    expect(disclosed).toMatchObject({ commitment: intent.issue.commitment, tokenId: tokenIdOf(intent.issue.id) });
    expect(disclosed.shown).toEqual([{ field: 'quantity', value: asPatient.request.dispenseRequest.quantity }]);

    const dispensed = await keepers.pharmacist.composeDispense({
      prescriptionId: intent.issue.id,
      quantity: 14,
      fillComplete: false,
      performer: { name: 'P. Moreau' },
      handedOver: '2026-01-02T10:00:00.000Z',
      safety: counterCheck,
    });
    expect(transactionIntent.safeParse(dispensed.intent).success).toBe(true);
    const { id, cid, contentHash, safety } = dispensed.intent.dispense;
    expect(safetyMatches(id, safetyOfDispense(dispensed.dispense), safety)).toBe(true);
    expect(safety).toEqual({ tableVersion: 'medloom-2', outcome: 'overridden', hash: expect.any(String) });
    expect(JSON.stringify(ledgerCall(dispensed.intent))).not.toMatch(/penicillin|kidney|Asked/i);
    const seen = await keepers.patient.openDispense({
      prescriptionId: intent.issue.id,
      dispense: { id, cid, contentHash, practitionerId: pharmacist.owner.subjectId },
      bytes: fromBase64Url(dispensed.intent.envelope),
    });
    expect(seen).toEqual(dispensed.dispense);
    expect(safetyOfDispense(seen)).toEqual(counterCheck);
  });

  it('is dispensed in packs, which nobody but patient and pharmacist can name', async () => {
    const { id: prescriptionId, redeemHash } = intent.issue;
    const wrap = intent.secrets.patientWrap;
    const { code } = await keepers.patient.openPrescription({
      ...{ recorded: recorded(), as: 'patient', wrap, bytes: bytes(), origin },
    });
    await keepers.pharmacist.redeem({ text: code?.typed ?? '', origin });
    const release = intent.secrets;
    await keepers.pharmacist.openRelease({ recorded: recorded(), redeemHash, release, bytes: bytes() });
    const gtin = exampleGtin('MP-24021', 0);
    const pack = { gtin, serial: 'S1', batch: 'LOT7', expiry: '2027-06-30' };
    const link = `https://id.gs1.org/01/${pack.gtin}/21/${pack.serial}`;
    const event = {
      type: 'ObjectEvent' as const,
      eventTime: '2026-01-02T10:00:00.000Z',
      eventTimeZoneOffset: '+00:00',
      epcList: [link],
    };
    const uuid = crypto.randomUUID();
    const { plan, packet } = await keepers.pharmacist.composeDispensing({
      dispense: {
        prescriptionId,
        quantity: 14,
        fillComplete: false,
        performer: { name: 'P. Moreau' },
        handedOver: event.eventTime,
        withoutSerial: 'The rest of a pack that was opened',
      },
      scanned: [{ ...pack, link }],
      plan: {
        medicine: 'Amoxicillin',
        chains: [
          {
            channel: 'supply-0',
            packs: [{ gtin: pack.gtin, serial: pack.serial }],
            decommission: { ...event, action: 'DELETE', bizStep: 'decommissioning' },
            handOver: { ...event, action: 'OBSERVE', bizStep: 'dispensing' },
            captures: { decommission: uuid, handOver: uuid, undo: uuid },
          },
        ],
      },
    });
    const { reserve, dispense } = plan;
    expect(reserve).toMatchObject({ id: prescriptionId, reservation: { dispenseId: dispense.dispense.id, packs: 1 } });
    for (const signed of [reserve, dispense]) {
      expect(transactionIntent.safeParse(signed).success).toBe(true);
      expect(JSON.stringify(ledgerCall(signed))).not.toMatch(new RegExp(`${gtin}|LOT7`));
    }
    const seen = await keepers.patient.openDispense({
      prescriptionId,
      dispense: { ...dispense.dispense, practitionerId: pharmacist.owner.subjectId },
      bytes: fromBase64Url(dispense.envelope),
    });
    expect(seen.contained?.[0]?.identifier[0]?.value).toBe(link);
    const salt = seen.extension?.find(({ url }) => url === 'urn:medloom:packs-salt');
    expect(salt && 'valueString' in salt && packsHashOf(dispense.dispense.id, salt.valueString, [link])).toBe(
      reserve.reservation.packsHash,
    );

    const another = await openKeeper(pharmacist);
    const kept = { dispenseId: dispense.dispense.id, packet };
    expect(dispensingPlan.parse(JSON.parse(await another.openDispensing(kept)))).toEqual(plan);
    await expect(keepers.doctor.openDispensing(kept)).rejects.toThrow(refusal('WRAP_REFUSED'));
  });

  it('is forgotten where it was composed and never signed, and so is its code', async () => {
    const { intent: other } = await keepers.doctor.composePrescription(draft());
    const shown = (of: IssueIntent) =>
      keepers.doctor.discloseFields({ prescriptionId: of.issue.id, fields: ['quantity'] });
    await keepers.doctor.forgetPrescriptions({ ids: [intent.issue.id, 'rx-unknown'] });
    await expect(shown(intent)).rejects.toEqual(refusal('NOT_OPENED'));
    await expect(shown(other)).resolves.toBeInstanceOf(Uint8Array);

    const { id, redeemHash } = intent.issue;
    const wrap = intent.secrets.patientWrap;
    const { code } = await keepers.patient.openPrescription({
      ...{ recorded: recorded(), as: 'patient', wrap, bytes: bytes(), origin },
    });
    await keepers.pharmacist.redeem({ text: code?.typed ?? '', origin });
    const release = intent.secrets;
    await keepers.pharmacist.openRelease({ recorded: recorded(), redeemHash, release, bytes: bytes() });
    await keepers.pharmacist.forgetCode({ redeemHash });
    await expect(keepers.pharmacist.composeAccept({ id, redeemHash })).rejects.toEqual(refusal('CODE_MISSING'));
    // What was opened stays open.
    const dispensed = { prescriptionId: id, quantity: 1, fillComplete: false, performer: { name: 'P. Moreau' } };
    await keepers.pharmacist.composeDispense({ ...dispensed, handedOver: '2026-01-02T10:00:00.000Z' });
  });

  it('is only ever of a product of the formulary, in the formulary’s own words', async () => {
    const of = (change: object) => ({ ...draft(), product: { ...draft().product, ...change } });
    for (const code of ['MP-99999', 'MP-2402', '', 'toString']) {
      await expect(keepers.doctor.composePrescription(of({ code }))).rejects.toThrow(refusal('NOT_IN_FORMULARY'));
    }
    const { request } = await keepers.doctor.composePrescription(of({ name: 'oxycodone', strength: '80 mg' }));
    expect(request.medicationCodeableConcept.text).toBe('amoxicillin 500 mg capsule');
  });

  it('is opened by its author again, in another browser, and carried on there', async () => {
    const another = await openKeeper(doctor);
    const opened = await another.openPrescription({
      recorded: recorded(),
      as: 'author',
      wrap: intent.secrets.authorWrap,
      bytes: bytes(),
      origin,
    });
    expect(opened.code).toBeUndefined();
    expect(opened.commitmentMatches).toBe(true);
    const { secrets: _, ...publicIntent } = intent;
    expect(await another.resumeFromPacket({ intent: publicIntent })).toEqual(intent);
    await expect(keepers.patient.resumeFromPacket({ intent: publicIntent })).rejects.toThrow(refusal('WRAP_REFUSED'));
  });

  it('is carried on elsewhere only as its author wrote it', async () => {
    const another = await openKeeper(doctor);
    const { secrets: _, ...kept } = intent;
    const later = '2026-06-01T10:00:00.000Z';
    const changes = [
      { patient: newPseudonym(1) },
      { redeemHash: '0'.repeat(64) },
      { quantity: 99 },
      { fills: 9 },
      { expires: later },
      { commitment: `0x${'0'.repeat(64)}` },
    ];
    for (const change of changes) {
      const altered = { ...kept, issue: { ...kept.issue, ...change } };
      await expect(another.resumeFromPacket({ intent: altered })).rejects.toThrow(refusal('ALTERED'));
    }
    const holder = { ...kept, tokenHolder: `0x${'0'.repeat(40)}` };
    await expect(another.resumeFromPacket({ intent: holder })).rejects.toThrow(refusal('ALTERED'));
    const other = (await keepers.doctor.composePrescription(draft())).intent;
    const swapped = { ...kept, envelope: other.envelope };
    await expect(another.resumeFromPacket({ intent: swapped })).rejects.toThrow(refusal('ALTERED'));
  });

  it('is opened by nobody else, and not when bytes, author or commitment differ', async () => {
    const asPatient = (change: object) => ({
      recorded: recorded(),
      as: 'patient' as const,
      wrap: intent.secrets.patientWrap,
      bytes: bytes(),
      origin,
      ...change,
    });
    await expect(keepers.pharmacist.openPrescription(asPatient({}))).rejects.toThrow(refusal('WRAP_REFUSED'));
    const changed = bytes();
    changed[100] = (changed[100] ?? 0) ^ 1;
    await expect(keepers.patient.openPrescription(asPatient({ bytes: changed }))).rejects.toThrow(refusal('ALTERED'));
    const other = { ...recorded(), author: newIdentifier('prac') };
    await expect(keepers.patient.openPrescription(asPatient({ recorded: other }))).rejects.toThrow(refusal('ALTERED'));
    const otherCommitment = { ...recorded(), commitment: `0x${'0'.repeat(64)}` };
    const opened = await keepers.patient.openPrescription(asPatient({ recorded: otherCommitment }));
    expect(opened.commitmentMatches).toBe(false);
  });

  it('is not accepted, dispensed or renewed by someone who has not read or opened it', async () => {
    const { id, redeemHash } = intent.issue;
    await expect(keepers.pharmacist.composeAccept({ id, redeemHash })).rejects.toThrow(refusal('CODE_MISSING'));
    const content = {
      quantity: 1,
      fillComplete: false,
      performer: { name: 'P' },
      handedOver: '2026-01-02T10:00:00.000Z',
    };
    await expect(keepers.pharmacist.composeDispense({ prescriptionId: id, ...content })).rejects.toThrow(
      refusal('NOT_OPENED'),
    );
    await expect(keepers.patient.renewCode({ id, origin })).rejects.toThrow(refusal('NOT_OPENED'));
  });

  it('gets a new code from its patient, with which alone it is opened', async () => {
    const input = { recorded: recorded(), as: 'patient' as const, bytes: bytes(), origin };
    const before = await keepers.patient.openPrescription({ ...input, wrap: intent.secrets.patientWrap });
    const renewed = await keepers.patient.renewCode({ id: intent.issue.id, origin });
    expect(transactionIntent.safeParse(renewed.intent).success).toBe(true);
    const after = await keepers.patient.openPrescription({ ...input, wrap: renewed.intent.secrets.patientWrap });
    expect(after.code).toEqual(renewed.code);
    expect(after.code).not.toEqual(before.code);
    const { redeemHash } = await keepers.pharmacist.redeem({ text: renewed.code.typed, origin });
    expect(redeemHash).toBe(renewed.intent.redeemHash);
    const release = { recorded: recorded(), redeemHash, bytes: bytes() };
    await expect(keepers.pharmacist.openRelease({ ...release, release: intent.secrets })).rejects.toThrow(
      refusal('WRAP_REFUSED'),
    );
    const opened = await keepers.pharmacist.openRelease({ ...release, release: renewed.intent.secrets });
    expect(opened.commitmentMatches).toBe(true);
  });

  it('gives the page neither data key nor, to the doctor, the code', async () => {
    const shown = await keepers.doctor.composePrescription(draft());
    const { id } = shown.intent.issue;
    const { readingSeed } = patient.contents;
    const { patientWrap } = shown.intent.secrets;
    const { dataKey, code } = await openPatientWrap(readingSeed, id, patient.owner.subjectId, patientWrap);
    const text = JSON.stringify(shown);
    expect(text).toContain(shown.intent.issue.redeemHash);
    for (const secret of [toBase64Url(dataKey), toBase64Url(code), formatAccessCode(code)]) {
      expect(text).not.toContain(secret);
    }
  });
});

/** A server of honest and of dishonest kinds around the unmodified client. */
function server(
  person: TestPerson,
  cheat: { call?: (intent: TransactionIntent) => TransactionIntent; other?: boolean } = {},
) {
  const { mspId, certificatePem } = person.owner;
  const client = connect({
    client: {} as never,
    identity: { mspId, credentials: utf8(certificatePem) },
    hash: hash.none,
  });
  const build = (asked: TransactionIntent | ReadIntent) => {
    const call = ledgerCall(asked);
    const proposal = client
      .getNetwork(call.channel)
      .getContract(call.contract)
      .newProposal(call.function, { arguments: call.args, transientData: call.transient });
    const header = common.Header.deserializeBinary(
      proposals.Proposal.deserializeBinary(proposal.getDigest()).getHeader_asU8(),
    );
    const { channel } = call;
    const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
    const creator = new Uint8Array(signatureHeader.getCreator_asU8());
    return { proposal, status: buildStatusRequest({ channel, creator, transactionId: proposal.getTransactionId() }) };
  };
  const log: string[] = [];
  const sagaId = '00000000-0000-4000-8000-000000000000';
  let conflicts = 0;
  const actions = {
    async prepareTransaction(asked: TransactionIntent) {
      log.push('prepare');
      const { proposal, status } = build(cheat.call?.(asked) ?? asked);
      const transactionId = proposal.getTransactionId();
      return { sagaId, transactionId, proposal: toBase64Url(proposal.getBytes()), status: toBase64Url(status) };
    },
    async endorseTransaction({ proposal }: { proposal: string }) {
      log.push('endorse');
      if (conflicts > 0) {
        conflicts -= 1;
        throw new VaultError('LEDGER_CONFLICT', 'changed');
      }
      const proposed = gatewayMessages.ProposedTransaction.deserializeBinary(fromBase64Url(proposal));
      const signed = proposed.getProposal()?.getProposalBytes_asU8() ?? new Uint8Array();
      const body = cheat.other ? build({ kind: 'return', id: intent.issue.id }).proposal.getDigest() : signed;
      const { prepared } = assembleTransaction(body, proposed.getTransactionId());
      return { sagaId, transaction: toBase64Url(prepared) };
    },
    async submitTransaction() {
      log.push('submit');
      return { sagaId, transactionId: '', channel: 'care-1', blockNumber: '7', saga: {} };
    },
    async prepareRead(asked: ReadIntent) {
      return { proposal: toBase64Url(build(asked).proposal.getBytes()) };
    },
    async evaluateRead() {
      return { result: toBase64Url(utf8('[]')) };
    },
  };
  return {
    log,
    conflict: (times: number) => {
      conflicts = times;
    },
    // The actions' own types are those of the server; these stand in for them.
    actions: actions as unknown as LedgerPort,
  };
}

const clientOf = (keeper: VaultKeeper) =>
  ({
    call: (operation: keyof VaultKeeper, input: never) =>
      (keeper[operation] as (value: never) => Promise<unknown>)(input),
    onLocked: () => () => {},
  }) as unknown as VaultClient;

describe('transact', () => {
  it('takes what was prepared while it was read, and has it prepared anew where that is old', async () => {
    const { actions, log } = server(doctor);
    const { prepare, transact } = createTransact(() => clientOf(keepers.doctor), actions);
    const ahead = prepare(intent);
    await transact(intent, undefined, ahead);
    expect(log.filter((step) => step === 'prepare')).toHaveLength(1);
    await transact(intent, undefined, { ...ahead, at: ahead.at - 60_001 });
    expect(log.filter((step) => step === 'prepare')).toHaveLength(2);
  });

  it('prepares, signs, endorses, signs and submits, and says where it is', async () => {
    const { actions, log } = server(doctor);
    const progress: string[] = [];
    const { transact } = createTransact(() => clientOf(keepers.doctor), actions);
    const receipt = await transact(intent, (stage) => progress.push(stage));
    expect(receipt.blockNumber).toBe('7');
    expect(log).toEqual(['prepare', 'endorse', 'submit']);
    expect(progress).toEqual(['preparing', 'signing', 'endorsing', 'recording']);
  });

  it('signs anew where another change came first, and gives up after the third', async () => {
    const { actions, log, conflict } = server(doctor);
    const { transact } = createTransact(() => clientOf(keepers.doctor), actions);
    conflict(2);
    await transact(intent);
    expect(log.filter((entry) => entry === 'endorse')).toHaveLength(3);
    conflict(3);
    await expect(transact(intent)).rejects.toThrow(refusal('LEDGER_CONFLICT'));
  });

  it('signs nothing when the server prepared something else', async () => {
    const id = 'rx-1-aaaaaaaaaaaaaaaaaaaaaaaaaa';
    const cheats: ((asked: TransactionIntent) => TransactionIntent)[] = [
      () => ({ kind: 'cancel', id, reason: 'because' }),
      () => ({ ...intent, issue: { ...intent.issue, quantity: 99 } }),
      () => ({ ...intent, issue: { ...intent.issue, redeemHash: '0'.repeat(64) } }),
      () => ({ ...intent, secrets: { ...intent.secrets, codeWrap: 'AAAA' } }),
    ];
    for (const call of cheats) {
      const { actions, log } = server(doctor, { call });
      const { transact } = createTransact(() => clientOf(keepers.doctor), actions);
      await expect(transact(intent)).rejects.toThrow(refusal('PROPOSAL_MISMATCH'));
      expect(log).toEqual(['prepare']);
    }
  });

  it('signs nothing for another person’s certificate', async () => {
    const { actions } = server(pharmacist);
    const { transact, readAsPerson } = createTransact(() => clientOf(keepers.doctor), actions);
    await expect(transact(intent)).rejects.toThrow(refusal('PROPOSAL_MISMATCH'));
    await expect(readAsPerson({ kind: 'readRelease', id: intent.issue.id })).rejects.toThrow(
      refusal('PROPOSAL_MISMATCH'),
    );
  });

  it('submits nothing when the answer is about something else', async () => {
    const { actions, log } = server(doctor, { other: true });
    const { transact } = createTransact(() => clientOf(keepers.doctor), actions);
    await expect(transact(intent)).rejects.toThrow(refusal('TRANSACTION_MISMATCH'));
    expect(log).toEqual(['prepare', 'endorse']);
  });

  it('signs a transaction only for a proposal that it signed before', async () => {
    const input = { sagaId: 'none', transaction: 'AAAA' };
    await expect(keepers.doctor.signTransaction(input)).rejects.toThrow(refusal('TRANSACTION_MISMATCH'));
  });

  it('reads as the person', async () => {
    const { readAsPerson } = createTransact(() => clientOf(keepers.patient), server(patient).actions);
    expect(await readAsPerson({ kind: 'readWraps', ids: [intent.issue.id] })).toEqual(utf8('[]'));
  });

  it('signs nothing while the vault is locked', async () => {
    await keepers.doctor.lock();
    const { actions } = server(doctor);
    const { transact } = createTransact(() => clientOf(keepers.doctor), actions);
    await expect(transact(intent)).rejects.toThrow(refusal('VAULT_LOCKED'));
  });
});
