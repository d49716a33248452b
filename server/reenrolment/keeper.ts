import { eq } from 'drizzle-orm';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { people } from '../gateways/db/schema/people.ts';
import { patientInReach } from '../people/patients.ts';
import type { Actor } from '../people/schema.ts';
import { readPractitioner } from '../registry/ledger.ts';
import { allowKeeper, ownInstitutionOf } from '../registry/policy.ts';

export type PersonRow = typeof people.$inferSelect;

/** Patients belong to hospitals; the ledger takes nobody else's word for them. */
const hospitalMsp = 'HospitalMSP';

/**
 * The person for whom an admin answers: staff of the own institution but not herself, or a patient whom the own hospital
 * treats. Throws FORBIDDEN, NOT_FOUND, SUSPENDED for somebody revoked, NOT_ENROLLED.
 */
export async function requireKept(portal: Portal, actor: Actor, subject: string): Promise<PersonRow> {
  ownInstitutionOf(actor);
  if (subject.startsWith('pt-')) {
    const reached =
      actor.mspId === hospitalMsp ? await patientInReach(portal, actor, { pseudonym: subject }) : undefined;
    if (reached === undefined) {
      throw new AppError('FORBIDDEN', `${subject} is out of reach`, {
        message: 'This patient is not treated at your institution.',
      });
    }
  } else {
    const practitioner = await readPractitioner(portal.ledger, subject);
    allowKeeper(actor, practitioner, subject);
    if (practitioner.status === 'revoked') throw new AppError('SUSPENDED', `${subject} is revoked`);
  }
  const [person] = await portal.db.select().from(people).where(eq(people.subjectId, subject));
  if (person === undefined) throw new AppError('NOT_FOUND', `${subject} has no account here`);
  if (person.enrolledAt === null) {
    throw new AppError('NOT_ENROLLED', `${subject} has no keys`, {
      message: 'This person has no keys yet.',
      next: 'Send an invitation instead.',
    });
  }
  return person;
}
