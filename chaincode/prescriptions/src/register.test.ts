import { beforeEach, expect, it } from 'vitest';
import type { HeldRegisterEntry } from '../../model/controlledRegister.ts';
import type { Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { controlledTerms, giveAuthorityKey, registerReference, sealedEntry } from '../../testing/register.ts';
import { bytesOf, day, instant, institutions, issueOf, redeemKeyOf, secretsOf, serial } from '../../testing/samples.ts';
import { confirmed, createCredential } from '../../testing/signing.ts';
import { Care, createWorld, practitionerIdOf, submitToRegistry, type World } from '../../testing/world.ts';

let world: World;
let care: Care;
let credential: ReturnType<typeof createCredential>;
const id = issueOf(1).id;
beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
  credential = createCredential();
  const args = [practitionerIdOf('doctor'), JSON.stringify(credential.credential)];
  await submitToRegistry(world, world.people.doctor, 'addCredential', ...args);
  await giveAuthorityKey(world);
});

/** Issues prescription 1 as a controlled medicine, with its second factor. */
function issue(change: object = {}, entry: object | null = sealedEntry) {
  const args = [JSON.stringify(issueOf(1, { ...controlledTerms(), ...change }))];
  const transient = { secrets: bytesOf(secretsOf()), ...(entry && { register: bytesOf(entry) }) };
  const call = { channel: care.channel, contract: 'care', function: 'issue', args, transient };
  return care.submit(world.people.doctor, 'issue', args, confirmed(credential, call));
}
const read = (who: Identity, ...ids: string[]) =>
  care.evaluate<HeldRegisterEntry[]>(who, 'readRegister', JSON.stringify(ids));

it('has an entry that the authority alone reads, and nobody sees on the ledger', async () => {
  await issue();
  expect(await read(world.people.regulator, id)).toEqual([
    {
      ...{ id, author: practitionerIdOf('doctor'), authorInstitution: institutions.hospital.id, generation: 1 },
      ...{ authoredOn: (await care.read(id)).authoredOn, quantity: issueOf(1).quantity, ...sealedEntry },
    },
  ]);
  const { doctor, pharmacist, patient, stranger } = world.people;
  for (const who of [doctor, pharmacist]) expect(await refusal(read(who, id))).toBe('NOT_AUTHORISED');
  for (const who of [patient, stranger]) expect(await refusal(read(who, id))).toBe('NOT_REGISTERED');
  const seen = JSON.stringify(world.ledger.publicRecords);
  for (const secret of Object.values(sealedEntry)) expect(seen).not.toContain(secret);
  await care.accept(id, 1);
});

it('is read for one prescription only where it has an entry', async () => {
  await care.issue(2);
  expect(await refusal(read(world.people.regulator, issueOf(2).id))).toBe('NOT_FOUND');
  expect(await refusal(read(world.people.regulator, `rx-0-${serial(9)}`))).toBe('NOT_FOUND');
});

it('is read beside others of which there is none, or none is kept here', async () => {
  await issue();
  await care.issue(2);
  const { regulator, doctor } = world.people;
  const some = [`rx-0-${serial(9)}`, issueOf(2).id, id];
  expect((await read(regulator, ...some)).map((entry) => entry.id)).toEqual([id]);
  expect(await refusal(read(doctor, ...some))).toBe('NOT_AUTHORISED');
  expect(await refusal(read(regulator, id, `rx-1-${serial(9)}`))).toBe('WRONG_CHANNEL');
});

it('is demanded, as its hash says, and for the authority’s present key', async () => {
  expect(await refusal(issue({ register: undefined }))).toBe('CONTROLLED_INCOMPLETE');
  expect(await refusal(issue({}, null))).toBe('CONTROLLED_INCOMPLETE');
  expect(await refusal(issue({}, { ...sealedEntry, wrap: 'another' }))).toBe('CONTROLLED_INCOMPLETE');
  expect(await refusal(issue({ register: { ...registerReference, generation: 2 } }))).toBe('STALE_KEY');
  expect(await refusal(issue({ register: { ...registerReference, to: institutions.hospital.id } }))).toBe(
    'CONTROLLED_INCOMPLETE',
  );
});

it('goes with one fill, no series, and an end within 31 days', async () => {
  const series = { id: `rs-0-${serial(1)}`, part: 1, of: 2 };
  for (const change of [{ fills: 2 }, { quantity: 1_001 }, { expires: instant(32 * day) }, { series }]) {
    expect(await refusal(issue(change))).toBe('INVALID_ARGUMENT');
  }
  expect(await refusal(care.issue(1, { register: registerReference }))).toBe('INVALID_ARGUMENT');
});

it('is missed by the pharmacy, where a record of before has none', async () => {
  await issue();
  const namespace = world.ledger.namespace('care-0', 'care');
  for (const [key, { value, version }] of namespace.state) {
    const text = Buffer.from(value).toString();
    if (!text.includes('"controlled":true')) continue;
    const { register: _, ...record } = JSON.parse(text);
    namespace.state.set(key, { value: Buffer.from(JSON.stringify(record)), version });
  }
  const accept = care.submit(world.people.pharmacist, 'accept', [id], { redeemKey: redeemKeyOf(1).key });
  expect(await refusal(accept)).toBe('CONTROLLED_INCOMPLETE');
});
