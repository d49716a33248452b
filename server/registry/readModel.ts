import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Reenrolment } from '#chaincode/model/patient.ts';
import { type Device, type Institution, type Practitioner, registryEvent } from '#chaincode/model/registry.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { devices } from '../gateways/db/schema/circles.ts';
import { institutions, people } from '../gateways/db/schema/people.ts';
import { sessions } from '../gateways/db/schema/session.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import type { NoticeKind } from '../notices/schema.ts';
import { tell } from '../notices/tell.ts';
import { projectReenrolments } from '../reenrolment/readModel.ts';
import { tellChange } from '../telemetry/changes.ts';
import { readDevice, readInstitution, readPractitioner, readReenrolment } from './ledger.ts';

const standingChange = z.object({
  kind: z.enum(['institution', 'practitioner', 'device', 'reenrolment']),
  id: z.string(),
  /** The function that was called. */
  change: z.string(),
  version: z.number(),
  at: z.iso.datetime(),
});
type StandingChange = z.infer<typeof standingChange>;

/** Institutions, practitioners, devices and re-enrolments whose entries a block has changed. */
export function changesIn({ transactions }: Block): StandingChange[] {
  return transactions.flatMap(({ valid, contract, event }) => {
    if (!valid || contract !== 'registry' || event?.name !== registryEvent) return [];
    return standingChange.safeParse(jsonOf(event.payload)).data ?? [];
  });
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Entries of the registry that a block has changed, as far as the portal shows them. */
export interface RegistryEntries {
  institutions: Institution[];
  practitioners: Practitioner[];
  devices?: Device[];
  reenrolments?: Reenrolment[];
  /** What was done about whose new keys. */
  changes?: Pick<StandingChange, 'id' | 'change' | 'at'>[];
}

/** What a person is told by what was done about new keys in the person's name. */
const noticeOf: Partial<Record<string, NoticeKind>> = {
  proposeReenrolment: 'reenrolmentProposed',
  approveReenrolment: 'reenrolmentApproved',
  completeReenrolment: 'reenrolmentCompleted',
};
/** Completed is announced as a change of the person's entry. */
const isOfNewKeys = ({ kind, change }: StandingChange) => kind === 'reenrolment' || change === 'completeReenrolment';

/**
 * Entries that changed, as the ledger has them now. Throws LEDGER_UNAVAILABLE where the peer that is asked is behind the
 * one whose block is read, so that the block is read again.
 */
export async function readChanged({ db, ledger }: Portal, changes: StandingChange[]): Promise<RegistryEntries> {
  const newest = (kind: StandingChange['kind']) =>
    new Map(changes.filter((change) => change.kind === kind).map(({ id, version }) => [id, version]));
  const changed = newest('practitioner');
  const known = await db
    .select({ id: people.subjectId })
    .from(people)
    .where(inArray(people.subjectId, [...changed.keys()]));
  const ofNewKeys = changes.filter(isOfNewKeys);
  const versions = new Map(ofNewKeys.map(({ id, kind, version }) => [id, kind === 'reenrolment' ? version : 1]));
  const [houses, staff, equipment, reenrolments] = await Promise.all([
    Promise.all([...newest('institution')].map(([id, version]) => atLeast(version, readInstitution(ledger, id)))),
    Promise.all(known.map(({ id }) => atLeast(changed.get(id) ?? 0, readPractitioner(ledger, id)))),
    Promise.all([...newest('device')].map(([id, version]) => atLeast(version, readDevice(ledger, id)))),
    Promise.all([...versions].map(([id, version]) => atLeast(version, readReenrolment(ledger, id)))),
  ]);
  return { institutions: houses, practitioners: staff, devices: equipment, reenrolments, changes: ofNewKeys };
}

async function atLeast<Entry extends { version: number }>(version: number, reading: Promise<Entry>): Promise<Entry> {
  const entry = await reading.catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error;
  });
  if (entry !== undefined && entry.version >= version) return entry;
  throw new AppError('LEDGER_UNAVAILABLE', `the peer has not got version ${version} of an entry yet`);
}

/** Brings the read model to entries of the ledger, ends the sessions of whom they keep from acting, and tells of new keys. */
export async function projectRegistry(db: Database, entries: RegistryEntries): Promise<void> {
  await projectInstitutions(db, entries.institutions);
  await projectPractitioners(db, entries.practitioners);
  await projectDevices(db, entries.devices ?? []);
  await projectReenrolments(db, 'registry', entries.reenrolments ?? []);
  for (const { id, change, at } of entries.changes ?? []) {
    const kind = noticeOf[change];
    if (kind !== undefined) await tell(db, [id], { kind, subject: id, patient: id, at: new Date(at) });
  }
}

/** Brings what the screens show of institutions to entries of the ledger; places are the portal's own. */
async function projectInstitutions(db: Database, entries: Institution[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ id, kind, name, mspId, status, version }) => ({
    ...{ id, kind, name, mspId, status },
    registryVersion: version,
  }));
  await db
    .insert(institutions)
    .values(rows)
    .onConflictDoUpdate({
      target: institutions.id,
      set: {
        kind: sql`excluded.kind`,
        name: sql`excluded.name`,
        mspId: sql`excluded.msp_id`,
        status: sql`excluded.status`,
        registryVersion: sql`excluded.registry_version`,
      },
      setWhere: sql`excluded.registry_version > ${institutions.registryVersion}`,
    });
  await endLost(db, { institutions: rows.filter(({ status }) => status !== 'active').map(({ id }) => id) });
}

/** Brings status and licence of people whom the portal knows to entries of the ledger. */
async function projectPractitioners(db: Database, entries: Practitioner[]): Promise<void> {
  for (const { id, status, licence, version } of entries) {
    await db
      .update(people)
      .set({ status, licence, registryVersion: version })
      .where(and(eq(people.subjectId, id), lt(people.registryVersion, version)));
  }
  await endLost(db, { subjects: entries.filter(({ status }) => status !== 'active').map(({ id }) => id) });
}

/** Brings devices to entries of the ledger, and tells whoever has a connection of theirs. */
async function projectDevices(db: Database, entries: Device[]): Promise<void> {
  for (const { id, institutionId, mspId, model, purpose = 'system', status, keys, transferTo, version } of entries) {
    const row = {
      ...{ id, institutionId, mspId, model, purpose, status, version },
      ...{ signingKeyHash: keys.signingKeyHash, transferTo: transferTo ?? null },
    };
    const setWhere = lt(devices.version, version);
    await db.insert(devices).values(row).onConflictDoUpdate({ target: devices.id, set: row, setWhere });
    await tellChange(db, { about: 'device', id });
  }
}

/** Ends the sessions of people who may no longer act, and with them their open streams. */
async function endLost(db: Database, lost: { institutions?: string[]; subjects?: string[] }): Promise<void> {
  const { institutions: houses = [], subjects = [] } = lost;
  if (houses.length + subjects.length === 0) return;
  const concerned = db
    .select({ id: people.id })
    .from(people)
    .where(or(inArray(people.institutionId, houses), inArray(people.subjectId, subjects)));
  await db
    .update(sessions)
    .set({ endedAt: sql`now()` })
    .where(and(isNull(sessions.endedAt), inArray(sessions.personId, concerned)));
}
