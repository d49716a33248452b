import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { people } from '../gateways/db/schema/people.ts';
import { traceAlerts, traceEvents } from '../gateways/db/schema/trace.ts';
import { traceAlertNotes, traceTriage } from '../gateways/db/schema/triage.ts';
import { openName } from '../people/record.ts';
import type { Actor } from '../people/schema.ts';
import { rules } from '../trace/alerts/catalogue.ts';
import { alertViews } from '../trace/reading/alerts.ts';
import { requireOversight } from '../trace/reading/scope.ts';
import { triageStates } from '../trace/schema.ts';
import {
  type AlertCase,
  type decideAlert as deciding,
  nextStates,
  type noteOnAlert as noting,
  type someAlert,
  type TriageNote,
} from './schema.ts';
import { thingsOf } from './things.ts';

/** An alert with all that was decided and noted about it. Throws FORBIDDEN, NOT_FOUND. */
export async function readCase(
  actor: Actor,
  { id }: z.output<typeof someAlert>,
  portal: Portal = thePortal(),
): Promise<AlertCase> {
  requireOversight(actor);
  const { db } = portal;
  const [row] = await db
    .select({ alert: traceAlerts, triage: traceTriage })
    .from(traceAlerts)
    .leftJoin(traceTriage, eq(traceTriage.alertId, traceAlerts.id))
    .where(eq(traceAlerts.id, id));
  if (row === undefined) throw new AppError('NOT_FOUND', `no alert ${id}`);
  const { channel, block, place } = row.alert;
  const e = traceEvents;
  const [[event], [alert], notes, things] = await Promise.all([
    db
      .select({ channel: e.channel, block: e.block, transactionId: e.transactionId, hash: e.hash })
      .from(e)
      .where(and(eq(e.channel, channel), eq(e.block, block), eq(e.place, place))),
    alertViews(portal, [row]),
    notesOf(portal, id),
    thingsOf(portal, row.alert),
  ]);
  if (alert === undefined) throw new AppError('NOT_FOUND', `no alert ${id}`);
  const rule = rules.find((one) => one.id === row.alert.rule);
  const { determinedAt = null, reportedAt = null, closedAt = null } = row.triage ?? {};
  return {
    ...{ alert, things, event: event ?? null, notes, next: [...nextStates[alert.state]] },
    rule: { id: row.alert.rule, description: rule?.description ?? '', source: rule?.source ?? '' },
    determinedAt: determinedAt?.toISOString() ?? null,
    reportedAt: reportedAt?.toISOString() ?? null,
    closedAt: closedAt?.toISOString() ?? null,
  };
}

/**
 * Takes an alert a step further, with the reason in words. Throws FORBIDDEN, NOT_FOUND, WRONG_STATE (no such step from here),
 * CONFLICT (somebody else has decided meanwhile).
 */
export async function decideAlert(
  actor: Actor,
  { id, to, version, note }: z.output<typeof deciding>,
  portal: Portal = thePortal(),
): Promise<AlertCase> {
  requireOversight(actor);
  await portal.db.transaction(async (tx) => {
    await requireAlert(tx, id);
    const [before] = await tx.select().from(traceTriage).where(eq(traceTriage.alertId, id)).for('update');
    if ((before?.version ?? 0) !== version) throw new AppError('CONFLICT', `version ${before?.version ?? 0}`);
    const state = triageStates.find((known) => known === before?.state) ?? 'new';
    if (!nextStates[state].includes(to)) throw new AppError('WRONG_STATE', `${state} is not followed by ${to}`);
    const now = new Date();
    const change = {
      ...{ state: to, updatedAt: now, version: version + 1 },
      ...(to === 'illegitimate' && { determinedAt: now }),
      ...(to === 'reported' && { reportedAt: now }),
      ...(to === 'closed' && { closedAt: now }),
    };
    if (before === undefined) {
      const made = await tx
        .insert(traceTriage)
        .values({ alertId: id, ...change })
        .onConflictDoNothing()
        .returning({ id: traceTriage.alertId });
      if (made.length === 0) throw new AppError('CONFLICT', 'decided at the same moment');
    } else await tx.update(traceTriage).set(change).where(eq(traceTriage.alertId, id));
    await tx.insert(traceAlertNotes).values({ alertId: id, state: to, text: note, by: actor.personId });
  });
  return readCase(actor, { id }, portal);
}

/** Adds a note. Throws FORBIDDEN, NOT_FOUND. */
export async function noteOnAlert(
  actor: Actor,
  { id, note }: z.output<typeof noting>,
  portal: Portal = thePortal(),
): Promise<AlertCase> {
  requireOversight(actor);
  await requireAlert(portal.db, id);
  await portal.db.insert(traceAlertNotes).values({ alertId: id, text: note, by: actor.personId });
  return readCase(actor, { id }, portal);
}

async function requireAlert(db: Database, id: string): Promise<void> {
  const [found] = await db.select({ id: traceAlerts.id }).from(traceAlerts).where(eq(traceAlerts.id, id));
  if (found === undefined) throw new AppError('NOT_FOUND', `no alert ${id}`);
}

async function notesOf(portal: Portal, id: string): Promise<TriageNote[]> {
  const rows = await portal.db
    .select()
    .from(traceAlertNotes)
    .where(eq(traceAlertNotes.alertId, id))
    .orderBy(asc(traceAlertNotes.at), sql`ctid`);
  const authors = [...new Set(rows.map(({ by }) => by))];
  const known = authors.length === 0 ? [] : await portal.db.select().from(people).where(inArray(people.id, authors));
  const names = new Map(known.map((row) => [row.id, { id: row.subjectId, name: openName(portal.personalData, row) }]));
  return rows.map(({ text, state, by, at }) => ({
    ...{ text, state: triageStates.find((one) => one === state) ?? null },
    ...{ by: names.get(by) ?? { id: by, name: '' }, at: at.toISOString() },
  }));
}
