import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../gateways/db/database.ts';
import { people } from '../gateways/db/schema/people.ts';
import type { PersonalData } from './personalData.ts';

/** Personal details of one person, encrypted together. */
export const personDetails = z.object({
  /** ISO date; empty for staff. */
  birthDate: z.string(),
  sex: z.enum(['male', 'female', 'other', 'unknown']),
  identifier: z.string(),
});
export type PersonDetails = z.infer<typeof personDetails>;

export const licence = z.object({
  number: z.string(),
  specialty: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
});

type Row = typeof people.$inferSelect;

export const sealedName = (personId: string) => `people.name:${personId}`;
export const sealedEmail = (personId: string) => `people.email:${personId}`;
export const sealedDetails = (personId: string) => `people.details:${personId}`;

/** Name of a person. */
export function openName(personalData: PersonalData, row: Pick<Row, 'id' | 'nameSealed'>): string {
  return personalData.open(sealedName(row.id), row.nameSealed, z.string());
}

/** Birth date, sex and identifier of a person. */
export function openDetails(personalData: PersonalData, row: Pick<Row, 'id' | 'detailsSealed'>): PersonDetails {
  return personalData.open(sealedDetails(row.id), row.detailsSealed, personDetails);
}

/** E-mail of a person, as normalised. */
export async function readEmail(
  { db, personalData }: { db: Database; personalData: PersonalData },
  personId: string,
): Promise<string> {
  const [row] = await db.select({ sealed: people.emailSealed }).from(people).where(eq(people.id, personId));
  if (row === undefined || row.sealed === null) throw new Error(`there is no e-mail of ${personId}`);
  return personalData.open(sealedEmail(personId), row.sealed, z.string());
}
