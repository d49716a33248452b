import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AccessView, Release } from '#chaincode/model/access.ts';
import type { CategoryView, OpenableDocument } from '#chaincode/model/healthRecord.ts';
import type { Representation } from '#chaincode/model/patient.ts';
import { refusal } from '#chaincode/testing/ledger.ts';
import { ids, prepareRecords, RecordCare, termsFor } from '#chaincode/testing/records.ts';
import { bytesOf, issueOf, patientIds, secretsOf } from '#chaincode/testing/samples.ts';
import { populate, practitionerIdOf, suspend } from '#chaincode/testing/world.ts';
import { Consortium, gatewayRefusal } from './consortium.ts';
import { GatewayLedger, personOf } from './gatewayLedger.ts';

/** Records, consents, readings and people as they run: behind gateways, with collections, private queries and other channels. */

let consortium: Consortium;
let care: RecordCare;
const mvccReadConflict = 11;
const { patient } = patientIds;

beforeAll(async () => {
  consortium = await Consortium.start();
  const ledger = new GatewayLedger(consortium);
  const world = await populate(ledger, (mspId, attributes) => ledger.enrol(mspId, attributes));
  care = new RecordCare(await prepareRecords(world));
  await care.open();
}, 300_000);

afterAll(() => consortium?.close());

const own = () => care.evaluate<CategoryView[]>(care.patient.identity, 'records:readOwn', patient);
const read = (access: string, by = care.world.people.doctor) => care.evaluate<AccessView>(by, 'access:read', access);

it('opens to whom the patient permits, and to nobody after the revocation', async () => {
  const documents = [await care.add(1, 'clinical'), await care.add(2, 'clinical'), await care.add(3, 'hiv')];
  expect(await refusal(care.requestAccess(1, { categories: ['clinical'], purpose: 'TREAT' }))).toBe('NO_CONSENT');
  const consent = await care.grant(1, termsFor('doctor'));
  const access = await care.requestAccess(1, { categories: ['clinical', 'hiv'], purpose: 'TREAT' });
  const { categories, withheld } = await read(access);
  expect(categories.map(({ category, tail }) => [category, tail.map(({ document }) => document.id).sort()])).toEqual([
    ['clinical', documents.slice(0, 2).sort()],
  ]);
  expect(categories[0]?.wrap?.reader).toBe(practitionerIdOf('doctor'));
  expect(withheld).toContain('hiv');
  const wanted = JSON.stringify(documents.slice(0, 2));
  const opened = await care.evaluate<OpenableDocument[]>(
    care.world.people.doctor,
    ...['access:readDocuments', access, wanted],
  );
  expect(opened).toHaveLength(2);
  await care.revoke(consent, ['clinical']);
  expect(await refusal(read(access))).toBe('NO_CONSENT');
}, 120_000);

it('folds documents into the index, after which no range has them', async () => {
  await care.add(11, 'results');
  await care.add(12, 'results');
  const resultsOf = async () => (await own()).find(({ category }) => category === 'results');
  const tail = (await resultsOf())?.tail ?? [];
  expect(tail).toHaveLength(2);
  await care.putIndex(
    'results',
    1,
    tail.map(({ document: { id, version } }) => ({ id, version })),
  );
  expect(await resultsOf()).toMatchObject({ tail: [], index: { version: 1 } });
}, 120_000);

it('opens in an emergency, which the regulator’s peer knows without any secret', async () => {
  const emergency = await care.openEmergency(1);
  await care.confirmEmergency(emergency);
  const access = await care.requestAccess(21, { categories: ['hiv'], purpose: 'ETREAT' }, undefined, emergency);
  expect((await read(access)).categories.map(({ category }) => category)).toEqual(['hiv']);
  const args = ['access:mayRelease', patient, 'hiv', practitionerIdOf('doctor')] as const;
  const release = await care.evaluate<Release>(care.world.registrars.RegulatorMSP, ...args);
  expect(release).toMatchObject({ reason: 'emergency', id: emergency });
}, 120_000);

it('knows a representative by the key that another care channel records', async () => {
  const { distantRepresentative: representative } = care.world.people;
  const appointment = { id: ids.representation(1), patient, representative: patientIds.distantRepresentative };
  const args = [JSON.stringify(appointment)];
  const transient = care.confirm('patient', 'patients:appoint', args);
  await care.submit(care.patient.identity, 'patients:appoint', args, transient);
  const views = await care.evaluate<CategoryView[]>(representative, 'records:readOwn', patient);
  expect(views).toHaveLength((await own()).length);
  await care.submit(representative, 'patients:endRepresentation', [appointment.id, 'moved away']);
  expect(
    await care.evaluate<Representation>(representative, 'patients:readRepresentation', appointment.id),
  ).toMatchObject({ state: 'ended' });
  expect(await refusal(care.evaluate(representative, 'records:readOwn', patient))).toBe('NOT_AUTHORISED');
}, 120_000);

it('takes transient data of 2 MiB to the contract, which alone refuses more', async () => {
  const send = (bytes: number) =>
    refusal(care.submit(care.patient.identity, 'records:renewEpochs', [patient], { record: Buffer.alloc(bytes, ' ') }));
  expect(await send(2 * 1024 * 1024)).toBe('INVALID_ARGUMENT');
  expect(await send(3 * 1024 * 1024)).toBe('INVALID_ARGUMENT');
}, 120_000);

it('commits nothing that was endorsed before a suspension', async () => {
  const { otherDoctor } = care.world.people;
  const issue = ['issue', JSON.stringify(issueOf(31))];
  const options = { transient: { secrets: bytesOf(secretsOf()) }, endorsers: ['HospitalMSP', 'PharmacyMSP'] };
  const endorsed = await consortium.endorse(personOf(otherDoctor), 'care', issue, options);
  await suspend(care.world, 'otherDoctor');
  await care.submit(care.world.registrars.RegulatorMSP, 'standings:mirror', [practitionerIdOf('otherDoctor')]);
  expect(await consortium.commit(personOf(otherDoctor), endorsed)).toEqual([mvccReadConflict]);
  const again = consortium.endorse(personOf(otherDoctor), 'care', issue, options);
  expect(await gatewayRefusal(again)).toBe('SUSPENDED');
}, 120_000);

it('tells no category, purpose or grantee in any block', async () => {
  const network = consortium.client(personOf(care.world.people.service)).gateway.getNetwork('care-0');
  const blocks = await network.getBlockEvents({ startBlock: 0n });
  const words = ['"clinical"', '"hiv"', '"results"', 'ETREAT', '"TREAT"', '"permit"'].map((word) => Buffer.from(word));
  let sawEvent = false;
  let transactions = 0;
  try {
    for await (const block of blocks) {
      const bytes = Buffer.from(block.serializeBinary());
      for (const word of words) expect(bytes.includes(word), word.toString()).toBe(false);
      sawEvent ||= bytes.includes('ConsentChanged');
      transactions += block.getData()?.getDataList().length ?? 0;
      if (bytes.includes('StandingChanged')) break;
    }
  } finally {
    blocks.close();
  }
  expect(sawEvent).toBe(true);
  expect(transactions).toBeGreaterThan(10);
}, 120_000);
