import { beforeEach, describe, expect, it } from 'vitest';
import type { Category } from '../../model/category.ts';
import { categories } from '../../model/category.ts';
import type { CategoryView, NewEpochs, SeedHolder, StoredCategory } from '../../model/healthRecord.ts';
import { institutionStatement, staffWrapStatement } from '../../model/statements.ts';
import type { Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import {
  createRecordWorld,
  escrowReaders,
  hospital,
  ids,
  RecordCare,
  readingKeyHash,
  termsFor,
} from '../../testing/records.ts';
import { bytesOf, hour, instant, institutions, patientIds } from '../../testing/samples.ts';
import { signStatement } from '../../testing/signing.ts';
import { hire, practitionerIdOf } from '../../testing/world.ts';

let care: RecordCare;

beforeEach(async () => {
  care = new RecordCare(await createRecordWorld());
});

const { patient, otherPatient, ward } = patientIds;
const own = () => care.evaluate<CategoryView[]>(care.world.people.patient, 'records:readOwn', patient);
const keys = () => care.evaluate<StoredCategory[]>(care.world.people.doctor, 'records:readKeys', patient);
const send = (name: string, record: unknown, by = care.patient.identity, of: string = patient) =>
  care.submit(by, `records:${name}`, [of], { record: bytesOf(record) });
const refused = (name: string, record: NewEpochs) => refusal(send(name, record));

describe('opening', () => {
  it('begins every category, with seeds for the patient and shares for escrow', async () => {
    const { simulation } = await send('open', care.nextEpochs(categories));
    const views = await own();
    expect(views.map(({ category }) => category)).toEqual(categories);
    for (const { epochs, wrap, tail, more, index } of views) {
      expect(epochs).toMatchObject([{ epoch: 1, by: patient }]);
      expect(wrap).toMatchObject({ reader: patient, epoch: 1, by: patient });
      expect({ tail, more, index }).toEqual({ tail: [], more: false, index: undefined });
    }
    expect((await keys()).map(({ epoch }) => epoch)).toEqual(categories.map(() => 1));
    expect(simulation.event?.name).toBe('RecordChanged');
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      ...{ id: patient, change: 'records:open', state: 'open', version: 1, patient },
    });
  });

  it('opens further categories later, and none again', async () => {
    await care.open(['clinical']);
    await care.open(['hiv']);
    expect((await keys()).map(({ category }) => category)).toEqual(['clinical', 'hiv']);
    expect(await refused('open', { ...care.nextEpochs(['mental']), epochs: [] })).toBe('INVALID_ARGUMENT');
    const again = { epochs: [care.epochOf('hiv', 1)], wraps: [care.wrapOf('hiv', 1, patient)] };
    expect(await refused('open', again)).toBe('ALREADY_EXISTS');
  });

  it('only with an epoch 1 without a ladder, once for each category', async () => {
    const wraps = [care.wrapOf('hiv', 1, patient)];
    const second = care.epochOf('hiv', 2);
    expect(await refused('open', { epochs: [second], wraps: [care.wrapOf('hiv', 2, patient)] })).toBe('STALE_KEY');
    const ladder = 'L'.repeat(88);
    expect(await refused('open', { epochs: [care.epochOf('hiv', 1, care.patient, { ladder })], wraps })).toBe(
      'INVALID_ARGUMENT',
    );
    const twice = [care.epochOf('hiv', 1), care.epochOf('hiv', 1)];
    expect(await refused('open', { epochs: twice, wraps })).toBe('INVALID_ARGUMENT');
  });

  it('never without a seed for the patient', async () => {
    const { epochs, wraps } = care.nextEpochs(['hiv']);
    const others = wraps.filter(({ reader }) => reader !== patient);
    expect(await refused('open', { epochs, wraps: others })).toBe('INVALID_ARGUMENT');
  });

  it('refuses a forged epoch or wrap', async () => {
    const record = care.nextEpochs(['hiv']);
    const [epoch] = record.epochs;
    const [wrap] = record.wraps;
    if (!epoch || !wrap) throw new Error('nothing to forge');
    const forged: NewEpochs[] = [
      { ...record, epochs: [{ ...epoch, publicKey: 'K'.repeat(1622) }] },
      { ...record, epochs: [{ ...epoch, category: 'genetic' }], wraps: [care.wrapOf('genetic', 1, patient)] },
      { ...record, wraps: [{ ...wrap, wrap: 'W'.repeat(1558) }, ...record.wraps.slice(1)] },
      { ...record, wraps: [{ ...wrap, signature: epoch.signature }, ...record.wraps.slice(1)] },
      care.nextEpochs(['hiv'], [], { ...care.patient, id: otherPatient }),
      care.nextEpochs(['hiv'], [], { ...care.patient, identity: care.world.people.otherPatient }),
    ];
    for (const given of forged) expect(await refused('open', given)).toBe('INVALID_ARGUMENT');
  });

  it('of a ward is its representative’s, who then holds the seed', async () => {
    const record = new RecordCare(care.world, ward);
    const representative = { identity: care.world.people.representative, id: patientIds.representative };
    const open = () => record.open(['hiv'], representative);
    expect(await refusal(open())).toBe('NOT_AUTHORISED');
    const appointment = { id: ids.representation(1), patient: ward, representative: representative.id };
    const byHospital = { documentHash: 'a'.repeat(64), until: instant(hour) };
    const args = [JSON.stringify({ ...appointment, ...byHospital })];
    await care.submit(care.world.people.admin, 'patients:appoint', args);
    await open();
    const views = await care.evaluate<CategoryView[]>(representative.identity, 'records:readOwn', ward);
    expect(views.find(({ category }) => category === 'hiv')?.wrap?.reader).toBe(representative.id);
  });

  it('is for the owner, on the own channel', async () => {
    const record = care.nextEpochs(['hiv']);
    expect(await refusal(send('open', record, care.world.people.otherPatient))).toBe('NOT_AUTHORISED');
    expect(await refusal(send('open', record, care.world.people.doctor))).toBe('NOT_REGISTERED');
    expect(await refusal(send('open', record, care.patient.identity, patientIds.distantRepresentative))).toBe(
      'WRONG_CHANNEL',
    );
    expect(await refusal(care.submit(care.patient.identity, 'records:open', [patient]))).toBe('INVALID_ARGUMENT');
  });
});

describe('seeds', () => {
  beforeEach(async () => {
    await care.open();
  });
  const give = (category: Category, reader: string, change = {}) =>
    send('addWraps', { epochs: [], wraps: [care.wrapOf(category, 1, reader, care.patient, change)] });

  it('go to whom a consent permits, by the consent’s categories', async () => {
    const doctor = practitionerIdOf('doctor');
    expect(await refusal(give('clinical', doctor))).toBe('NO_CONSENT');
    await care.grant(1, termsFor('doctor'), care.patient, { wraps: [] });
    await give('clinical', doctor);
    expect(await refusal(give('hiv', doctor))).toBe('NO_CONSENT');
    expect(await refusal(give('clinical', practitionerIdOf('otherDoctor')))).toBe('NO_CONSENT');
    expect(await refusal(give('clinical', hospital))).toBe('STALE_KEY');
  });

  it('go to a representative while one is, and to escrow', async () => {
    expect(await refusal(give('clinical', otherPatient))).toBe('NO_CONSENT');
    await care.appoint(1, instant(hour));
    await give('clinical', otherPatient);
    for (const reader of escrowReaders) await give('clinical', reader);
    expect(await refusal(give('clinical', 'escrow:InsurerMSP'))).toBe('NOT_FOUND');
  });

  it('are listed by reader and key for the owner alone, without the seeds', async () => {
    const { doctor, patient: own } = care.world.people;
    await care.grant(1, termsFor('doctor', { categories: ['hiv'] }));
    await send('addWraps', { epochs: [], wraps: [care.wrapOf('hiv', 1, practitionerIdOf('doctor'))] });
    const holders = await care.evaluate<SeedHolder[]>(own, 'records:readHolders', patient);
    const of = (category: Category) =>
      holders
        .filter((each) => each.category === category)
        .map(({ reader }) => reader)
        .sort();
    expect(of('clinical')).toEqual([patient, ...escrowReaders].sort());
    expect(of('hiv')).toEqual([patient, practitionerIdOf('doctor'), ...escrowReaders].sort());
    for (const holder of holders) {
      expect(Object.keys(holder).sort()).toEqual(['category', 'epoch', 'reader', 'readerKeyHash']);
    }
    expect(await refusal(care.evaluate(doctor, 'records:readHolders', patient))).toBe('NOT_REGISTERED');
  });

  it('never go to the authority, whose key is for its registers', async () => {
    const authority = institutions.authority.id;
    const admin = await hire(care.world, ['admin', 'authority'], 803);
    const hashOf = ({ keys: { readingKey } }: Identity) => readingKeyHash(readingKey);
    const unsigned = { practitioner: admin.id, generation: 1, readerKeyHash: hashOf(admin), wrap: 'W'.repeat(1558) };
    const wrap = { ...unsigned, signature: signStatement(admin, staffWrapStatement(authority, admin.id, unsigned)) };
    const said = { generation: 1, readingKey: admin.keys.readingKey, by: admin.id };
    const reading = { ...said, signature: signStatement(admin, institutionStatement(authority, said)) };
    await care.world.ledger.submit({
      ...{ channel: 'registry', contract: 'registry', function: 'putInstitutionReading', caller: admin },
      ...{ args: [authority, JSON.stringify(reading)], transient: { staff: bytesOf([wrap]) } },
    });
    expect(await refusal(give('clinical', authority, { readerKeyHash: hashOf(admin) }))).toBe('STALE_KEY');
  });

  it('are for the present epoch and the reader’s present key', async () => {
    expect(await refusal(give('clinical', patient, { epoch: 2 }))).toBe('STALE_KEY');
    expect(await refusal(give('clinical', patient, { readerKeyHash: 'a'.repeat(64) }))).toBe('STALE_KEY');
    await care.renew(['clinical']);
    expect(await refusal(give('clinical', patient))).toBe('STALE_KEY');
  });

  it('come one for each reader and category', async () => {
    const wrap = care.wrapOf('clinical', 1, patient);
    expect(await refused('addWraps', { epochs: [], wraps: [wrap, wrap] })).toBe('INVALID_ARGUMENT');
    expect(await refused('addWraps', { epochs: [], wraps: [] })).toBe('INVALID_ARGUMENT');
    expect(await refused('addWraps', care.nextEpochs(['clinical']))).toBe('INVALID_ARGUMENT');
  });
});

describe('the next epoch', () => {
  it('keeps the ladder to those before, newest first', async () => {
    await care.open();
    await care.renew(['clinical', 'hiv']);
    await care.renew(['clinical']);
    const views = await own();
    const epochsOf = (category: Category) =>
      views
        .find((view) => view.category === category)
        ?.epochs.map(({ epoch, ladder }) => [epoch, ladder !== undefined]);
    expect(epochsOf('clinical')).toEqual([
      [3, true],
      [2, true],
      [1, false],
    ]);
    expect(epochsOf('hiv')).toEqual([
      [2, true],
      [1, false],
    ]);
    expect(views.find(({ category }) => category === 'clinical')?.wrap?.epoch).toBe(3);
  });

  it('is the one after the present, with a ladder, of a category that there is', async () => {
    await care.open(['clinical']);
    const skipping = { epochs: [care.epochOf('clinical', 3)], wraps: [care.wrapOf('clinical', 3, patient)] };
    expect(await refused('renewEpochs', skipping)).toBe('STALE_KEY');
    const bare = care.epochOf('clinical', 2, care.patient, { ladder: undefined });
    expect(await refused('renewEpochs', { epochs: [bare], wraps: [care.wrapOf('clinical', 2, patient)] })).toBe(
      'INVALID_ARGUMENT',
    );
    expect(await refused('renewEpochs', care.nextEpochs(['hiv']))).toBe('RECORD_NOT_OPENED');
    expect(await refused('renewEpochs', { epochs: [], wraps: [] })).toBe('INVALID_ARGUMENT');
  });

  it('begun by a representative gives the patient a seed too', async () => {
    await care.open(['clinical']);
    const representative = await care.appoint(1);
    const { epochs, wraps } = care.nextEpochs(['clinical'], [], representative);
    const without = wraps.filter(({ reader }) => reader !== patient);
    expect(await refusal(send('renewEpochs', { epochs, wraps: without }, representative.identity))).toBe(
      'INVALID_ARGUMENT',
    );
    await care.renew(['clinical'], [], representative);
    expect((await own())[1]?.wrap).toMatchObject({ reader: patient, epoch: 2, by: representative.id });
  });

  it('loses against another that was begun at the same time', async () => {
    await care.open(['clinical']);
    const record = { record: bytesOf(care.nextEpochs(['clinical'])) };
    const order = care.order(care.patient.identity, 'records:renewEpochs', [patient], record);
    const [first, second] = [await care.world.ledger.endorse(order), await care.world.ledger.endorse(order)];
    expect(care.world.ledger.commit(first)).toBe('VALID');
    expect(care.world.ledger.commit(second)).toBe('MVCC_READ_CONFLICT');
  });
});
