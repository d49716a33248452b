import { and, desc, eq, inArray, ne } from 'drizzle-orm';
import type { z } from 'zod';
import { alert } from '#chaincode/model/alert.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { requireMember } from '../circles/policy.ts';
import { watchedBy } from '../circles/service.ts';
import { alerts } from '../gateways/db/schema/circles.ts';
import { patientNames, staffOf } from '../people/names.ts';
import type { Actor } from '../people/schema.ts';
import type { AlertView, listAlerts as listing } from './schema.ts';

const mostListed = 500;

/** Alerts about patients whom the actor watches, or is, or represents; newest first. Throws NOT_FOUND for any other patient. */
export async function listAlerts(
  actor: Actor,
  { patient, which }: z.output<typeof listing>,
  portal: Portal = thePortal(),
): Promise<AlertView[]> {
  if (patient !== undefined) await requireMember(portal, actor, patient);
  const patients = patient === undefined ? await watchedBy(actor, undefined, portal) : [patient];
  if (patients.length === 0) return [];
  const rows = await portal.db
    .select({ state: alerts.ledgerState, dueAt: alerts.dueAt })
    .from(alerts)
    .where(and(inArray(alerts.patient, patients), which === 'open' ? ne(alerts.state, 'closed') : undefined))
    .orderBy(desc(alerts.at))
    .limit(mostListed);
  return viewsOf(portal, rows);
}

/** One alert. Throws NOT_FOUND, also where the actor does not watch its patient. */
export async function readAlert(
  actor: Actor,
  { id }: { id: string },
  portal: Portal = thePortal(),
): Promise<AlertView | undefined> {
  const [row] = await portal.db
    .select({ patient: alerts.patient, state: alerts.ledgerState, dueAt: alerts.dueAt })
    .from(alerts)
    .where(eq(alerts.id, id));
  await requireMember(portal, actor, row?.patient ?? '');
  const [view] = await viewsOf(portal, row === undefined ? [] : [row]);
  return view;
}

async function viewsOf(portal: Portal, rows: { state: unknown; dueAt: Date }[]): Promise<AlertView[]> {
  const entries = rows.map(({ state, dueAt }) => ({ ...alert.parse(state), dueAt: dueAt.toISOString() }));
  const [names, staff] = await Promise.all([
    patientNames(
      portal,
      entries.map(({ patient }) => patient),
    ),
    staffOf(
      portal,
      entries.flatMap(({ acknowledgedBy, closedBy }) => [acknowledgedBy ?? [], closedBy ?? []].flat()),
    ),
  ]);
  const person = (id: string) => ({ id, name: staff.get(id)?.name ?? id });
  return entries.map((entry) => {
    const { id, patient, device, level, state, at, raisedAt, dueAt, frameHash } = entry;
    const { acknowledgedBy, acknowledgedAt, escalatedAt, closedBy, closedAt, outcome } = entry;
    const name = names.get(patient);
    return {
      ...{ id, device, level, state, at, raisedAt, dueAt, frameHash },
      patient: { pseudonym: patient, ...(name !== undefined && { name }) },
      ...(acknowledgedBy !== undefined && { acknowledgedBy: person(acknowledgedBy) }),
      ...(acknowledgedAt !== undefined && { acknowledgedAt }),
      ...(escalatedAt !== undefined && { escalatedAt }),
      ...(closedBy !== undefined && { closedBy: person(closedBy) }),
      ...(closedAt !== undefined && { closedAt }),
      ...(outcome !== undefined && { outcome }),
    };
  });
}
