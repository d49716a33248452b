import { eq } from 'drizzle-orm';
import type { Portal } from '#server/portal.ts';
import { people } from '../gateways/db/schema/people.ts';
import type { Saga } from './store.ts';

/** Whose flow it is; the ledger is asked through the person's own organisation, whose peer has the person's block. */
export async function personOf(portal: Portal, saga: Saga) {
  const [row] = await portal.db.select().from(people).where(eq(people.id, saga.row.personId));
  return { mspId: row?.mspId ?? '', certificatePem: row?.certificatePem ?? '', subjectId: row?.subjectId ?? '' };
}
