import type { Role } from '#server/people/schema.ts';

/** Where a clinician of this role sees a patient's record. `id`: the portal's id of the person, or the pseudonym. */
export const recordAddress = (role: Role, id: string): string =>
  `${role === 'pharmacist' ? '/pharmacy' : '/doctor'}/patients/${id}`;

/** Whom the last part of that address names. */
export const whichPatient = (id: string): { personId: string } | { pseudonym: string } =>
  id.startsWith('pt-') ? { pseudonym: id } : { personId: id };
