import { sql } from 'drizzle-orm';
import type { CareChanged } from '#chaincode/model/careEvents.ts';
import type { Database } from '../gateways/db/database.ts';
import { consentRequests, consents } from '../gateways/db/schema/care.ts';

type Change = Pick<CareChanged, 'id' | 'state' | 'version' | 'at' | 'patient'>;

/** Brings the read model to what events tell of consents: that there is one, and its state. */
export async function projectConsents(db: Database, channel: string, changes: Change[]): Promise<void> {
  for (const { id, state, version, at, patient = '' } of changes) {
    const changing = { state, version, at: new Date(at) };
    await db
      .insert(consents)
      .values({ id, channel, patient, ...changing })
      .onConflictDoUpdate({ target: consents.id, set: changing, setWhere: sql`${consents.version} < ${version}` });
  }
}

/** The same of requests. Who asks is told where the request was made through this portal. */
export async function projectRequests(
  db: Database,
  channel: string,
  changes: (Change & { requester?: string })[],
): Promise<void> {
  for (const { id, state, version, at, patient = '', requester } of changes) {
    const known = requester === undefined ? {} : { requester };
    const isNewer = sql`${consentRequests.version} < ${version}`;
    await db
      .insert(consentRequests)
      .values({ id, channel, patient, state, version, at: new Date(at), ...known })
      .onConflictDoUpdate({
        target: consentRequests.id,
        set: {
          state: sql`case when ${isNewer} then excluded.state else ${consentRequests.state} end`,
          at: sql`case when ${isNewer} then excluded.at else ${consentRequests.at} end`,
          version: sql`greatest(${consentRequests.version}, excluded.version)`,
          requester: sql`coalesce(${consentRequests.requester}, excluded.requester)`,
        },
      });
  }
}
