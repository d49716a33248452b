import { z } from 'zod';
import { LedgerError } from './errors.ts';
import { type Institution, institutionStatuses, type Licence, type Practitioner } from './registry.ts';

/** What a channel was told of a practitioner's, institution's, device's or delegation's status, with the version of their entry. */
export const mirroredStanding = z.strictObject({
  subject: z.string(),
  status: z.enum(institutionStatuses),
  version: z.int().positive(),
  /** Who answers for a practitioner or device. */
  institution: z.string().optional(),
  /** When the channel was told so, ISO 8601; absent in mirrors from before it was kept. */
  since: z.iso.datetime().optional(),
});
export type MirroredStanding = z.infer<typeof mirroredStanding>;

/** Whether a licence covers the instant `at`; from `validFrom` (inclusive) until `validTo` (exclusive). */
export function licenceCovers(licence: Licence, at: Date): boolean {
  return Date.parse(licence.validFrom) <= at.getTime() && at.getTime() < Date.parse(licence.validTo);
}

/** Refuses a person or institution that is not active: SUSPENDED. */
export function requireActive(practitioner: Practitioner, institution: Institution): void {
  if (practitioner.status !== 'active') {
    throw new LedgerError('SUSPENDED', `${practitioner.id} is ${practitioner.status}`);
  }
  if (institution.status !== 'active') {
    throw new LedgerError('SUSPENDED', `${institution.id} is ${institution.status}`);
  }
}

/** Refuses a person who may not practise at the instant `at`: SUSPENDED, LICENCE_INVALID. */
export function requireStanding(practitioner: Practitioner, institution: Institution, at: Date): void {
  requireActive(practitioner, institution);
  if (!licenceCovers(practitioner.licence, at)) {
    throw new LedgerError('LICENCE_INVALID', `the licence of ${practitioner.id} does not cover ${at.toISOString()}`);
  }
}
