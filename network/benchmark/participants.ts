import { eq } from 'drizzle-orm';
import { people } from '#server/gateways/db/schema/people.ts';
import { normaliseEmail } from '#server/people/personalData.ts';
import type { Portal } from '#server/portal.ts';
import type { Participant } from '../demonstration/accounts.ts';
import { institutions, patients, staff } from '../demonstration/people.ts';

/** An enrolled person of the demonstration, by e-mail, as the portal's services know the person. */
export async function findParticipant(portal: Portal, email: string): Promise<Participant> {
  const member = staff.find((one) => one.email === email);
  const patient = patients.find((one) => one.email === email);
  const named = member ?? patient;
  if (!named) throw new Error(`${email} is nobody of the demonstration.`);
  const institution = institutions.find(({ id }) => id === member?.institutionId);
  const index = portal.personalData.index('email', normaliseEmail(email));
  const [row] = await portal.db.select().from(people).where(eq(people.emailIndex, index));
  if (!row?.readingKey || !row.certificatePem) throw new Error(`${named.name} is not enrolled.`);
  return {
    actor: {
      ...{ personId: row.id, sessionId: '', role: member?.role ?? 'patient', name: named.name },
      ...{ subjectId: row.subjectId, mspId: institution?.mspId ?? 'PatientMSP', enrolled: true },
      ...{ institutionId: institution?.id ?? null, institutionName: institution?.name ?? null },
    },
    readingKey: row.readingKey,
    certificatePem: row.certificatePem,
  };
}
