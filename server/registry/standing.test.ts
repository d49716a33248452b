import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reenrolment } from '#chaincode/model/patient.ts';
import { institutionStatuses, type RegistryStatus, registryEvent } from '#chaincode/model/registry.ts';
import { AppError } from '#server/errors.ts';
import { institutions, people } from '../gateways/db/schema/people.ts';
import { credentials, sessions, signInAudit } from '../gateways/db/schema/session.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import { nextBlockOf, recordBlock } from '../indexer/record.ts';
import { listNotices } from '../notices/service.ts';
import { ownNewKeys } from '../reenrolment/list.ts';
import { newCredentials } from '../session/passwords.ts';
import { findActor, signInWithPassword } from '../session/service.ts';
import { type Person, World } from '../testing/world.ts';

let world: World;
let height = 0n;
const secret = randomBytes(32).toString('base64url');
let addresses = 0;

beforeAll(async () => {
  world = await World.start();
  await nextBlockOf(world.portal, 'registry');
}, 120_000);
afterAll(() => world?.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

/** A doctor of a hospital who is on the ledger and can sign in. */
async function doctor(institution = 'inst-north-hospital'): Promise<Person> {
  const person = await world.person('doctor', institution);
  const { personId, subjectId } = person.actor;
  const salt = randomBytes(16).toString('base64url');
  await world.portal.db
    .insert(credentials)
    .values({ personId, ...newCredentials(world.portal.personalData, salt, secret) });
  world.ledger.registry.register({ id: subjectId, institutionId: institution, role: 'doctor' });
  return person;
}

const signIn = ({ email }: Person, given = secret) => {
  addresses += 1;
  const caller = { address: `198.51.100.${addresses}` };
  return signInWithPassword(caller, { email, signInSecret: given }, world.portal);
};
const session = async (person: Person) => (await signIn(person))?.sessionId ?? '';
const isIn = async (sessionId: string) => (await findActor(sessionId, world.portal)) !== null;

/** The block that tells of an entry as the registry has it now. */
function told(
  kind: 'institution' | 'practitioner' | 'reenrolment',
  id: string,
  version: number,
  valid = true,
  change = 'setStatus',
): Block {
  const payload = { kind, id, change, status: 'suspended', version, at: new Date().toISOString() };
  const event = { name: registryEvent, payload: Buffer.from(JSON.stringify(payload)) };
  const transactionId = randomBytes(32).toString('hex');
  const transaction = { transactionId, at: new Date(), valid, contract: 'registry', endorsers: [], event };
  const block = { number: height, unreadable: 0, transactions: [transaction] };
  height += 1n;
  return block;
}

async function setPractitioner({ actor }: Person, status: RegistryStatus): Promise<void> {
  world.ledger.registry.apply({
    ...{ channel: 'registry', contract: 'registry' },
    ...{ function: 'setPractitionerStatus', args: [actor.subjectId, status] },
  });
  const version = world.ledger.standings.get(actor.subjectId)?.practitioner.version ?? 0;
  await recordBlock(world.portal, 'registry', told('practitioner', actor.subjectId, version));
}

async function setInstitution(id: string, status: RegistryStatus): Promise<void> {
  world.ledger.registry.apply({
    ...{ channel: 'registry', contract: 'registry' },
    ...{ function: 'setInstitutionStatus', args: [id, status] },
  });
  await recordBlock(
    world.portal,
    'registry',
    told('institution', id, world.ledger.registry.institutions.get(id)?.version ?? 0),
  );
}

describe('whoever the registry suspends', () => {
  it.each(['suspended', 'revoked'] as const)('has no session and gets none while %s', async (status) => {
    const [person, colleague] = [await doctor(), await doctor()];
    const [first, second, other] = [await session(person), await session(person), await session(colleague)];
    await setPractitioner(person, status);
    expect([await isIn(first), await isIn(second), await isIn(other)]).toEqual([false, false, true]);
    expect(await code(signIn(person))).toBe('SUSPENDED');
    // Whoever has not proved to be the person learns nothing of it.
    expect(await signIn(person, randomBytes(32).toString('base64url'))).toBeUndefined();
    const noted = await world.portal.db
      .select()
      .from(signInAudit)
      .where(eq(signInAudit.personId, person.actor.personId));
    expect(noted.map(({ outcome }) => outcome)).toContain('suspended');
  });

  it('comes in again when restored, by signing in anew', async () => {
    const person = await doctor();
    const before = await session(person);
    await setPractitioner(person, 'suspended');
    await setPractitioner(person, 'active');
    expect(await isIn(before)).toBe(false);
    expect(await isIn(await session(person))).toBe(true);
  });

  it('ends with the institution, and only there', async () => {
    const [inside, outside] = [await doctor('inst-south-hospital'), await doctor()];
    const [first, second] = [await session(inside), await session(outside)];
    await setInstitution('inst-south-hospital', 'suspended');
    expect([await isIn(first), await isIn(second)]).toEqual([false, true]);
    expect(await code(signIn(inside))).toBe('SUSPENDED');
    await setInstitution('inst-south-hospital', 'active');
    expect(await isIn(await session(inside))).toBe(true);
  });

  it('has no session even where one was begun in the same moment', async () => {
    const person = await doctor();
    await setPractitioner(person, 'suspended');
    const id = crypto.randomUUID();
    await world.portal.db.insert(sessions).values({
      ...{ id, personId: person.actor.personId, method: 'password' },
      expiresAt: new Date(Date.now() + 60_000),
    });
    expect(await isIn(id)).toBe(false);
  });
});

describe('following the registry', () => {
  it('reads a block again while the peer that is asked has not got it', async () => {
    const person = await doctor();
    const id = await session(person);
    const ahead = (world.ledger.standings.get(person.actor.subjectId)?.practitioner.version ?? 0) + 1;
    const block = told('practitioner', person.actor.subjectId, ahead);
    expect(await code(recordBlock(world.portal, 'registry', block))).toBe('LEDGER_UNAVAILABLE');
    const standing = world.ledger.standings.get(person.actor.subjectId);
    Object.assign(standing?.practitioner ?? {}, { status: 'suspended', version: ahead });
    await recordBlock(world.portal, 'registry', block);
    expect(await isIn(id)).toBe(false);
  });

  it('takes no older entry for the newest, and nothing from what is not valid', async () => {
    const person = await doctor();
    await setPractitioner(person, 'suspended');
    await recordBlock(world.portal, 'registry', told('practitioner', person.actor.subjectId, 99, false));
    const [row] = await world.portal.db.select().from(people).where(eq(people.id, person.actor.personId));
    expect(row).toMatchObject({ status: 'suspended', registryVersion: 2 });
  });

  it('tells whoever has the keys of new ones in the person’s name, until they count', async () => {
    const person = await doctor();
    const { subjectId: subject } = person.actor;
    const keys = { signingKeyHash: 'ab'.repeat(32), readingKey: 'P'.repeat(1622), wallet: '' };
    const steps = [
      ['reenrolment', 'proposeReenrolment', 'proposed'],
      ['reenrolment', 'approveReenrolment', 'approved'],
      ['practitioner', 'completeReenrolment', 'completed'],
    ] as const;
    for (const [at, [kind, change, state]] of steps.entries()) {
      const entry: Reenrolment = {
        ...{ subject, keys, state, proposedBy: 'registrar:HospitalMSP', proposedFor: 'HospitalMSP', version: at + 1 },
        at: new Date().toISOString(),
      };
      world.ledger.registry.reenrolments.set(subject, entry);
      await recordBlock(world.portal, 'registry', told(kind, subject, 1, true, change));
      expect(await ownNewKeys(person.actor, world.portal), state).toEqual(state === 'completed' ? undefined : {});
    }
    expect(await ownNewKeys((await doctor()).actor, world.portal)).toBeUndefined();
    const notices = await listNotices(person.actor, { unreadOnly: true }, world.portal);
    const kinds = notices.map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['reenrolmentApproved', 'reenrolmentCompleted', 'reenrolmentProposed']);
  });

  it('knows institutions that were proposed elsewhere', async () => {
    const id = 'inst-lake-hospital';
    const entry = { id, kind: 'hospital', name: 'Lake Hospital', mspId: 'HospitalMSP', version: 1 } as const;
    world.ledger.registry.institutions.set(id, { ...entry, status: 'proposed' });
    await recordBlock(world.portal, 'registry', told('institution', id, 1));
    const [row] = await world.portal.db.select().from(institutions).where(eq(institutions.id, id));
    expect(row).toMatchObject({ name: 'Lake Hospital', status: 'proposed' });
    expect(institutionStatuses).toContain(row?.status);
  });
});
