import type { OptionalEvidence } from '#chaincode/model/policy.ts';
import type { InstitutionId, patients, staff } from '../people.ts';
import { complete, everyday } from './plans.ts';

/** Who is insured in the demonstration, and whom they let bill. */

type PatientEmail = (typeof patients)[number]['email'];
type StaffEmail = (typeof staff)[number]['email'];

export const insurer = 'inst-northern-mutual' satisfies InstitutionId;
export const adjuster = 'nils.aker@northernmutual.example' satisfies StaffEmail;

export const plans = { everyday, complete };

export interface InsuredPatient {
  patient: PatientEmail;
  plan: keyof typeof plans;
  /** Whom the patient lets bill; nobody where the insurer has not decided yet. */
  providers: readonly InstitutionId[];
  /** What the insurer may see besides what every claim shows. */
  evidence: readonly OptionalEvidence[];
}

const pharmacies = ['inst-harbour-pharmacy', 'inst-old-town-pharmacy'] as const;

export const insured: readonly InsuredPatient[] = [
  {
    ...{ patient: 'jonas.lind@mail.example', plan: 'everyday', evidence: ['prescriber', 'dosage'] },
    providers: [...pharmacies, 'inst-lakeside-hospital', 'inst-hillcrest-clinic'],
  },
  {
    ...{ patient: 'amina.farouk@mail.example', plan: 'complete', evidence: [] },
    providers: [...pharmacies, 'inst-lakeside-hospital'],
  },
  {
    ...{ patient: 'tomasz.nowak@mail.example', plan: 'everyday', evidence: ['prescriber'] },
    providers: [...pharmacies, 'inst-lakeside-hospital'],
  },
  {
    ...{ patient: 'grace.okafor@mail.example', plan: 'everyday', evidence: [] },
    providers: [...pharmacies, 'inst-hillcrest-clinic'],
  },
  {
    ...{ patient: 'daniel.cohen@mail.example', plan: 'complete', evidence: ['prescriber', 'reason'] },
    providers: [...pharmacies, 'inst-lakeside-hospital'],
  },
];

/** Has applied, and waits for the insurer. */
export const applicant = { patient: 'luca.moretti@mail.example', plan: 'everyday' } as const satisfies Pick<
  InsuredPatient,
  'patient' | 'plan'
>;
