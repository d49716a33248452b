import { and, eq } from 'drizzle-orm';
import { circle as circleShape } from '#chaincode/model/circle.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { circleSeats, circles, plans } from '../gateways/db/schema/circles.ts';
import { institutionNames, patientNames, staffOf } from '../people/names.ts';
import type { Actor } from '../people/schema.ts';
import { representedBy } from '../records/reach.ts';
import { devicesOf } from '../telemetry/devices.ts';
import { isInForce, requireMember } from './policy.ts';
import type { CircleFacts, SeatView } from './schema.ts';

/** Patients (pseudonyms) in whose circle the actor is: as a doctor with a seat, the patient, or a representative. */
export async function watchedBy(actor: Actor, _: undefined, portal: Portal = thePortal()): Promise<string[]> {
  if (actor.role === 'patient') return [actor.subjectId, ...(await representedBy(portal, actor.subjectId))];
  if (actor.role !== 'doctor') return [];
  const rows = await portal.db
    .select({ patient: circleSeats.patient })
    .from(circleSeats)
    .where(and(eq(circleSeats.subject, actor.subjectId), isInForce));
  return rows.map(({ patient }) => patient);
}

/** The circles in which the actor is. */
export async function listCircles(actor: Actor, _: undefined, portal: Portal = thePortal()): Promise<CircleFacts[]> {
  const patients = await watchedBy(actor, undefined, portal);
  return Promise.all(patients.map((patient) => factsOf(portal, patient)));
}

/** One circle in which the actor is. Throws NOT_FOUND. */
export async function readCircleFacts(
  actor: Actor,
  { patient }: { patient: string },
  portal: Portal = thePortal(),
): Promise<CircleFacts> {
  await requireMember(portal, actor, patient);
  return factsOf(portal, patient);
}

async function factsOf(portal: Portal, patient: string): Promise<CircleFacts> {
  const { db } = portal;
  const [seats, [circle], [plan], names] = await Promise.all([
    db.select().from(circleSeats).where(eq(circleSeats.patient, patient)),
    db.select({ state: circles.ledgerState }).from(circles).where(eq(circles.patient, patient)),
    db.select({ version: plans.version }).from(plans).where(eq(plans.patient, patient)),
    patientNames(portal, [patient]),
  ]);
  const name = names.get(patient);
  const state = circle && circleShape.parse(circle.state);
  return {
    patient: { pseudonym: patient, ...(name !== undefined && { name }) },
    ...(state && {
      place: {
        ...{ generation: state.generation, epoch: state.epoch, leaves: state.leaves.length, since: state.since },
        ...(state.staleSince !== undefined && { staleSince: state.staleSince }),
      },
    }),
    planVersion: plan?.version ?? 0,
    seats: await seatsOf(portal, seats),
  };
}

async function seatsOf(portal: Portal, rows: (typeof circleSeats.$inferSelect)[]): Promise<SeatView[]> {
  const ids = rows.map(({ subject }) => subject);
  const [staff, devices] = await Promise.all([staffOf(portal, ids), devicesOf(portal.db, ids)]);
  const houses = await institutionNames(
    portal,
    [...devices.values()].map(({ institutionId }) => institutionId),
  );
  return rows.map(({ subject, kind, state, since, until, endedAt }): SeatView => {
    const person = staff.get(subject);
    const device = devices.get(subject);
    const house = device && {
      id: device.institutionId,
      name: houses.get(device.institutionId) ?? device.institutionId,
    };
    const institution = person?.institution ?? house;
    return {
      ...{ subject, since: since.toISOString() },
      kind: kind === 'monitor' || kind === 'clinician' ? kind : 'device',
      state: state === 'active' && (until === null || until > new Date()) ? 'active' : 'ended',
      ...(until !== null && { until: until.toISOString() }),
      ...(endedAt !== null && { endedAt: endedAt.toISOString() }),
      ...(person && { name: person.name }),
      ...(institution && { institution }),
      ...(device && { device }),
    };
  });
}
