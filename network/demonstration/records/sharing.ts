import { type Category, categories } from '#chaincode/model/category.ts';
import type { ConsentTerms, RequestTerms } from '#chaincode/model/consent.ts';
import type { InstitutionId, staff } from '../people.ts';
import type { DoctorEmail, PatientEmail } from './document.ts';

type StaffEmail = (typeof staff)[number]['email'];

/** Somebody of the demonstration, or an institution. */
export type Party = { person: StaffEmail } | { institution: InstitutionId };

/** What a patient, or somebody about a patient, does once the record is written; each patient's in this order. */
export type SharingItem = {
  /** Stays the same over all starts. */
  key: string;
  patient: PatientEmail;
} & (
  | {
      kind: 'consent';
      decision: ConsentTerms['decision'];
      grantee: Party;
      categories: readonly Category[];
      /** Until it ends; without, it holds until it is revoked. */
      days?: number;
    }
  /** Stays open, for the patient to answer. */
  | { kind: 'request'; doctor: DoctorEmail; categories: readonly Category[]; reason: RequestTerms['reason'] }
  | { kind: 'reading'; doctor: DoctorEmail }
  /** The summary is opened; nobody has reviewed it yet. */
  | { kind: 'emergency'; doctor: DoctorEmail; reason: string }
);

const lind = 'jonas.lind@mail.example';
const nowak = 'tomasz.nowak@mail.example';
const rivera = 'sam.rivera@mail.example';
const weiss = 'amara.weiss@lakeside.example';
const adeyemi = 'samuel.adeyemi@hillcrest.example';
const strand = 'mikael.strand@lakeside.example';

const ordinary = ['summary', 'clinical', 'medication', 'results', 'documents'] as const;

export const sharing: readonly SharingItem[] = [
  {
    ...{ key: 'lind-shares-lakeside', patient: lind, kind: 'consent', decision: 'permit' },
    ...{ grantee: { institution: 'inst-lakeside-hospital' }, categories: ordinary },
  },
  {
    ...{ key: 'lind-shares-adeyemi', patient: lind, kind: 'consent', decision: 'permit', days: 365 },
    ...{ grantee: { person: adeyemi }, categories: ['clinical', 'medication', 'mental'] },
  },
  {
    ...{ key: 'lind-shares-harbour', patient: lind, kind: 'consent', decision: 'permit', days: 180 },
    ...{ grantee: { institution: 'inst-harbour-pharmacy' }, categories: ['summary', 'medication'] },
  },
  { key: 'lind-read-by-weiss', patient: lind, kind: 'reading', doctor: weiss },
  { key: 'lind-read-by-adeyemi', patient: lind, kind: 'reading', doctor: adeyemi },
  {
    ...{ key: 'lind-asked-by-adeyemi', patient: lind, kind: 'request', doctor: adeyemi },
    ...{ categories: ['results', 'documents'], reason: 'To see the course over the years before the next visit.' },
  },
  {
    ...{ key: 'nowak-shares-lakeside', patient: nowak, kind: 'consent', decision: 'permit' },
    ...{ grantee: { institution: 'inst-lakeside-hospital' }, categories: ['clinical', 'medication', 'results'] },
  },
  {
    ...{ key: 'nowak-denies-old-town', patient: nowak, kind: 'consent', decision: 'deny' },
    ...{ grantee: { institution: 'inst-old-town-pharmacy' }, categories },
  },
  { key: 'nowak-read-by-weiss', patient: nowak, kind: 'reading', doctor: weiss },
  {
    ...{ key: 'nowak-emergency', patient: nowak, kind: 'emergency', doctor: strand },
    reason: 'Brought in by ambulance, not able to answer, and nobody of the family could be reached.',
  },
  {
    ...{ key: 'rivera-shares-adeyemi', patient: rivera, kind: 'consent', decision: 'permit' },
    ...{ grantee: { person: adeyemi }, categories: ['summary', 'clinical', 'medication', 'results', 'mental'] },
  },
];
