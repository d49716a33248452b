import { and, eq, gt, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError, asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { accesses } from '../gateways/db/schema/care.ts';
import type { Actor } from '../people/schema.ts';
import type { ReleasedShares, releaseShares as releasing } from './schema.ts';

/** Shares of so many organisations put a seed together. */
const enough = 2;

/** The patient whose record the actor reads by an entry that has not ended. Throws NOT_FOUND. */
async function patientOf({ db }: Pick<Portal, 'db'>, actor: Actor, access: string): Promise<string> {
  const [row] = await db
    .select({ patient: accesses.patient })
    .from(accesses)
    .where(and(eq(accesses.id, access), eq(accesses.reader, actor.subjectId), gt(accesses.until, sql`now()`)));
  if (row === undefined) throw new AppError('NOT_FOUND', `${actor.subjectId} reads nothing by ${access}`);
  return row.patient;
}

/**
 * Has the organisations open their shares of a record's keys and wrap them anew for the actor. Each asks its own peer whether
 * the ledger lets it; that two of them do is enough. The shares pass through, sealed. Throws NOT_FOUND, and what an
 * organisation answered where fewer than two gave theirs.
 */
export async function releaseShares(
  actor: Actor,
  { access, shares }: z.output<typeof releasing>,
  portal: Portal = thePortal(),
): Promise<ReleasedShares[]> {
  const patient = await patientOf(portal, actor, access);
  const organisations = new Map(shares.map(({ reader }) => [reader, reader.slice('escrow:'.length)]));
  const answers = await Promise.allSettled(
    [...organisations].map(([receiver, mspId]) => {
      const own = shares.filter(({ reader }) => reader === receiver);
      const sealed = own.map(({ category, epoch, wrap }) => ({ category, epoch, wrap }));
      return portal.connector.releaseShares({ mspId, patient, person: actor.subjectId, shares: sealed });
    }),
  );
  const released = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const [refused] = answers.flatMap((answer) => (answer.status === 'rejected' ? [asAppError(answer.reason)] : []));
  if (refused !== undefined) {
    log().info(
      { access, code: refused.code, detail: refused.detail, released: released.length },
      'shares are withheld',
    );
    if (released.length < enough) throw refused;
  }
  const epochs = new Map<string, ReleasedShares>();
  for (const { category, epoch, wrap } of released.flat()) {
    const known = epochs.get(`${category}/${epoch}`) ?? { category, epoch, wraps: [] };
    known.wraps.push(wrap);
    epochs.set(`${category}/${epoch}`, known);
  }
  return [...epochs.values()];
}
