import { z } from 'zod';

export const findGrantees = z.object({ query: z.string().trim().min(2).max(100) });

/** Somebody, or an institution, that a patient may let read. */
export type GranteeView =
  | {
      kind: 'person';
      /** `prac-…` */
      id: string;
      name: string;
      role: 'doctor' | 'pharmacist';
      specialty: string;
      institution: { id: string; name: string };
    }
  | {
      kind: 'institution';
      id: string;
      name: string;
      institutionKind: string;
      place: string;
    };

/** The same with whether it reads at present: those whom consents name may have been suspended since. */
export type KnownGrantee = GranteeView & { active: boolean };

/** A consent or request as the portal follows it; what it says, only the ledger's answer to the person has. */
export interface RequestView {
  id: string;
  patient: { pseudonym: string; name?: string };
  state: string;
  /** ISO 8601, of the last change. */
  at: string;
}
