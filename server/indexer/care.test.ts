import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emergency } from '#chaincode/model/access.ts';
import { countEmergencies, emergenciesOfRecord, listEmergencies, whoSaw } from '../access/service.ts';
import { releaseShares } from '../access/shares.ts';
import { consentRequests, consents, documents, notices } from '../gateways/db/schema/care.ts';
import { people } from '../gateways/db/schema/people.ts';
import { listNotices, markRead } from '../notices/service.ts';
import { listReenrolments, representationsOf } from '../patients/service.ts';
import { type Role, roles } from '../people/schema.ts';
import { recordOf } from '../records/facts.ts';
import { name26, type Person, World } from '../testing/world.ts';
import { nextBlockOf, recordBlock } from './record.ts';

let world: World;
let patient: Person;
let relative: Person;
let doctor: Person;
let regulator: Person;
let number = 0;

beforeAll(async () => {
  world = await World.start();
  patient = await world.person('patient', null, { treatedAt: ['inst-north-hospital'], name: 'Mara Lind' });
  const channel = await onChannel(patient, 0);
  expect(channel).toBe('care-0');
  relative = await world.person('patient', null, { name: 'Ole Lind' });
  doctor = await world.person('doctor', 'inst-north-hospital', { name: 'Dr Weiss' });
  regulator = await world.person('regulator', 'inst-the-authority');
}, 60_000);
afterAll(() => world.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    ({ code }) => code,
  );

/** Pseudonyms are spread over the channels; these tests are about one. */
async function onChannel(person: Person, channel: number): Promise<string> {
  const pseudonym = `pt-${channel}-${name26()}`;
  const which = eq(people.id, person.actor.personId);
  await world.portal.db.update(people).set({ subjectId: pseudonym }).where(which);
  person.actor.subjectId = pseudonym;
  return world.portal.ledger.careChannelOf(pseudonym);
}

/** A block with one change, of which the ledger answers `entry`. */
async function change(
  name: string,
  id: string,
  what: { change: string; version?: number; state?: string },
  entry?: object,
) {
  if (entry !== undefined) world.ledger.entries.set(id, entry);
  const { version = 1, state = 'active' } = what;
  const at = new Date();
  const said = { id, change: what.change, state, version, at: at.toISOString(), patient: patient.actor.subjectId };
  const event = { name, payload: Buffer.from(JSON.stringify(said)) };
  const next = await nextBlockOf(world.portal, 'care-0');
  number += 1;
  const transactionId = String(number).padStart(64, '0');
  const transactions = [{ transactionId, at, valid: true, contract: 'care', endorsers: [], event }];
  await recordBlock(world.portal, 'care-0', { number: next, transactions, unreadable: 0 });
  return { transactionId, at: at.toISOString() };
}

const kindsOf = async (person: Person) =>
  (await listNotices(person.actor, { unreadOnly: true }, world.portal)).map(({ kind }) => kind);

function emergency(id: string, extra: Partial<Emergency> = {}): Emergency {
  const now = Date.now();
  return {
    ...{ id, patient: patient.actor.subjectId, actor: doctor.actor.subjectId, institution: 'inst-north-hospital' },
    ...{ level: 'summary', reason: 'unconscious after a fall', version: 1 },
    at: new Date(now).toISOString(),
    until: new Date(now + 4 * 3600_000).toISOString(),
    ...extra,
  };
}

describe('what a care channel tells', () => {
  it('shows documents in their newest version, with those that they replace', async () => {
    const [first, second] = [`doc-0-${name26()}`, `doc-0-${name26()}`];
    const of = (id: string, extra: object = {}) => ({
      ...{ id, patient: patient.actor.subjectId, author: doctor.actor.subjectId, institution: 'inst-north-hospital' },
      ...{ cid: `b${'a'.repeat(58)}`, contentHash: 'ab'.repeat(32), attachments: [], keyCommitment: 'C'.repeat(43) },
      ...{ signature: 'S'.repeat(96), state: 'current', at: new Date().toISOString(), version: 1 },
      ...extra,
    });
    await change('RecordChanged', first, { change: 'records:add' }, of(first));
    world.ledger.entries.set(first, of(first, { state: 'superseded', version: 2 }));
    await change('RecordChanged', second, { change: 'records:add' }, of(second, { replaces: first }));
    const rows = await world.portal.db.select({ id: documents.id, state: documents.state }).from(documents);
    expect(new Map(rows.map(({ id, state }) => [id, state]))).toEqual(
      new Map([
        [first, 'superseded'],
        [second, 'current'],
      ]),
    );
  });

  it('waits for a peer that is behind', async () => {
    const id = `emg-0-${name26()}`;
    const behind = change('AccessChanged', id, { change: 'access:openEmergency', version: 2 }, emergency(id));
    expect(await code(behind)).toBe('LEDGER_UNAVAILABLE');
    expect(await listEmergencies(regulator.actor, { which: 'all' }, world.portal)).toEqual([]);
  });

  it('makes the record’s state known', async () => {
    expect((await recordOf(patient.actor, {}, world.portal)).opened).toBe(false);
    await change('RecordChanged', patient.actor.subjectId, { change: 'records:open', state: 'open' });
    expect(await recordOf(patient.actor, {}, world.portal)).toMatchObject({
      opened: true,
      reach: 'own',
      name: 'Mara Lind',
    });
  });

  it('tells of consents that there are some, and of requests whoever asked', async () => {
    const [consent, request] = [`con-0-${name26()}`, `req-0-${name26()}`];
    await change('ConsentChanged', consent, { change: 'consents:grant' });
    await change('ConsentChanged', consent, { change: 'consents:revoke', version: 2, state: 'revoked' });
    const [row] = await world.portal.db.select().from(consents).where(eq(consents.id, consent));
    expect(row).toMatchObject({ state: 'revoked', version: 2 });
    await change('ConsentChanged', request, { change: 'consents:request', state: 'open' });
    expect(await kindsOf(patient)).toEqual(['accessRequested']);
    const set = { requester: doctor.actor.subjectId };
    await world.portal.db.update(consentRequests).set(set).where(eq(consentRequests.id, request));
    await change('ConsentChanged', request, { change: 'consents:decline', version: 2, state: 'declined' });
    expect(await kindsOf(doctor)).toEqual(['requestDeclined']);
  });

  it('lets somebody act for the patient, and tells both', async () => {
    const id = `rep-0-${name26()}`;
    const representation = {
      ...{ id, patient: patient.actor.subjectId, representative: relative.actor.subjectId, state: 'active' },
      ...{ by: patient.actor.subjectId, since: new Date().toISOString(), version: 1 },
    };
    expect(await code(recordOf(relative.actor, { pseudonym: patient.actor.subjectId }, world.portal))).toBe(
      'FORBIDDEN',
    );
    await change('PatientChanged', id, { change: 'patients:appoint' }, representation);
    expect(await recordOf(relative.actor, { pseudonym: patient.actor.subjectId }, world.portal)).toMatchObject({
      reach: 'representative',
    });
    expect(await kindsOf(relative)).toEqual(['representationBegun']);
    expect((await representationsOf(patient.actor, undefined, world.portal)).forMe).toMatchObject([
      { id, representative: { name: 'Ole Lind' } },
    ]);
    expect((await representationsOf(relative.actor, undefined, world.portal)).byMe).toMatchObject([
      { id, patient: { name: 'Mara Lind' } },
    ]);
  });

  it('tells the patient and who acts for the patient of an emergency, and the regulator sees it', async () => {
    const id = `emg-0-${name26()}`;
    await change('AccessChanged', id, { change: 'access:openEmergency', state: 'summary' }, emergency(id));
    expect(await kindsOf(patient)).toContain('emergencyOpened');
    expect(await kindsOf(relative)).toContain('emergencyOpened');
    const [seen] = await listEmergencies(regulator.actor, { which: 'open' }, world.portal);
    expect(seen).toMatchObject({ id, open: true, actor: { name: 'Dr Weiss' }, reason: 'unconscious after a fall' });
    expect(seen?.patient).toEqual({ pseudonym: patient.actor.subjectId });
    const review = {
      outcome: 'unjustified' as const,
      note: 'no emergency',
      by: regulator.actor.subjectId,
      at: new Date().toISOString(),
    };
    const reviewed = emergency(id, { version: 2, review });
    await change('AccessChanged', id, { change: 'access:reviewEmergency', version: 2 }, reviewed);
    expect(await kindsOf(doctor)).toContain('emergencyReviewed');
    expect(await listEmergencies(regulator.actor, { which: 'unreviewed' }, world.portal)).toEqual([]);
    expect(await countEmergencies(regulator.actor, undefined, world.portal)).toMatchObject([
      { actor: { name: 'Dr Weiss' }, total: 1, lastThirtyDays: 1, unjustified: 1, unreviewed: 0, unusual: true },
    ]);
    expect(await emergenciesOfRecord(patient.actor, {}, world.portal)).toMatchObject([{ id }]);
  });

  it('shows the patient who has read, with what proves it', async () => {
    const id = `acc-0-${name26()}`;
    const at = new Date();
    const access = {
      ...{ id, patient: patient.actor.subjectId, reader: doctor.actor.subjectId, institution: 'inst-north-hospital' },
      ...{ at: at.toISOString(), until: new Date(at.getTime() + 3600_000).toISOString() },
    };
    const { transactionId } = await change(
      'AccessChanged',
      id,
      { change: 'access:request', state: 'released' },
      access,
    );
    const reader = { name: 'Dr Weiss', institution: { name: 'North Hospital' } };
    expect(await whoSaw(patient.actor, {}, world.portal)).toMatchObject([{ id, reader, proof: { transactionId } }]);
    expect(await code(whoSaw(doctor.actor, { pseudonym: patient.actor.subjectId }, world.portal))).toBe('FORBIDDEN');
  });

  it('lets the organisations release shares to the reader alone, and is content with two', async () => {
    const [entry] = await whoSaw(patient.actor, {}, world.portal);
    const share = { category: 'summary' as const, epoch: 1, wrap: 'w' };
    const input = {
      access: entry?.id ?? '',
      shares: ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'].map((mspId) => ({ ...share, reader: `escrow:${mspId}` })),
    };
    expect(await code(releaseShares(patient.actor, input, world.portal))).toBe('NOT_FOUND');
    expect(await code(releaseShares(doctor.actor, input, world.portal))).toBe('NO_CONSENT');
    world.connector.shares.set('HospitalMSP', [{ ...share, wrap: 'one' }]);
    expect(await code(releaseShares(doctor.actor, input, world.portal))).toBe('NO_CONSENT');
    world.connector.shares.set('RegulatorMSP', [{ ...share, wrap: 'two' }]);
    const wraps = [{ category: 'summary', epoch: 1, wraps: ['one', 'two'] }];
    expect(await releaseShares(doctor.actor, input, world.portal)).toEqual(wraps);
  });

  it('tells of new keys whom they are for, and who answers for it', async () => {
    const subject = patient.actor.subjectId;
    const proposed = {
      ...{ subject, proposedBy: `prac-${name26()}`, proposedFor: 'HospitalMSP', state: 'proposed', version: 1 },
      keys: { signingKeyHash: 'ab'.repeat(32), readingKey: 'P'.repeat(1622), wallet: '' },
      at: new Date().toISOString(),
    };
    const state = { change: 'patients:proposeReenrolment', state: 'proposed' };
    await change('PatientChanged', subject, state, proposed);
    expect(await kindsOf(patient)).toContain('reenrolmentProposed');
    const views = [{ subject, state: 'proposed', proposedFor: 'HospitalMSP' }];
    expect(await listReenrolments(patient.actor, undefined, world.portal)).toMatchObject(views);
    expect(await listReenrolments(relative.actor, undefined, world.portal)).toEqual([]);
    const [authority] = await listReenrolments(regulator.actor, undefined, world.portal);
    expect(authority).toMatchObject({ subject });
    expect(authority?.name).toBeUndefined();
    const admin = await world.person('admin', 'inst-north-hospital');
    expect(await listReenrolments(admin.actor, undefined, world.portal)).toMatchObject([{ name: 'Mara Lind' }]);
    const other = await world.person('admin', 'inst-south-hospital');
    expect(await listReenrolments(other.actor, undefined, world.portal)).toEqual([]);
  });
});

describe('notices', () => {
  it('are told once however often a block is read, and read by their person alone', async () => {
    const own = await listNotices(patient.actor, { unreadOnly: true }, world.portal);
    const before = await world.portal.db.$count(notices);
    const ids = own.map(({ id }) => id);
    await markRead(doctor.actor, { ids }, world.portal);
    expect(await listNotices(patient.actor, { unreadOnly: true }, world.portal)).toHaveLength(own.length);
    expect(await markRead(patient.actor, { ids }, world.portal)).toEqual({ unread: 0 });
    expect(await world.portal.db.$count(notices)).toBe(before);
  });
});

describe('who may not', () => {
  const allowed: Record<string, Role[]> = {
    listEmergencies: ['regulator', 'admin', 'doctor'],
    countEmergencies: ['regulator', 'admin'],
    representationsOf: ['patient'],
    listReenrolments: ['patient', 'admin', 'regulator'],
  };
  it.each(Object.keys(allowed).flatMap((what) => roles.map((role) => [what, role] as const)))(
    '%s: %s',
    async (what, role) => {
      const actor = { ...doctor.actor, role };
      const work = {
        listEmergencies: () => listEmergencies(actor, { which: 'all' }, world.portal),
        countEmergencies: () => countEmergencies(actor, undefined, world.portal),
        representationsOf: () => representationsOf(actor, undefined, world.portal),
        listReenrolments: () => listReenrolments(actor, undefined, world.portal),
      }[what];
      expect(await code(work?.() ?? Promise.reject(new Error(what)))).toBe(
        allowed[what]?.includes(role) ? 'done' : 'FORBIDDEN',
      );
    },
  );

  it('an admin sees the emergencies of another institution', async () => {
    const admin = await world.person('admin', 'inst-south-hospital');
    expect(await listEmergencies(admin.actor, { which: 'all' }, world.portal)).toEqual([]);
  });
});
