import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessView } from '#chaincode/model/access.ts';
import { type Category, categories } from '#chaincode/model/category.ts';
import type { ConsentTerms } from '#chaincode/model/consent.ts';
import {
  type CategoryView,
  categoryView,
  openableDocument,
  seedHolder,
  seedWrap,
  storedCategory,
} from '#chaincode/model/healthRecord.ts';
import { escrowKey, escrowMsps } from '#chaincode/model/patient.ts';
import { institutionRecord } from '#chaincode/model/records.ts';
import { ownStaffWrap } from '#chaincode/model/staffWrap.ts';
import { refusal } from '#chaincode/testing/ledger.ts';
import { institutions } from '#chaincode/testing/samples.ts';
import { lacking } from '#components/consents/holders.ts';
import { createEscrow } from '#connector/escrow/escrow.ts';
import { connectTo } from '#connector/testing/contracts.ts';
import { concat, randomBytes } from '#crypto/bytes.ts';
import { newCareId } from '#crypto/identifier.ts';
import { type ClaimedReader, readingKeyHash } from '#crypto/reader.ts';
import type { Identified } from '#fhir/record.ts';
import { ContractWorld, claimOf, type Member } from './contractTesting.ts';
import type { VaultKeeper } from './keeper.ts';

const { id: institution } = institutions.hospital;
const pin = '482913';
const origin = 'https://medloom.example';

let world: ContractWorld;
let patient: Member;
let doctor: Member;
let nurse: Member;
let admin: Member;
const escrowSeeds = escrowMsps.map(() => randomBytes(32));
let escrow: ClaimedReader[];

const escrowAt = (at: number) => {
  const officer = world.registrars[escrowMsps[at] ?? 'HospitalMSP'];
  return createEscrow(connectTo(world.ledger, officer), officer, escrowSeeds[at] ?? new Uint8Array());
};

beforeAll(async () => {
  world = await ContractWorld.begin();
  patient = await world.patient();
  doctor = await world.staff('doctor');
  nurse = await world.staff('doctor');
  admin = await world.staff('admin');
  for (const at of escrowMsps.keys()) await escrowAt(at).publish();
  const keys = await world.ask(z.array(escrowKey), 'registry', 'readEscrowKeys');
  escrow = keys.map((key) => ({ kind: 'escrow', key }));
  const opening = { patient: patient.id, categories: [...categories], readers: [], escrow };
  await world.submit(patient, await patient.keeper.openRecord(opening));
});

const condition = (of: string, id: string, text: string): Identified => ({
  resourceType: 'Condition',
  id,
  clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] },
  code: { text },
  subject: { reference: `Patient/${of}` },
  onsetDateTime: '2025-03-01',
});

async function write(author: Member, text: string, more: { of?: string; replaces?: string; file?: Blob } = {}) {
  const { of = patient.id, replaces, file } = more;
  const keys = await world.read(author, { kind: 'records:readKeys', patient: of }, z.array(storedCategory));
  const category = keys.find((each) => each.category === 'clinical');
  if (category === undefined) throw new RangeError('no key to write to');
  const { id } = await author.keeper.beginDocument({ patient: of });
  const attached = file && (await author.keeper.attachFile({ document: id, file }));
  let next = attached && (await author.keeper.nextBlock({ document: id, index: attached.index }));
  while (next && 'block' in next) {
    world.upload([next.block]);
    next = await author.keeper.nextBlock({ document: id, index: 0 });
  }
  const { intent, block } = await author.keeper.composeDocument({
    document: id,
    category,
    certificates: world.certificates,
    resources: [condition(of, `c-${id.slice(-8)}`, text)],
    ...(replaces !== undefined && { replaces }),
  });
  world.upload([block]);
  await author.keeper.endDocument({ document: id });
  await world.submit(author, intent);
  return { id, attachment: next?.attachment };
}

/** Unlocks views as a browser does, and tells the problems of the chart. */
async function chart(keeper: VaultKeeper, of: string, views: CategoryView[]) {
  const source = { patient: of, views, certificates: world.certificates };
  const unlocked = await keeper.unlockRecord(source);
  const { screen, categories: read } = await keeper.openChart(source);
  const states = Object.fromEntries(unlocked.map(({ category, state }) => [category, state]));
  return { source, states, read, words: screen.problems.map(({ x }) => x).sort() };
}

const ownViews = (member: Member, of = patient.id) =>
  world.read(member, { kind: 'records:readOwn', patient: of }, z.array(categoryView));
const ownChart = async (member = patient, of = patient.id) => chart(member.keeper, of, await ownViews(member, of));

async function requestAccess(reader: Member, emergency?: string) {
  const access = { id: newCareId('acc', patient.id), patient: patient.id, ...(emergency && { emergency }) };
  const purpose = emergency === undefined ? ('TREAT' as const) : ('ETREAT' as const);
  const wanted: Category[] = emergency === undefined ? [...categories] : ['summary'];
  await world.submit(reader, { kind: 'access:request', access, terms: { categories: wanted, purpose } });
  return access.id;
}
const accessed = (reader: Member, id: string) => world.read(reader, { kind: 'access:read', id }, accessView);
async function sharedChart(reader: Member, keeper = reader.keeper) {
  const { categories: views, withheld } = await accessed(reader, await requestAccess(reader));
  return { ...(await chart(keeper, patient.id, views)), withheld };
}

async function fold(member: Member, views: CategoryView[]) {
  const view = views.find(({ category }) => category === 'clinical');
  if (view === undefined) throw new RangeError('not shared');
  const { certificates } = world;
  const folded = await member.keeper.foldIndex({ patient: patient.id, view, certificates });
  if (folded === null) return false;
  world.upload(folded.blocks);
  await world.submit(member, folded.intent);
  return true;
}

const terms = (grantee: ConsentTerms['grantee']): ConsentTerms => ({
  decision: 'permit',
  grantee,
  categories: ['clinical'],
  purposes: ['TREAT'],
  from: new Date().toISOString(),
});

async function grant(grantee: ConsentTerms['grantee'], reader: ClaimedReader) {
  await ownChart();
  const said = terms(grantee);
  const intent = await patient.keeper.grantConsent({ patient: patient.id, terms: said, reader });
  return { said, intent };
}

const readingOf = async () => {
  const { reading } = await world.ask(institutionRecord, 'registry', 'readInstitution', institution);
  if (reading === undefined) throw new RangeError('no reading key');
  return reading;
};
const institutionClaim = async (): Promise<ClaimedReader> => ({
  kind: 'institution',
  id: institution,
  reading: await readingOf(),
  certificatePem: admin.owner.certificatePem,
});
async function openInstitution(member: Member, keeper = member.keeper) {
  const own = await world.read(member, { kind: 'readStaffWrap', institution }, ownStaffWrap);
  return keeper.openInstitutionKey({ institution, own, certificates: world.certificates });
}

describe('what a vault makes of a record, the contracts take', () => {
  it('the first keys, a doctor’s document with a file, and what its patient reads of it', async () => {
    const content = randomBytes(60_000);
    const file = new Blob(Array.from({ length: 10 }, () => content));
    const { id, attachment } = await write(doctor, 'Asthma', { file });
    const { states, words } = await ownChart();
    expect(states).toEqual(Object.fromEntries(categories.map((category) => [category, 'open'])));
    expect(words).toEqual(['Asthma']);
    const intent = { kind: 'records:readOwnDocuments' as const, patient: patient.id, ids: [id] };
    const documents = await world.read(patient, intent, z.array(openableDocument));
    await patient.keeper.openDocuments({
      ...{ patient: patient.id, category: 'clinical', documents },
      certificates: world.certificates,
    });
    if (attachment === undefined) throw new RangeError('no attachment');
    const parts: Uint8Array[] = [];
    for (let begin = true; ; begin = false) {
      const piece = await patient.keeper.nextPiece({ document: id, attachment, begin });
      if (piece === null) break;
      parts.push(piece);
    }
    expect(concat(...parts)).toEqual(new Uint8Array(await file.arrayBuffer()));
  });

  it('corrections, retractions and indexes, one after the other', async () => {
    const first = await write(doctor, 'Migraine');
    expect(await fold(patient, await ownViews(patient))).toBe(true);
    await write(doctor, 'Tension headache', { replaces: first.id });
    const wrong = await write(doctor, 'Gout');
    expect((await ownChart()).words).toEqual(['Asthma', 'Gout', 'Tension headache']);
    await world.submit(doctor, { kind: 'records:retract', id: wrong.id, reason: 'of another patient' });
    expect((await ownChart()).words).toEqual(['Asthma', 'Tension headache']);
    expect(await fold(patient, await ownViews(patient))).toBe(true);
    const { words, source } = await ownChart();
    expect(words).toEqual(['Asthma', 'Tension headache']);
    expect(source.views.flatMap(({ tail }) => tail)).toEqual([]);
    expect(await fold(patient, source.views)).toBe(false);
  });
});

describe('a consent', () => {
  it('confirmed by the signing PIN, gives a doctor the keys until it is revoked', async () => {
    const { credential, kept } = await patient.keeper.makePin({ pin, host: 'medloom.example' });
    await world.submit(patient, { kind: 'patients:addCredential', pseudonym: patient.id, credential });
    const { record } = await patient.keeper.putPin({ record: patient.owner.record, kept });
    const grantee = { kind: 'person' as const, id: doctor.id };
    const { intent, said } = await grant(grantee, claimOf(doctor));
    const assertion = await patient.keeper.confirmByPin({ record, intent, pin, origin });
    await world.submit(patient, { ...intent, assertion });

    const { states, words, withheld } = await sharedChart(doctor);
    expect(states).toEqual({ clinical: 'open' });
    expect(withheld).toHaveLength(categories.length - 1);
    expect(words).toEqual(['Asthma', 'Tension headache']);
    await write(patient, 'Written by the patient');
    const { source } = await sharedChart(doctor);
    expect(await fold(doctor, source.views)).toBe(true);
    expect((await ownChart()).words).toContain('Written by the patient');

    const { id } = intent.consent;
    const end = await patient.keeper.revokeConsent({ id, patient: patient.id, terms: said, readers: [], escrow });
    await world.submit(patient, end);
    expect(await refusal(requestAccess(doctor))).toBe('NO_CONSENT');
    await write(doctor, 'Written since');
    expect((await ownChart()).words).toContain('Written since');
  });

  it('of what is not the patient’s any more, is refused', async () => {
    const { intent } = await grant({ kind: 'person', id: doctor.id }, claimOf(doctor));
    await world.submit(
      patient,
      await patient.keeper.renewEpochs({
        ...{ patient: patient.id, categories: ['clinical'], readers: [], escrow },
      }),
    );
    expect(await refusal(world.submit(patient, intent))).toBe('STALE_KEY');
  });
});

describe('an institution', () => {
  const renew = async (present?: Awaited<ReturnType<typeof readingOf>>) => {
    const staff = [claimOf(admin), claimOf(nurse)];
    const made = await admin.keeper.makeInstitutionKey({ institution, staff, ...(present && { present }) });
    await world.submit(admin, { kind: 'putInstitutionReading', institution, ...made });
  };

  it('reads through the key that its admin made, which staff who come later get too', async () => {
    const made = await admin.keeper.makeInstitutionKey({ institution, staff: [claimOf(admin)] });
    await world.submit(admin, { kind: 'putInstitutionReading', institution, ...made });
    expect(await refusal(openInstitution(nurse))).toBe('NOT_FOUND');
    const staff = await admin.keeper.wrapInstitutionKey({
      ...{ institution, reading: await readingOf(), staff: [claimOf(nurse)] },
    });
    await world.submit(admin, { kind: 'wrapForStaff', institution, staff });
    const { intent } = await grant({ kind: 'institution', id: institution }, await institutionClaim());
    await world.submit(patient, intent);
    expect(await openInstitution(nurse)).toEqual({ generation: 1 });
    const { states, words } = await sharedChart(nurse);
    expect(states).toEqual({ clinical: 'open' });
    expect(words).toContain('Asthma');
  });

  it('opens with its newest key what was wrapped two generations before, and gets it anew', async () => {
    for (const generation of [2, 3]) {
      await renew(await readingOf());
      expect((await readingOf()).generation).toBe(generation);
    }
    const fresh = await world.browserOf(nurse);
    expect(await openInstitution(nurse, fresh)).toEqual({ generation: 3 });
    expect((await sharedChart(nurse, fresh)).states).toEqual({ clinical: 'open' });

    // What the owner's browser sees of it, and does about it when the record is next opened.
    const { source: own } = await ownChart();
    const keyHash = readingKeyHash((await readingOf()).readingKey);
    const due = [{ id: institution, categories: ['clinical' as const] }];
    const missing = async () => {
      const holders = await world.read(
        patient,
        { kind: 'records:readHolders', patient: patient.id },
        z.array(seedHolder),
      );
      return lacking(
        due,
        own.views.flatMap(({ epochs }) => epochs.slice(0, 1)),
        holders,
        () => keyHash,
      );
    };
    expect(await missing()).toEqual(due);
    const readers = [{ claim: await institutionClaim(), categories: ['clinical' as const] }];
    await world.submit(patient, await patient.keeper.addWraps({ patient: patient.id, readers }));
    expect(await missing()).toEqual([]);
    const { source } = await sharedChart(nurse, fresh);
    expect(source.views[0]?.wrap?.readerKeyHash).toBe(keyHash);
  });
});

describe('an emergency', () => {
  it('opens the summary by the shares of two organisations’ connectors', async () => {
    const emergency = { id: newCareId('emg', patient.id), patient: patient.id, reason: 'unconscious after a fall' };
    await world.submit(doctor, { kind: 'access:openEmergency', emergency });
    const id = await requestAccess(doctor, emergency.id);
    const { categories: views } = await accessed(doctor, id);
    const sealed = await world.read(doctor, { kind: 'access:readEscrow', id }, z.array(seedWrap.loose()));
    const released = await Promise.all(
      [0, 2].map(async (at) => {
        const mspId = escrowMsps[at] ?? '';
        const shares = sealed
          .filter(({ reader }) => reader === `escrow:${mspId}`)
          .map(({ category, epoch, wrap }) => ({ category, epoch, wrap }));
        return escrowAt(at).release({ mspId, patient: patient.id, person: doctor.id, shares });
      }),
    );
    const wraps = released.flatMap(({ shares }) => shares.map(({ wrap }) => wrap));
    const { certificates } = world;
    const shares = [{ category: 'summary' as const, epoch: 1, wraps }];
    const unlocked = await doctor.keeper.unlockByShares({ patient: patient.id, views, shares, certificates });
    expect(unlocked).toEqual([{ category: 'summary', state: 'open' }]);
  });
});

describe('a ward', () => {
  it('has a record that its representative opens, reads and lets a doctor read', async () => {
    const ward = await world.ward();
    const id = newCareId('rep', ward);
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const appointment = { id, patient: ward, representative: patient.id, documentHash: 'a'.repeat(64), until };
    await world.submit(admin, { kind: 'patients:appoint', appointment });
    const opening = { patient: ward, categories: [...categories], readers: [], escrow };
    await world.submit(patient, await patient.keeper.openRecord(opening));
    await write(doctor, 'Croup', { of: ward });
    expect((await ownChart(patient, ward)).words).toEqual(['Croup']);
    const said = terms({ kind: 'person', id: doctor.id });
    const intent = await patient.keeper.grantConsent({ patient: ward, terms: said, reader: claimOf(doctor) });
    await world.submit(patient, intent);

    await world.submit(admin, { kind: 'patients:endRepresentation', id, reason: 'of age' });
    expect(await refusal(ownViews(patient, ward))).toBe('NOT_AUTHORISED');
  });
});
