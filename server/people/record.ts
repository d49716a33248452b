import { z } from 'zod';
import type { people } from '../gateways/db/schema/people.ts';
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
