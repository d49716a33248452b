import type { FormularyScope, FormularyTerms, ShortageDeclaration } from '#chaincode/model/formulary.ts';
import type { EventOutcome, SeriousnessCriterion } from '#fhir/adverseEvent.ts';
import { findProduct } from '#formulary/products.ts';
import type { patients, staff } from '../people.ts';

/** What is said of medicines in the demonstration: coverage, generics, shortages, and what people report of them. All invented. */

type StaffEmail = (typeof staff)[number]['email'];
type PatientEmail = (typeof patients)[number]['email'];

/** An entry about one product, with the ATC code by which the groups above it are found. */
function ofProduct(code: string, terms: Omit<FormularyTerms, 'code' | 'atc'>): FormularyTerms {
  const product = findProduct(code);
  if (product === undefined) throw new Error(`The formulary has no ${code}.`);
  return { code, atc: product.atc, ...terms };
}

export interface List {
  /** Stays the same over all starts. */
  key: string;
  by: StaffEmail;
  scope: FormularyScope;
  entries: FormularyTerms[];
}

/** Lists for all and of institutions, in the order in which they are put in force: an institution's is the stricter. */
export const lists: readonly List[] = [
  {
    ...{ key: 'formulary-national', by: 'ingrid.kallio@authority.example', scope: 'national' },
    entries: [
      { code: 'A02BC', tier: 'tier1', note: 'For eight weeks; longer with a reason in the record.' },
      { code: 'A10BA02', tier: 'tier1', note: 'First choice in type 2 diabetes.' },
      { code: 'B01AF02', tier: 'tier3', restriction: 'Atrial fibrillation, or thrombosis of legs or lungs.' },
      { code: 'C07AB', tier: 'tier1' },
      { code: 'C08CA01', tier: 'tier1', group: 'Amlodipine' },
      { code: 'C09AA', tier: 'tier1' },
      ofProduct('MP-14301', { tier: 'tier1', group: 'Ramipril 5 mg capsules' }),
      ofProduct('MP-14303', { tier: 'tier1', group: 'Ramipril 5 mg capsules' }),
      ofProduct('MP-14304', { tier: 'notCovered', note: 'Its maker named no price.' }),
      { code: 'C10AA', tier: 'tier2', note: 'After advice on diet and exercise.' },
      { code: 'H03AA', tier: 'tier1', note: 'Stay with one product: the dose is titrated to it.' },
      { code: 'J01', tier: 'tier1' },
      { code: 'J01MA', tier: 'tier4', restriction: 'Only where no other antibiotic will do.' },
      { code: 'M01A', tier: 'tier2' },
      { code: 'N02BE01', tier: 'tier1' },
      { code: 'N02CC', tier: 'tier2', restriction: 'Migraine that simple painkillers do not help.' },
      { code: 'N06AB', tier: 'tier1' },
    ],
  },
  {
    ...{ key: 'formulary-lakeside', by: 'tomas.ek@lakeside.example', scope: 'inst-lakeside-hospital' },
    entries: [
      { code: 'B01AF02', tier: 'tier4', restriction: 'After a word with cardiology.' },
      { code: 'C10AA05', tier: 'tier2', note: 'The statin of this house.' },
    ],
  },
  {
    ...{ key: 'formulary-harbour', by: 'owen.hale@harbour.example', scope: 'inst-harbour-pharmacy' },
    entries: [ofProduct('MP-14213', { tier: 'notCovered', note: 'Not bought: the contract is with another maker.' })],
  },
];

const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);

/** Who declares what short. */
export const shortages: readonly { key: string; by: StaffEmail; shortage: ShortageDeclaration }[] = [
  {
    ...{ key: 'shortage-amlodipine', by: 'ingrid.kallio@authority.example' },
    shortage: {
      ...{ product: 'MP-14210', until: inDays(45) },
      reason: 'A line of its maker stands still; other makers of amlodipine deliver',
    },
  },
  {
    ...{ key: 'shortage-insulin', by: 'ingrid.kallio@authority.example' },
    shortage: { product: 'MP-10210', reason: 'Deliveries were delayed by a broken cold chain', until: inDays(14) },
  },
];

export interface ReportedEvent {
  key: string;
  by: StaffEmail | PatientEmail;
  /** Whom it happened to, where the reporter names somebody. */
  patient?: PatientEmail;
  /** Care channel to which it goes where nobody is named. */
  channel?: number;
  product: string;
  batch?: string;
  /** Days ago on which it began. */
  began: number;
  criteria: SeriousnessCriterion[];
  outcome: EventOutcome;
  narrative: string;
}

/** Two of one batch are told apart from chance by the authority. */
export const reportedEvents: readonly ReportedEvent[] = [
  {
    ...{ key: 'event-lind-metformin', by: 'jonas.lind@mail.example', patient: 'jonas.lind@mail.example' },
    ...{ product: 'MP-10220', batch: 'NV2601', began: 3, criteria: [], outcome: 'recovering' },
    narrative:
      'Stomach ache and diarrhoea since the second day of the new pack. It is getting better with smaller meals.',
  },
  {
    ...{
      key: 'event-okafor-amoxicillin',
      by: 'samuel.adeyemi@hillcrest.example',
      patient: 'grace.okafor@mail.example',
    },
    ...{ product: 'MP-24021', batch: 'NV2621', began: 2, criteria: ['medicallyImportant'], outcome: 'resolved' },
    narrative: 'Itching rash over trunk and arms on the third day. Stopped, antihistamine given; gone after two days.',
  },
  {
    ...{ key: 'event-harbour-famotidine', by: 'rosa.mendez@harbour.example', channel: 0 },
    ...{ product: 'MP-10010', batch: 'NV2471', began: 4, criteria: [], outcome: 'unknown' },
    narrative: 'A customer brought a pack with tablets of two colours in one blister and said that they did not help.',
  },
  {
    ...{ key: 'event-old-town-famotidine', by: 'elias.brandt@oldtown.example', channel: 1 },
    ...{ product: 'MP-10010', batch: 'NV2471', began: 3, criteria: ['medicallyImportant'], outcome: 'ongoing' },
    narrative: 'Heartburn came back within days of the new pack. Two tablets of it look like those of 40 mg.',
  },
];
