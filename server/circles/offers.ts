import { and, asc, eq, inArray, notInArray, or, sql } from 'drizzle-orm';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { circleSeats, devices } from '../gateways/db/schema/circles.ts';
import { careRelationships, people } from '../gateways/db/schema/people.ts';
import { institutionNames } from '../people/names.ts';
import type { Actor } from '../people/schema.ts';
import { isInForce, requireOwner } from './policy.ts';
import type { OfferedDevice } from './schema.ts';

const mostOffered = 50;

/**
 * Devices that a patient may add: of the institutions that treat the patient, in use on `registry`, and at nobody else's. A
 * monitor watches many. Throws NOT_FOUND for whoever does not own the circle.
 */
export async function listOffered(
  actor: Actor,
  { patient }: { patient: string },
  portal: Portal = thePortal(),
): Promise<OfferedDevice[]> {
  await requireOwner(portal, actor, patient);
  const { db } = portal;
  const treating = db
    .select({ id: careRelationships.institutionId })
    .from(careRelationships)
    .innerJoin(people, eq(people.id, careRelationships.patientId))
    .where(eq(people.subjectId, patient));
  const taken = db.select({ id: circleSeats.subject }).from(circleSeats).where(isInForce);
  const own = db
    .select({ id: circleSeats.subject })
    .from(circleSeats)
    .where(and(isInForce, eq(circleSeats.patient, patient)));
  const rows = await db
    .select()
    .from(devices)
    .where(
      and(
        inArray(devices.institutionId, treating),
        eq(devices.status, 'active'),
        or(
          and(inArray(devices.purpose, ['sensor', 'hub']), notInArray(devices.id, taken)),
          and(eq(devices.purpose, sql`'monitor'`), notInArray(devices.id, own)),
        ),
      ),
    )
    .orderBy(asc(devices.model), asc(devices.id))
    .limit(mostOffered);
  const houses = await institutionNames(
    portal,
    rows.map(({ institutionId }) => institutionId),
  );
  return rows.map(({ id, model, purpose, institutionId }) => ({
    ...{ id, model, purpose },
    institution: houses.get(institutionId) ?? institutionId,
  }));
}
