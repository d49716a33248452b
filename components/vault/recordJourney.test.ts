import { beforeAll, describe, expect, it } from 'vitest';
import { type Category, categories } from '#chaincode/model/category.ts';
import type { ConsentTerms } from '#chaincode/model/consent.ts';
import { ownStaffWrap, staffWraps } from '#chaincode/model/staffWrap.ts';
import { escrowStatement } from '#chaincode/model/statements.ts';
import { type Bytes, concat, randomBytes } from '#crypto/bytes.ts';
import { unwrapShare, wrapRelease } from '#crypto/escrow.ts';
import { newCareId, newIdentifier, newPseudonym } from '#crypto/identifier.ts';
import type { ClaimedReader } from '#crypto/reader.ts';
import { signStatement } from '#crypto/statement.ts';
import { createTestAuthority, type TestAuthority } from '#crypto/testAuthority.ts';
import { createReadingKey, type ReadingKey } from '#crypto/wrap.ts';
import type { Identified } from '#fhir/record.ts';
import type { VaultKeeper } from './keeper.ts';
import { TestRecord } from './recordTesting.ts';
import { newPerson, openKeeper, type TestPerson } from './testing.ts';

const institution = 'inst-kestrel-clinic';
const organisations = ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'];
const refusal = (code: string) => expect.objectContaining({ code });

interface Member extends TestPerson {
  id: string;
  keeper: VaultKeeper;
}
let authorities: TestAuthority[];
let record: TestRecord;
let patient: Member;
let doctor: Member;
let nurse: Member;
let admin: Member;
let escrowKeys: ReadingKey[];
let escrow: ClaimedReader[];
let certificates: string[];

const join = async (id: string, at: number, attributes: Record<string, string>): Promise<Member> => {
  const authority = authorities[at];
  if (authority === undefined) throw new RangeError(`${at}`);
  const roots = authorities.map(({ mspId, pem }) => ({ mspId, pem }));
  const person = await newPerson(id, authority.mspId, { authority, attributes, roots });
  return { ...person, id, keeper: await openKeeper(person, { blocks: (cids) => record.source(cids) }) };
};

beforeAll(async () => {
  authorities = await Promise.all([...organisations, 'PatientMSP'].map(createTestAuthority));
  const staff = { institution, role: 'doctor' };
  [patient, doctor, nurse, admin] = await Promise.all([
    join(newPseudonym(0), 3, { role: 'patient' }),
    join(newIdentifier('prac'), 0, staff),
    join(newIdentifier('prac'), 0, staff),
    join(newIdentifier('prac'), 0, { institution, role: 'admin' }),
  ]);
  certificates = [patient, doctor, nurse, admin].map(({ owner }) => owner.certificatePem);
  escrowKeys = await Promise.all(organisations.map(() => createReadingKey()));
  escrow = await Promise.all(
    organisations.map(async (mspId, at) => {
      const { pem, key } = (await authorities[at]?.issue({ role: 'registrar' })) ?? {};
      const said = { mspId, readingKey: escrowKeys[at]?.publicKey ?? '', version: 1 };
      if (pem === undefined || key === undefined) throw new RangeError(mspId);
      const signature = await signStatement(key.privateKey, escrowStatement(said));
      return { kind: 'escrow' as const, key: { ...said, certificatePem: pem, signature } };
    }),
  );
  record = new TestRecord();
  const opening = await patient.keeper.openRecord({
    patient: patient.id,
    categories: [...categories],
    readers: [],
    escrow,
  });
  record.take(opening, patient.id);
});

const claimOf = ({ id, readingKey, owner }: Member): Extract<ClaimedReader, { kind: 'person' }> => ({
  kind: 'person',
  id,
  readingKey,
  certificatePem: owner.certificatePem,
});

const views = (member: Member, of: readonly Category[] = ['clinical'], readers: readonly string[] = [member.id]) =>
  of.map((category) => record.view(category, readers));

async function unlock(
  member: Member,
  of: readonly Category[] = ['clinical'],
  readers: readonly string[] = [member.id],
) {
  const source = { patient: patient.id, views: views(member, of, readers), certificates };
  return { source, unlocked: await member.keeper.unlockRecord(source) };
}

const condition = (id: string, text: string): Identified => ({
  resourceType: 'Condition',
  id,
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
  },
  code: { text },
  subject: { reference: `Patient/${patient.id}` },
  onsetDateTime: '2025-03-01',
});

async function write(author: Member, text: string, options: { replaces?: string; file?: Blob; id?: string } = {}) {
  const { id } = await author.keeper.beginDocument({ patient: patient.id });
  const { replaces, file } = options;
  const attached = file === undefined ? undefined : await author.keeper.attachFile({ document: id, file });
  let attachment:
    | Extract<Awaited<ReturnType<VaultKeeper['nextBlock']>>, { attachment: object }>['attachment']
    | undefined;
  while (attached !== undefined && attachment === undefined) {
    const next = await author.keeper.nextBlock({ document: id, index: attached.index });
    if ('block' in next) record.upload([next.block]);
    else attachment = next.attachment;
  }
  const { intent, block } = await author.keeper.composeDocument({
    document: id,
    category: record.current('clinical'),
    certificates,
    resources: [condition(options.id ?? `c-${id.slice(-8)}`, text)],
    ...(replaces !== undefined && { replaces }),
  });
  record.upload([block]);
  record.take(intent, author.id);
  await author.keeper.endDocument({ document: id });
  return { id, attachment };
}

const terms = (grantee: ConsentTerms['grantee'], decision: 'permit' | 'deny' = 'permit'): ConsentTerms => ({
  decision,
  grantee,
  categories: ['clinical'],
  purposes: ['TREAT'],
  from: new Date().toISOString(),
});
const grantTo = async (claim: ClaimedReader, grantee: ConsentTerms['grantee']) => {
  await unlock(patient);
  const intent = await patient.keeper.grantConsent({ patient: patient.id, terms: terms(grantee), reader: claim });
  record.take(intent, patient.id);
  return intent;
};
const problems = async (member: Member) => {
  const { source, unlocked } = await unlock(member);
  const { screen, categories: read } = await member.keeper.openChart(source);
  return { unlocked, words: screen.problems.map(({ x }) => x), read };
};

describe('a record', () => {
  it('has ten categories, each for the patient and in three shares', async () => {
    expect(record.epochs).toHaveLength(10);
    expect(record.wraps).toHaveLength(40);
    const { unlocked } = await unlock(patient, categories);
    expect(unlocked).toEqual(categories.map((category) => ({ category, state: 'open' })));
  });

  it('is written by a doctor who reads none of it, and read by the patient', async () => {
    await write(doctor, 'Asthma');
    expect((await problems(patient)).words).toEqual(['Asthma']);
    const { unlocked, words } = await problems(doctor);
    expect(unlocked).toEqual([{ category: 'clinical', state: 'locked' }]);
    expect(words).toEqual([]);
  });

  it('reads the same from its index, which any reader with the newest key may write', async () => {
    const { source } = await unlock(patient);
    const [view] = source.views;
    if (view === undefined) throw new RangeError('no view');
    const folded = await patient.keeper.foldIndex({ patient: patient.id, view, certificates });
    if (folded === null) throw new RangeError('nothing to fold');
    record.upload(folded.blocks);
    record.take(folded.intent, patient.id);
    expect(record.view('clinical', []).tail).toEqual([]);
    expect((await problems(patient)).words).toEqual(['Asthma']);
    const again = await unlock(patient);
    expect((await patient.keeper.readTimeline(again.source)).map(({ x }) => x)).toEqual(['Asthma']);
    const empty = { patient: patient.id, view: record.view('clinical', [patient.id]), certificates };
    expect(await patient.keeper.foldIndex(empty)).toBeNull();
  });

  it('takes corrections: a next version takes the place of the one before', async () => {
    const first = await write(doctor, 'Migraine', { id: 'corrected' });
    await write(doctor, 'Tension headache', { id: 'corrected', replaces: first.id });
    expect((await problems(patient)).words.sort()).toEqual(['Asthma', 'Tension headache']);
  });
});

describe('a file', () => {
  const content = randomBytes(60_000);
  const file = new Blob(Array.from({ length: 10 }, () => content));
  const whole = concat(...Array.from({ length: 10 }, () => content));

  it('goes up and comes down chunk by chunk, and is refused with the chunk that was changed', async () => {
    const { id, attachment } = await write(doctor, 'Scan', { file });
    if (attachment === undefined) throw new RangeError('no attachment');
    await unlock(patient);
    const documents = record.documents.filter(({ document }) => document.id === id);
    const opening = { patient: patient.id, category: 'clinical' as const, documents, certificates };
    const read = async () => {
      await patient.keeper.openDocuments(opening);
      const parts: Bytes[] = [];
      for (let begin = true; ; begin = false) {
        const piece = await patient.keeper.nextPiece({ document: id, attachment, begin });
        if (piece === null) return concat(...parts);
        parts.push(piece);
      }
    };
    expect(await read()).toEqual(whole);
    const changed = [...record.blocks].find(([, bytes]) => bytes.length > 70_000 && bytes.length < 100_000);
    if (changed === undefined) throw new RangeError('no last chunk');
    const [cid, bytes] = changed;
    record.blocks.set(
      cid,
      bytes.map((byte, at) => (at === 5 ? byte ^ 1 : byte)),
    );
    await expect(read()).rejects.toThrow(expect.objectContaining({ code: 'ALTERED', detail: 'chunk 2' }));
    record.blocks.set(cid, bytes);
    const { root } = { root: documents[0]?.document.cid ?? '' };
    const forged = patient.keeper.nextPiece({ document: id, attachment: { ...attachment, root }, begin: true });
    await expect(forged).rejects.toThrow(refusal('ALTERED'));
  });

  it('goes on in another browser of its author with the same blocks', async () => {
    const begun = await doctor.keeper.beginDocument({ patient: patient.id });
    await doctor.keeper.attachFile({ document: begun.id, file });
    const first = await doctor.keeper.nextBlock({ document: begun.id, index: 0 });
    const other = await openKeeper(doctor);
    await other.beginDocument({ patient: patient.id, resume: begun });
    await other.attachFile({ document: begun.id, file });
    expect(await other.nextBlock({ document: begun.id, index: 0 })).toEqual(first);
    const stranger = nurse.keeper.beginDocument({ patient: patient.id, resume: begun });
    await expect(stranger).rejects.toThrow(refusal('WRAP_REFUSED'));
  });

  it('keeps its document from being signed before it is whole', async () => {
    const { id } = await doctor.keeper.beginDocument({ patient: patient.id });
    await doctor.keeper.attachFile({ document: id, file });
    const early = doctor.keeper.composeDocument({
      document: id,
      category: record.current('clinical'),
      certificates,
      resources: [condition('early', 'Early')],
    });
    await expect(early).rejects.toThrow(refusal('UPLOAD_UNFINISHED'));
  });
});

describe('a consent', () => {
  it('gives a doctor the category’s key, and no other category’s', async () => {
    await grantTo(claimOf(doctor), { kind: 'person', id: doctor.id });
    const { unlocked } = await unlock(doctor, ['clinical', 'hiv']);
    expect(unlocked.map(({ state }) => state)).toEqual(['open', 'locked']);
    expect((await problems(doctor)).words).toContain('Asthma');
  });

  it('gives nothing to a key that no certificate names, or to another than the grantee', async () => {
    const { publicKey } = await createReadingKey();
    const grantee = { kind: 'person' as const, id: nurse.id };
    await expect(grantTo({ ...claimOf(nurse), readingKey: publicKey }, grantee)).rejects.toThrow(
      refusal('KEY_UNTRUSTED'),
    );
    await expect(grantTo(claimOf(doctor), grantee)).rejects.toThrow(refusal('READER_MISSING'));
    const denial = await patient.keeper.grantConsent({ patient: patient.id, terms: terms(grantee, 'deny') });
    expect(denial.record).toEqual({ epochs: [], wraps: [] });
  });

  it('keeps nobody from their keys where one reader’s does not check', async () => {
    const { publicKey } = await createReadingKey();
    const claims = [claimOf(doctor), { ...claimOf(nurse), readingKey: publicKey }];
    const { trusted, doubtful } = await patient.keeper.checkReaders({ claims });
    expect(trusted).toEqual([claimOf(doctor)]);
    expect(doubtful).toMatchObject([{ id: nurse.id, problem: { code: 'KEY_UNTRUSTED' } }]);
  });

  it('once revoked opens nothing that is written since, and all before stays readable for who may read', async () => {
    await unlock(patient);
    const intent = await patient.keeper.revokeConsent({
      id: newCareId('con', patient.id),
      patient: patient.id,
      terms: terms({ kind: 'person', id: doctor.id }),
      readers: [],
      escrow,
    });
    expect(intent.record.epochs).toHaveLength(1);
    record.take(intent, patient.id);
    await write(patient, 'Written since');
    expect((await problems(patient)).words).toEqual(expect.arrayContaining(['Asthma', 'Written since']));
    const { unlocked, words, read } = await problems(doctor);
    expect(unlocked).toEqual([{ category: 'clinical', state: 'behind' }]);
    expect(words).not.toContain('Written since');
    expect(read).toMatchObject([{ unopened: [{ problem: { code: 'KEY_MISSING' } }] }]);
  });

  it('needs the newest key of who gives it', async () => {
    const stale = doctor.keeper.addWraps({
      patient: patient.id,
      readers: [{ claim: claimOf(nurse), categories: ['clinical'] }],
    });
    await expect(stale).rejects.toThrow(refusal('STALE_KEY'));
  });
});

describe('an institution', () => {
  it('reads through its key, which its admin gives to staff, also those who come later', async () => {
    const made = await admin.keeper.makeInstitutionKey({ institution, staff: [claimOf(admin)] });
    expect(staffWraps.parse(made.staff)).toHaveLength(1);
    const claim = {
      kind: 'institution' as const,
      id: institution,
      reading: made.reading,
      certificatePem: admin.owner.certificatePem,
    };
    await grantTo(claim, { kind: 'institution', id: institution });
    const readers = [nurse.id, institution];
    const before = await unlock(nurse, ['clinical'], readers);
    expect(before.unlocked).toMatchObject([{ state: 'refused', problem: { code: 'INSTITUTION_LOCKED' } }]);

    const [wrap] = await admin.keeper.wrapInstitutionKey({
      institution,
      reading: made.reading,
      staff: [claimOf(nurse)],
    });
    const own = ownStaffWrap.parse({ reading: made.reading, wrap: { ...wrap, by: admin.id }, ladders: [] });
    expect(await nurse.keeper.openInstitutionKey({ institution, own, certificates })).toEqual({ generation: 1 });
    const { source, unlocked } = await unlock(nurse, ['clinical'], readers);
    expect(unlocked).toEqual([{ category: 'clinical', state: 'open' }]);
    const { screen } = await nurse.keeper.openChart(source);
    expect(screen.problems.map(({ x }) => x)).toContain('Written since');
    await expect(doctor.keeper.openInstitutionKey({ institution, own, certificates })).rejects.toThrow(
      refusal('WRAP_REFUSED'),
    );

    // The next generation opens what was wrapped for the one before.
    const next = await admin.keeper.makeInstitutionKey({ institution, present: made.reading, staff: [claimOf(nurse)] });
    const fresh = await openKeeper(nurse, { blocks: record.source });
    const ownNext = ownStaffWrap.parse({
      reading: next.reading,
      wrap: { ...next.staff[0], by: admin.id },
      ladders: [],
    });
    expect(await fresh.openInstitutionKey({ institution, own: ownNext, certificates })).toEqual({ generation: 2 });
    const through = await fresh.unlockRecord({ ...source, views: views(nurse, ['clinical'], readers) });
    expect(through).toEqual([{ category: 'clinical', state: 'open' }]);
  });

  it('has no key by the word of somebody who is not its admin', async () => {
    const made = await doctor.keeper.makeInstitutionKey({ institution, staff: [claimOf(nurse)] });
    const own = ownStaffWrap.parse({ reading: made.reading, wrap: { ...made.staff[0], by: doctor.id }, ladders: [] });
    await expect(nurse.keeper.openInstitutionKey({ institution, own, certificates })).rejects.toThrow();
  });
});

describe('an emergency', () => {
  const release = async (which: number[], category: Category = 'summary') => {
    const { epoch } = record.current(category);
    const of = { patient: patient.id, category, epoch };
    const wraps = await Promise.all(
      which.map(async (at) => {
        const mspId = organisations[at] ?? '';
        const sealed = record.wraps.find((wrap) => wrap.reader === `escrow:${mspId}` && wrap.category === category);
        const share = await unwrapShare(escrowKeys[at]?.seed ?? new Uint8Array(), of, mspId, sealed?.wrap ?? '');
        return wrapRelease(of, share, { id: doctor.id, readingKey: doctor.readingKey });
      }),
    );
    return [{ category, epoch, wraps }];
  };

  it('opens by two organisations’ shares, and not by one', async () => {
    const source = { patient: patient.id, views: views(doctor, ['summary']), certificates };
    const one = await doctor.keeper.unlockByShares({ ...source, shares: await release([0]) });
    expect(one).toMatchObject([{ state: 'refused', problem: { code: 'SHARES_INSUFFICIENT' } }]);
    expect(await doctor.keeper.unlockByShares({ ...source, shares: [] })).toMatchObject([{ state: 'locked' }]);
    const two = await doctor.keeper.unlockByShares({ ...source, shares: await release([0, 2]) });
    expect(two).toEqual([{ category: 'summary', state: 'open' }]);
  });
});

describe('what does not check', () => {
  it('is a category whose key somebody else began', async () => {
    const view = record.view('clinical', [patient.id]);
    const [newest, ...before] = view.epochs;
    if (newest === undefined) throw new RangeError('no epoch');
    const forged = { ...view, epochs: [{ ...newest, by: newPseudonym(0) }, ...before] };
    const unlocked = await patient.keeper.unlockRecord({ patient: patient.id, views: [forged], certificates });
    expect(unlocked).toMatchObject([{ state: 'refused', problem: { code: 'SIGNATURE_FOREIGN' } }]);
    const writing = await doctor.keeper.beginDocument({ patient: patient.id });
    const compose = doctor.keeper.composeDocument({
      document: writing.id,
      category: { ...record.current('clinical'), publicKey: (await createReadingKey()).publicKey },
      certificates,
      resources: [condition('x', 'X')],
    });
    await expect(compose).rejects.toThrow(refusal('SIGNATURE_FOREIGN'));
  });

  it('is a key that somebody else wrapped, and an index that somebody else wrote', async () => {
    const view = record.view('clinical', [patient.id]);
    const { wrap, index } = view;
    if (wrap === undefined || index === undefined) throw new RangeError('no wrap, or no index');
    const by = newPseudonym(0);
    const wrapped = { patient: patient.id, views: [{ ...view, wrap: { ...wrap, by } }], certificates };
    expect(await patient.keeper.unlockRecord(wrapped)).toMatchObject([
      { state: 'refused', problem: { code: 'SIGNATURE_FOREIGN' } },
    ]);
    const written = { patient: patient.id, views: [{ ...view, index: { ...index, by } }], certificates };
    expect(await patient.keeper.unlockRecord(written)).toMatchObject([{ state: 'open' }]);
    expect((await patient.keeper.openChart(written)).categories).toMatchObject([
      { problem: { code: 'SIGNATURE_FOREIGN', detail: 'index of clinical' } },
    ]);
    await expect(patient.keeper.readTimeline(written)).rejects.toThrow(refusal('SIGNATURE_FOREIGN'));
  });

  it('is a document whose author’s certificate comes from nowhere, and it is named', async () => {
    await unlock(patient);
    const { id } = await write(doctor, 'By nobody');
    await unlock(patient);
    const documents = record.documents.filter(({ document }) => document.id === id);
    const impostor = await createTestAuthority('HospitalMSP');
    const { pem } = await impostor.issue({ subject: doctor.id });
    const opened = await patient.keeper.openDocuments({
      patient: patient.id,
      category: 'clinical',
      documents,
      certificates: [pem],
    });
    expect(opened).toMatchObject([{ id, problem: { code: 'SIGNATURE_FOREIGN', detail: id } }]);
  });

  it('trusts nobody before authorities are pinned', async () => {
    const unpinned = await newPerson(patient.id, 'PatientMSP', { roots: [] });
    const keeper = await openKeeper(unpinned);
    const unlocking = keeper.unlockRecord({ patient: patient.id, views: [], certificates });
    await expect(unlocking).rejects.toThrow(refusal('ROOTS_MISSING'));
  });
});
