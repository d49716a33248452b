import { beforeAll, describe, expect, it } from 'vitest';
import { type AdverseReport, reportRecord, reportWrap } from '#chaincode/model/adverseReport.ts';
import { institutionRecord } from '#chaincode/model/records.ts';
import { ownStaffWrap } from '#chaincode/model/staffWrap.ts';
import { refusal } from '#chaincode/testing/ledger.ts';
import { fromBase64Url } from '#crypto/bytes.ts';
import type { ClaimedReader } from '#crypto/reader.ts';
import { ContractWorld, claimOf, type Member } from './contractTesting.ts';

let world: ContractWorld;
let authority: string;
let admin: Member;
let regulator: Member;
let patient: Member;
let doctor: Member;

/** A member of staff as the admin names one to whom the key is given. */
const staffOf = (member: Member) => {
  const claim = claimOf(member);
  if (claim.kind !== 'person') throw new RangeError('no person');
  return claim;
};

beforeAll(async () => {
  world = await ContractWorld.begin();
  authority = await world.admitAuthority();
  admin = await world.staff('admin', 'authority');
  regulator = await world.staff('regulator', 'authority');
  patient = await world.patient();
  doctor = await world.staff('doctor');
  const made = await admin.keeper.makeInstitutionKey({
    ...{ institution: authority, staff: [admin, regulator].map(staffOf) },
  });
  await world.submit(admin, { kind: 'putInstitutionReading', institution: authority, ...made });
  const own = await world.read(regulator, { kind: 'readStaffWrap', institution: authority }, ownStaffWrap);
  await regulator.keeper.openInstitutionKey({ institution: authority, own, certificates: world.certificates });
}, 120_000);

const claim = async (): Promise<Extract<ClaimedReader, { kind: 'institution' }>> => {
  const { reading } = await world.ask(institutionRecord, 'registry', 'readInstitution', authority);
  if (reading === undefined) throw new RangeError('no reading key');
  return { kind: 'institution', id: authority, reading, certificatePem: admin.owner.certificatePem };
};
const event = (change: object = {}) => ({
  ...{ medicine: { name: 'amoxicillin', batch: 'B1' }, criteria: ['hospitalisation' as const] },
  ...{ outcome: 'ongoing' as const, narrative: 'A rash.', patient: patient.id },
  ...change,
});
const bytes = new Map<string, Uint8Array>();
const sealed = ({ envelope, message }: { envelope: string; message: { cid: string } }) =>
  bytes.set(message.cid, fromBase64Url(envelope));

async function file(by: Member, change: object = {}): Promise<AdverseReport> {
  const intent = await by.keeper.composeReport({ event: event(change), authority: await claim(), recorder: 'N' });
  sealed({ envelope: intent.envelope, message: intent.report.message });
  await world.submit(by, intent);
  return read(intent.report.id);
}
const read = (id: string) => world.ask(reportRecord, 'care-0', 'reports:read', id);
async function open(by: Member, { id }: { id: string }) {
  const own = await world.read(by, { kind: 'reports:readWrap', id }, reportWrap);
  const report = await read(id);
  return by.keeper.openReport({
    report,
    own,
    bytes: report.messages.map(({ cid }) => bytes.get(cid) ?? new Uint8Array()),
  });
}
async function say(by: Member, kind: 'reports:ask' | 'reports:answer' | 'reports:assess', id: string, words: string) {
  const own = await world.read(by, { kind: 'reports:readWrap', id }, reportWrap);
  const place = (await read(id)).messages.length;
  const intent = await by.keeper.composeReportMessage({ kind, own, place, words });
  sealed(intent);
  await world.submit(by, intent);
}

describe('a report of an adverse event', () => {
  it('is read by the authority and by who wrote it, with all that is asked and answered', async () => {
    const { id } = await file(patient);
    await say(regulator, 'reports:ask', id, 'What else was taken?');
    await say(patient, 'reports:answer', id, 'Nothing.');
    await say(regulator, 'reports:assess', id, 'Probable.');
    for (const reader of [regulator, patient]) {
      const messages = await open(reader, { id });
      expect(messages.map(({ words, event: said }) => words ?? said?.narrative)).toEqual([
        ...['A rash.', 'What else was taken?', 'Nothing.', 'Probable.'],
      ]);
      expect(messages[0]?.event).toMatchObject({ patient: patient.id, medicine: { batch: 'B1' } });
    }
    expect(await read(id)).toMatchObject({ state: 'assessed', version: 4 });
  });

  it('is given to nobody else by the ledger', async () => {
    const { id } = await file(doctor, { patient: undefined });
    expect(await refusal(open(patient, { id }))).toBe('NOT_REGISTERED');
    expect(await refusal(open(admin, { id }))).toBe('NOT_AUTHORISED');
    expect(await open(doctor, { id })).toHaveLength(1);
  });

  it('is encrypted to no institution that is put in the authority’s place', async () => {
    const own = await world.staff('admin');
    const made = await own.keeper.makeInstitutionKey({
      ...{ institution: 'inst-general-hospital', staff: [own].map(staffOf) },
    });
    const { reading } = made;
    const { certificatePem } = own.owner;
    const foreign = { kind: 'institution' as const, id: 'inst-general-hospital', reading, certificatePem };
    const composed = patient.keeper.composeReport({ event: event(), authority: foreign, recorder: 'N' });
    await expect(composed).rejects.toMatchObject({ code: 'KEY_UNTRUSTED' });
  });
});
