import { beforeEach, describe, expect, it } from 'vitest';
import type {
  CategoryView,
  DocumentSecrets,
  OpenableDocument,
  RecordDocument,
  StoredDocument,
} from '../../model/healthRecord.ts';
import type { Page } from '../../model/registry.ts';
import { refusal } from '../../testing/ledger.ts';
import { createRecordWorld, ids, RecordCare, type Signer, termsFor } from '../../testing/records.ts';
import { bytesOf, patientIds, serial } from '../../testing/samples.ts';
import { expireLicence, suspend } from '../../testing/world.ts';

let care: RecordCare;

beforeEach(async () => {
  care = new RecordCare(await createRecordWorld());
  await care.open();
});

const { patient } = patientIds;
const read = (id: string) => care.evaluate<StoredDocument>(care.world.people.service, 'records:read', id);
const views = () => care.evaluate<CategoryView[]>(care.world.people.patient, 'records:readOwn', patient);
const tailOf = async (category: string) =>
  (await views())
    .find((view) => view.category === category)
    ?.tail.map(({ document: { id, state, version } }) => [id, state, version]);
const send = (document: RecordDocument, secrets: DocumentSecrets, by: Signer = care.staff('doctor')) =>
  care.submit(by.identity, 'records:add', [JSON.stringify(document)], { record: bytesOf(secrets) });

describe('adding', () => {
  it('records who wrote it, and neither category nor key', async () => {
    const id = await care.add(1, 'hiv');
    const document = await read(id);
    expect(document).toMatchObject({
      ...{ id, patient, author: care.staff('doctor').id, institution: 'inst-general-hospital' },
      ...{ state: 'current', version: 1 },
    });
    expect(JSON.stringify(document)).not.toContain('hiv');
    expect(await tailOf('hiv')).toEqual([[id, 'current', 1]]);
    expect(await tailOf('clinical')).toEqual([]);
  });

  it('is for clinicians without any consent, the patient, and a representative', async () => {
    await care.add(1, 'clinical', care.staff('pharmacist'));
    await care.add(2, 'clinical', care.patient);
    const representative = await care.appoint(1);
    await care.add(3, 'clinical', representative);
    expect(await read(ids.document(3))).not.toHaveProperty('institution');
    const add = (by: Signer) => refusal(care.add(9, 'clinical', by));
    expect(await add(care.staff('admin'))).toBe('NOT_AUTHORISED');
    expect(await add({ identity: care.world.people.impostor, id: care.staff('doctor').id })).toBe('NOT_REGISTERED');
    await expireLicence(care.world, 'pharmacist');
    expect(await add(care.staff('pharmacist'))).toBe('LICENCE_INVALID');
    await suspend(care.world, 'doctor');
    expect(await add(care.staff('doctor'))).toBe('SUSPENDED');
  });

  it('refuses an id again, another channel and who is not there', async () => {
    await care.add(1, 'clinical');
    expect(await refusal(care.add(1, 'clinical'))).toBe('ALREADY_EXISTS');
    const secrets = care.secretsOf('clinical');
    const act = (change: Partial<RecordDocument>) =>
      refusal(send(care.documentOf(2, secrets, care.staff('doctor'), change), secrets));
    expect(await act({ id: `doc-1-${serial(2)}` })).toBe('WRONG_CHANNEL');
    expect(await act({ patient: `pt-1-${serial(2)}` })).toBe('WRONG_CHANNEL');
    expect(await act({ patient: `pt-0-${serial(99)}` })).toBe('NOT_FOUND');
    expect(await act({ patient: patientIds.otherPatient })).toBe('RECORD_NOT_OPENED');
    expect(await act({ cid: 'x' })).toBe('INVALID_ARGUMENT');
  });

  it('refuses a key of a former epoch', async () => {
    const secrets = care.secretsOf('clinical');
    await care.renew(['clinical']);
    const old = care.documentOf(1, secrets, care.staff('doctor'));
    expect(await refusal(send(old, secrets))).toBe('STALE_KEY');
  });

  it('refuses a statement that is not the caller’s over this very document', async () => {
    const secrets = care.secretsOf('clinical');
    const document = care.documentOf(1, secrets, care.staff('doctor'));
    expect(await refusal(send(document, { ...secrets, category: 'results' }))).toBe('INVALID_ARGUMENT');
    expect(await refusal(send(document, secrets, care.staff('otherDoctor')))).toBe('INVALID_ARGUMENT');
    for (const change of [
      { contentHash: 'a'.repeat(64) },
      { cid: `b${'c'.repeat(58)}` },
      { keyCommitment: 'K'.repeat(43) },
      { attachments: [`b${'c'.repeat(58)}`] },
      { id: ids.document(7) },
    ]) {
      expect(await refusal(send({ ...document, ...change }, secrets))).toBe('INVALID_ARGUMENT');
    }
  });

  it('of what was endorsed before a revocation of the key fails at commit', async () => {
    const secrets = care.secretsOf('clinical');
    const document = care.documentOf(1, secrets, care.staff('doctor'));
    const args = [JSON.stringify(document)];
    const order = care.order(care.world.people.doctor, 'records:add', args, { record: bytesOf(secrets) });
    const endorsed = await care.world.ledger.endorse(order);
    await care.renew(['clinical']);
    expect(care.world.ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
  });
});

describe('replacing', () => {
  const replace = (seed: number, by: Signer, category: 'clinical' | 'results' = 'clinical') =>
    care.add(seed, category, by, { replaces: ids.document(1) });

  beforeEach(async () => {
    await care.add(1, 'clinical');
  });

  it('supersedes; both are in the tail until an index has them', async () => {
    await replace(2, care.staff('doctor'));
    expect(await read(ids.document(1))).toMatchObject({ state: 'superseded', version: 2 });
    const tail = await tailOf('clinical');
    expect(tail).toHaveLength(2);
    expect(tail).toEqual(
      expect.arrayContaining([
        [ids.document(2), 'current', 1],
        [ids.document(1), 'superseded', 2],
      ]),
    );
    expect(await refusal(replace(3, care.staff('doctor')))).toBe('WRONG_STATE');
  });

  it('is for the author, the owner, and who may read the category to treat', async () => {
    expect(await refusal(replace(2, care.staff('otherDoctor')))).toBe('NO_CONSENT');
    await care.grant(1, termsFor('otherDoctor', { purposes: ['HRESCH'] }));
    expect(await refusal(replace(2, care.staff('otherDoctor')))).toBe('NO_CONSENT');
    await care.grant(2, termsFor('otherDoctor'));
    await replace(2, care.staff('otherDoctor'));
    await care.add(3, 'clinical', care.patient, { replaces: ids.document(2) });
  });

  it('stays in the category and with the patient', async () => {
    expect(await refusal(replace(2, care.patient, 'results'))).toBe('INVALID_ARGUMENT');
    expect(await refusal(care.add(2, 'clinical', care.patient, { replaces: ids.document(8) }))).toBe('NOT_FOUND');
    expect(await refusal(care.add(2, 'clinical', care.patient, { replaces: `doc-1-${serial(1)}` }))).toBe(
      'WRONG_CHANNEL',
    );
  });
});

describe('retracting', () => {
  it('is for the author and the owner, with a reason, once', async () => {
    const id = await care.add(1, 'clinical');
    const retract = (by: Signer, reason = 'of another patient', of = id) =>
      refusal(care.submit(by.identity, 'records:retract', [of, reason]));
    expect(await retract(care.staff('otherDoctor'))).toBe('NOT_AUTHORISED');
    expect(await retract(care.staff('doctor'), ' ')).toBe('REASON_REQUIRED');
    expect(await retract(care.staff('doctor'), 'a good reason', ids.document(8))).toBe('NOT_FOUND');
    await care.retract(id, care.patient);
    expect(await read(id)).toMatchObject({ state: 'retracted', reason: 'of another patient', version: 2 });
    expect(await retract(care.staff('doctor'))).toBe('WRONG_STATE');
    expect(await tailOf('clinical')).toEqual([[id, 'retracted', 2]]);
  });
});

describe('reading', () => {
  it('lists the public part, newest first, page by page', async () => {
    for (const seed of [1, 2, 3]) await care.add(seed, 'clinical');
    const list = (size: string, bookmark: string) =>
      care.evaluate<Page<StoredDocument>>(care.world.people.service, 'records:listByPatient', patient, size, bookmark);
    const first = await list('2', '');
    const rest = await list('2', first.bookmark);
    const found = [...first.items, ...rest.items].map(({ at }) => at);
    expect(found).toHaveLength(3);
    expect(found).toEqual(found.toSorted().reverse());
    expect(rest.bookmark).toBe('');
  });

  it('gives the owner what opens each, and nobody else', async () => {
    const id = await care.add(1, 'hiv');
    const open = (by = care.world.people.patient, wanted = [id]) =>
      care.evaluate<OpenableDocument[]>(by, 'records:readOwnDocuments', patient, JSON.stringify(wanted));
    expect(await open()).toMatchObject([{ document: { id }, epoch: 1, wrap: care.secretsOf('hiv').wrap }]);
    expect(await refusal(open(care.world.people.doctor))).toBe('NOT_REGISTERED');
    expect(await refusal(open(care.world.people.otherPatient))).toBe('NOT_AUTHORISED');
    expect(await refusal(open(undefined, [ids.document(8)]))).toBe('NOT_FOUND');
    expect(await refusal(open(undefined, []))).toBe('INVALID_ARGUMENT');
  });

  it('shows the newest hundred of a tail and that there are more, and other tails whole', async () => {
    for (let seed = 1; seed <= 101; seed += 1) await care.add(seed, 'results');
    const other = await care.add(102, 'clinical');
    const view = (await views()).find(({ category }) => category === 'results');
    expect(view?.tail).toHaveLength(100);
    expect(view?.more).toBe(true);
    const times = view?.tail.map(({ document }) => document.at) ?? [];
    expect(times).toEqual(times.toSorted().reverse());
    expect(await tailOf('clinical')).toEqual([[other, 'current', 1]]);
  });
});
