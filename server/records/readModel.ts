import { sql } from 'drizzle-orm';
import type { StoredDocument } from '#chaincode/model/healthRecord.ts';
import type { Database } from '../gateways/db/database.ts';
import { documents } from '../gateways/db/schema/care.ts';
import { keepNamed } from './blocks.ts';

/**
 * Brings the read model to documents of the ledger, an older version changing nothing. Their blocks belong to the patient's
 * record from then on, wherever they were uploaded.
 */
export async function projectDocuments(db: Database, channel: string, states: StoredDocument[]): Promise<void> {
  if (states.length === 0) return;
  const newest = new Map<string, StoredDocument>();
  for (const state of states) {
    if ((newest.get(state.id)?.version ?? 0) < state.version) newest.set(state.id, state);
  }
  const rows = [...newest.values()].map((state) => ({
    ...{ id: state.id, channel, patient: state.patient, author: state.author, state: state.state },
    ...{ at: new Date(state.at), version: state.version, ledgerState: state },
  }));
  await db
    .insert(documents)
    .values(rows)
    .onConflictDoUpdate({
      target: documents.id,
      set: {
        state: sql`excluded.state`,
        version: sql`excluded.version`,
        ledgerState: sql`excluded.ledger_state`,
      },
      setWhere: sql`excluded.version > ${documents.version}`,
    });
  const named = Map.groupBy(states, ({ patient }) => patient);
  for (const [patient, theirs] of named) {
    const roots = theirs.flatMap(({ cid, attachments }) => [cid, ...attachments]);
    await keepNamed(db, patient, roots);
  }
}
