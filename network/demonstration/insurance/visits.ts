import type { ClaimSubmission } from '#chaincode/model/claim.ts';
import type { InstitutionId, patients, staff } from '../people.ts';

/** What is billed in the demonstration for services that are no medicines. Amounts are cents. */
export interface Visit {
  patient: (typeof patients)[number]['email'];
  doctor: (typeof staff)[number]['email'];
  institution: InstitutionId;
  use: ClaimSubmission['use'];
  category: Exclude<ClaimSubmission['category'], 'medicine'>;
  service: { code: string; name: string };
  net: number;
  /** Hours ago. */
  ago: number;
}

const weiss = { doctor: 'amara.weiss@lakeside.example', institution: 'inst-lakeside-hospital' } as const;
const adeyemi = { doctor: 'samuel.adeyemi@hillcrest.example', institution: 'inst-hillcrest-clinic' } as const;
const consultation = { use: 'claim', category: 'consultation' } as const;
const short = { code: 'CONSULT-10', name: 'Consultation of ten minutes' };
const long = { code: 'CONSULT-20', name: 'Consultation of twenty minutes' };

export const visits: readonly Visit[] = [
  { patient: 'jonas.lind@mail.example', ...weiss, ...consultation, service: long, net: 4_200, ago: 5 },
  {
    ...{ patient: 'jonas.lind@mail.example', ...weiss, use: 'claim', category: 'diagnostics' },
    ...{ service: { code: 'ECG', name: 'Electrocardiogram' }, net: 2_900, ago: 5 },
  },
  // Above the list: paid in part.
  { patient: 'tomasz.nowak@mail.example', ...weiss, ...consultation, service: short, net: 3_100, ago: 4 },
  {
    ...{ patient: 'amina.farouk@mail.example', ...weiss, use: 'claim', category: 'emergency' },
    ...{ service: { code: 'EMERGENCY-1', name: 'Emergency admission' }, net: 9_800, ago: 3 },
  },
  // So high that a person looks.
  {
    ...{ patient: 'grace.okafor@mail.example', ...adeyemi, use: 'claim', category: 'emergency' },
    ...{ service: { code: 'EMERGENCY-2', name: 'Emergency admission with surgery' }, net: 184_000, ago: 3 },
  },
  // Asked for before; a person agrees.
  {
    ...{ patient: 'daniel.cohen@mail.example', ...weiss, use: 'preauthorisation', category: 'inpatient' },
    ...{ service: { code: 'STAY-HIP', name: 'Hip replacement, five days' }, net: 640_000, ago: 2 },
  },
  // Not agreed before: denied.
  {
    ...{ patient: 'amina.farouk@mail.example', ...weiss, use: 'claim', category: 'inpatient' },
    ...{ service: { code: 'STAY-DAY', name: 'A day as inpatient' }, net: 42_000, ago: 2 },
  },
];
