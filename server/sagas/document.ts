import { and, eq, inArray, or, sql } from 'drizzle-orm';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { readReport } from '../adverseEvents/ledger.ts';
import type { Database } from '../gateways/db/database.ts';
import { adverseReports } from '../gateways/db/schema/adverseEvents.ts';
import { prescriptions } from '../gateways/db/schema/ledger.ts';
import { sagas } from '../gateways/db/schema/sagas.ts';
import { readFromLedger } from '../prescriptions/ledger.ts';
import { personOf } from './person.ts';
import { lockDocument, type Saga, stepOf, updateSaga } from './store.ts';

/**
 * Takes the pin off the document of a flow that ended without a signature, unless a ledger's record or another flow
 * names it: whoever has seen a ciphertext could begin a flow with it. Throws LEDGER_UNAVAILABLE, IPFS_UNAVAILABLE.
 */
export async function releaseDocument(portal: Portal, saga: Saga): Promise<void> {
  const cid = stepOf(saga.steps, 'store')?.proof ?? '';
  const signed = stepOf(saga.steps, 'sign')?.state === 'done';
  if (cid !== '' && !signed && !(await isRecorded(portal, saga, cid))) {
    await portal.db.transaction(async (tx) => {
      // A flow that begins with the same document meanwhile waits, and stores it anew.
      await lockDocument(tx, cid);
      if (!(await isNamed(tx, cid))) await portal.ipfs.unpin(cid);
    });
  }
  await updateSaga(portal.db, saga.row.id, { dueAt: null });
}

/** Whether the ledger's record of the flow's own subject names the document; the read model may not have it yet. */
async function isRecorded(portal: Portal, saga: Saga, cid: string): Promise<boolean> {
  try {
    const { mspId } = await personOf(portal, saga);
    if (saga.row.kind.startsWith('reports:')) {
      const { messages } = await readReport(portal.ledger, saga.row.subject, mspId);
      return messages.some((message) => message.cid === cid);
    }
    const prescription = await readFromLedger(portal.ledger, saga.row.subject, mspId);
    return prescription.cid === cid || prescription.dispenses.some((dispense) => dispense.cid === cid);
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}

async function isNamed(db: Database, cid: string): Promise<boolean> {
  const dispensed = JSON.stringify([{ cid }]);
  const recorded = await db
    .select({ id: prescriptions.id })
    .from(prescriptions)
    .where(
      or(
        sql`${prescriptions.ledgerState} ->> 'cid' = ${cid}`,
        sql`${prescriptions.ledgerState} -> 'dispenses' @> ${dispensed}::jsonb`,
      ),
    )
    .limit(1);
  if (recorded.length > 0) return true;
  const reported = await db
    .select({ id: adverseReports.id })
    .from(adverseReports)
    .where(sql`${adverseReports.ledgerState} -> 'messages' @> ${dispensed}::jsonb`)
    .limit(1);
  if (reported.length > 0) return true;
  const flows = await db
    .select({ id: sagas.id })
    .from(sagas)
    .where(
      and(
        inArray(sagas.state, ['running', 'waiting', 'done']),
        or(
          ...['issue', 'dispense', 'message'].map((member) =>
            eq(sql`${sagas.intent} -> ${member}::text ->> 'cid'`, cid),
          ),
        ),
      ),
    )
    .limit(1);
  return flows.length > 0;
}
