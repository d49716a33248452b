import { eq } from 'drizzle-orm';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { AppError } from '#server/errors.ts';
import type { Database } from '../gateways/db/database.ts';
import { institutions } from '../gateways/db/schema/people.ts';
import type { Actor } from '../people/schema.ts';

/** Refuses with FORBIDDEN who is no pharmacist of a pharmacy. */
export function allowDispensing({ role, institutionId }: Actor): void {
  if (role !== 'pharmacist' || institutionId === null) throw new AppError('FORBIDDEN', `${role} dispenses nothing`);
}

/** Only the pharmacy that holds a prescription begins a dispense on it: WRONG_STATE, HELD_BY_ANOTHER. */
export function allowBeginning({ institutionId }: Actor, { id, holder }: Prescription): void {
  if (holder === undefined) throw new AppError('WRONG_STATE', `nobody holds ${id}`);
  if (holder.institutionId !== institutionId) throw new AppError('HELD_BY_ANOTHER', holder.institutionId);
}

/** The pharmacy whose admin the actor is. Throws FORBIDDEN for everybody else. */
export async function ownPharmacyOf(db: Database, { role, institutionId }: Actor): Promise<string> {
  if (role !== 'admin' || institutionId === null) throw new AppError('FORBIDDEN', `${role} sets nothing of a pharmacy`);
  const [house] = await db
    .select({ kind: institutions.kind })
    .from(institutions)
    .where(eq(institutions.id, institutionId));
  if (house?.kind !== 'pharmacy') throw new AppError('FORBIDDEN', `${institutionId} is no pharmacy`);
  return institutionId;
}
