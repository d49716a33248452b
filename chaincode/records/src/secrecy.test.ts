import { createHash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { categories, purposes } from '../../model/category.ts';
import type { ConsentTerms } from '../../model/consent.ts';
import { canonicalJson } from '../../model/state.ts';
import { createRecordWorld, escrowReaders, hospital, ids, RecordCare, termsFor } from '../../testing/records.ts';
import { type Simulation } from '../../testing/stub.ts';
import { practitionerIdOf } from '../../testing/world.ts';

/** What a block has of a record: arguments, results, events, public writes, and the hashes of private keys and values. */

const reason = 'before the planned operation';
const granted: ConsentTerms[] = [
  termsFor('doctor', { categories: ['clinical', 'mental', 'hiv'], purposes: ['TREAT', 'HRESCH'] }),
  termsFor('pharmacist', { grantee: { kind: 'role', id: hospital, role: 'doctor' }, categories: ['substance'] }),
  termsFor('otherDoctor', { decision: 'deny', categories: ['sexual'], purposes: ['HPAYMT'] }),
];

let care: RecordCare;
const simulations: Simulation[] = [];

beforeAll(async () => {
  care = new RecordCare(await createRecordWorld());
  const { ledger } = care.world;
  ledger.publicRecords.length = 0;
  const commit = ledger.commit.bind(ledger);
  ledger.commit = (endorsed) => {
    simulations.push(endorsed.simulation);
    return commit(endorsed);
  };
  await care.open();
  await care.add(1, 'mental');
  await care.add(2, 'mental', care.staff('doctor'), { replaces: ids.document(1) });
  await care.add(3, 'hiv', care.staff('pharmacist'));
  await care.retract(ids.document(3), care.patient);
  await care.putIndex('mental', 1, [{ id: ids.document(2), version: 1 }]);
  await care.requestConsent(1, { categories: ['clinical', 'hiv'], purposes: ['TREAT'], reason });
  for (const [at, terms] of granted.entries())
    await care.grant(at + 1, terms, care.patient, at === 0 ? { answers: ids.request(1) } : {});
  await care.requestAccess(1, { categories: ['clinical', 'mental'], purpose: 'TREAT' });
  const emergency = await care.openEmergency(1);
  await care.confirmEmergency(emergency);
  await care.requestAccess(2, { categories: [...categories], purpose: 'ETREAT' }, care.staff('doctor'), emergency);
  await care.revoke(ids.consent(1), ['clinical', 'mental', 'hiv']);
});

it('no category, purpose, grantee, reader or word of a request stands in what is public', () => {
  const blocks = JSON.stringify(care.world.ledger.publicRecords);
  expect(care.world.ledger.publicRecords.length).toBeGreaterThanOrEqual(15);
  // "summary" is the level of an emergency too, and says nothing of what was released.
  const words = [...categories.filter((category) => category !== 'summary'), ...purposes, ...escrowReaders, reason];
  for (const word of words) expect(blocks, word).not.toContain(`"${word}`);
  for (const name of ['otherDoctor', 'otherPharmacist'] as const) {
    const grants = care.world.ledger.publicRecords.filter(({ args }) => args[0]?.startsWith('consents:'));
    expect(JSON.stringify(grants)).not.toContain(practitionerIdOf(name));
  }
  expect(blocks).not.toMatch(/"(wrap|publicKey|ladder|categories|purpose|grantee)"/);
});

it('a function that writes answers nothing', () => {
  for (const { args, result } of care.world.ledger.publicRecords) expect(result, args[0]).toBe('');
});

it('no private key can be guessed from its hash by whom it names', () => {
  const keys = simulations.flatMap(({ privateReads, privateWrites }) => [
    ...privateReads.keys(),
    ...privateWrites.keys(),
  ]);
  const names = [
    ...categories,
    ...escrowReaders,
    practitionerIdOf('doctor'),
    practitionerIdOf('otherDoctor'),
    hospital,
  ];
  expect(keys.length).toBeGreaterThan(80);
  for (const key of keys) {
    const parts = key.split('\u0000');
    for (const name of names) expect(parts, key).not.toContain(name);
  }
});

it('no private value can be guessed from its hash: what is the same twice is stored in two ways', () => {
  const hashOf = (value: Uint8Array | string) => createHash('sha256').update(value).digest('hex');
  const values = simulations
    .flatMap(({ privateWrites }) => [...privateWrites.values()])
    .filter((value) => value !== undefined);
  const hashes = values.map(hashOf);
  expect(new Set(hashes).size).toBe(hashes.length);
  const guesses = [...granted, { categories: ['clinical', 'mental'], purpose: 'TREAT' }];
  for (const guess of guesses) expect(hashes).not.toContain(hashOf(canonicalJson(guess)));
  for (const value of values) expect(Buffer.from(value).toString()).toMatch(/"(salt|secret)":"[0-9a-f]{64}"/);
});

it('an organisation without the collection endorses none of it, and still judges emergencies', async () => {
  const order = care.grantOrder(9, termsFor('doctor'));
  await expect(care.world.ledger.endorse({ ...order, peerIsMember: false })).rejects.toThrow('no member');
  const args = [ids.emergency(1), JSON.stringify({ outcome: 'justified', note: 'as the record shows' })];
  const review = care.order(care.world.people.regulator, 'access:reviewEmergency', args);
  await care.world.ledger.endorse({ ...review, peerIsMember: false });
});
