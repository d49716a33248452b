import type { InstitutionKind } from '#chaincode/model/registry.ts';
import type { Language } from '#fhir/sentence/language.ts';
import type { Role } from '#server/people/schema.ts';

/** The demonstration's people and institutions. All of them are invented; so are names of products' makers here. */

/** The one password of everybody here. It is printed at every start and must never be used anywhere else. */
export const demonstrationPassword = 'medloom-demonstration';

/** The one signing PIN of everybody here, printed as well. */
export const demonstrationPin = '246810';

export const institutions = [
  {
    id: 'inst-lakeside-hospital',
    kind: 'hospital',
    name: 'Lakeside Hospital',
    mspId: 'HospitalMSP',
    place: 'Lakeside',
  },
  { id: 'inst-hillcrest-clinic', kind: 'hospital', name: 'Hillcrest Clinic', mspId: 'HospitalMSP', place: 'Hillcrest' },
  { id: 'inst-harbour-pharmacy', kind: 'pharmacy', name: 'Harbour Pharmacy', mspId: 'PharmacyMSP', place: 'Lakeside' },
  {
    id: 'inst-old-town-pharmacy',
    kind: 'pharmacy',
    name: 'Old Town Pharmacy',
    mspId: 'PharmacyMSP',
    place: 'Hillcrest',
  },
  { id: 'inst-northern-mutual', kind: 'insurer', name: 'Northern Mutual', mspId: 'InsurerMSP', place: 'Northport' },
  { id: 'inst-nordvita', kind: 'manufacturer', name: 'Nordvita', mspId: 'SupplyMSP', place: 'Northport' },
  { id: 'inst-central-depot', kind: 'distributor', name: 'Central Depot', mspId: 'SupplyMSP', place: 'Midway' },
  {
    id: 'inst-medicines-authority',
    kind: 'authority',
    name: 'Medicines Authority',
    mspId: 'RegulatorMSP',
    place: 'Capital',
  },
] as const satisfies readonly { id: string; kind: InstitutionKind; name: string; mspId: string; place: string }[];

export type InstitutionId = (typeof institutions)[number]['id'];

export interface StaffMember {
  role: Exclude<Role, 'patient'>;
  name: string;
  email: string;
  institutionId: InstitutionId;
  licence: { number: string; specialty: string };
}

export const staff = [
  {
    ...{ role: 'doctor', name: 'Dr Amara Weiss', email: 'amara.weiss@lakeside.example' },
    ...{ institutionId: 'inst-lakeside-hospital', licence: { number: 'MD-40217', specialty: 'Internal medicine' } },
  },
  {
    ...{ role: 'doctor', name: 'Dr Samuel Adeyemi', email: 'samuel.adeyemi@hillcrest.example' },
    ...{ institutionId: 'inst-hillcrest-clinic', licence: { number: 'MD-38855', specialty: 'General practice' } },
  },
  {
    ...{ role: 'pharmacist', name: 'Rosa Méndez', email: 'rosa.mendez@harbour.example' },
    ...{ institutionId: 'inst-harbour-pharmacy', licence: { number: 'PH-11904', specialty: 'Community pharmacy' } },
  },
  {
    ...{ role: 'pharmacist', name: 'Elias Brandt', email: 'elias.brandt@oldtown.example' },
    ...{ institutionId: 'inst-old-town-pharmacy', licence: { number: 'PH-12360', specialty: 'Community pharmacy' } },
  },
  {
    ...{ role: 'insurer', name: 'Nils Aker', email: 'nils.aker@northernmutual.example' },
    ...{ institutionId: 'inst-northern-mutual', licence: { number: 'IN-00731', specialty: 'Claims' } },
  },
  {
    ...{ role: 'insurer', name: 'Astrid Moen', email: 'astrid.moen@northernmutual.example' },
    ...{ institutionId: 'inst-northern-mutual', licence: { number: 'IN-00748', specialty: 'Payments' } },
  },
  {
    ...{ role: 'supplier', name: 'Lena Sund', email: 'lena.sund@nordvita.example' },
    ...{ institutionId: 'inst-nordvita', licence: { number: 'MF-00219', specialty: 'Manufacturing' } },
  },
  {
    ...{ role: 'supplier', name: 'Piet Vos', email: 'piet.vos@centraldepot.example' },
    ...{ institutionId: 'inst-central-depot', licence: { number: 'WD-00584', specialty: 'Wholesale distribution' } },
  },
  {
    ...{ role: 'regulator', name: 'Ingrid Kallio', email: 'ingrid.kallio@authority.example' },
    ...{ institutionId: 'inst-medicines-authority', licence: { number: 'RA-00012', specialty: 'Supervision' } },
  },
  {
    ...{ role: 'admin', name: 'Tomas Ek', email: 'tomas.ek@lakeside.example' },
    ...{ institutionId: 'inst-lakeside-hospital', licence: { number: 'AD-00093', specialty: 'Administration' } },
  },
  {
    ...{ role: 'doctor', name: 'Dr Mikael Strand', email: 'mikael.strand@lakeside.example' },
    ...{ institutionId: 'inst-lakeside-hospital', licence: { number: 'MD-41733', specialty: 'Emergency medicine' } },
  },
  {
    ...{ role: 'admin', name: 'Vera Lindqvist', email: 'vera.lindqvist@hillcrest.example' },
    ...{ institutionId: 'inst-hillcrest-clinic', licence: { number: 'AD-00104', specialty: 'Administration' } },
  },
  {
    ...{ role: 'admin', name: 'Owen Hale', email: 'owen.hale@harbour.example' },
    ...{ institutionId: 'inst-harbour-pharmacy', licence: { number: 'AD-00118', specialty: 'Administration' } },
  },
  {
    ...{ role: 'admin', name: 'Marta Kowal', email: 'marta.kowal@oldtown.example' },
    ...{ institutionId: 'inst-old-town-pharmacy', licence: { number: 'AD-00121', specialty: 'Administration' } },
  },
  {
    ...{ role: 'admin', name: 'Signe Dahl', email: 'signe.dahl@northernmutual.example' },
    ...{ institutionId: 'inst-northern-mutual', licence: { number: 'AD-00135', specialty: 'Administration' } },
  },
  {
    ...{ role: 'admin', name: 'Henrik Falk', email: 'henrik.falk@nordvita.example' },
    ...{ institutionId: 'inst-nordvita', licence: { number: 'AD-00142', specialty: 'Administration' } },
  },
  {
    ...{ role: 'admin', name: 'Aiko Mori', email: 'aiko.mori@centraldepot.example' },
    ...{ institutionId: 'inst-central-depot', licence: { number: 'AD-00157', specialty: 'Administration' } },
  },
  {
    ...{ role: 'admin', name: 'Paul Berger', email: 'paul.berger@authority.example' },
    ...{ institutionId: 'inst-medicines-authority', licence: { number: 'AD-00163', specialty: 'Administration' } },
  },
] as const satisfies readonly StaffMember[];

export interface DemonstrationPatient {
  name: string;
  email: string;
  /** ISO date */
  birthDate: string;
  sex: 'male' | 'female' | 'other';
  /** In which the patient reads, where that is not English. */
  language?: Language;
  /** Of an invented health insurance register. */
  identifier: string;
  /** Number of the care channel; every channel has some. */
  channel: number;
  treatedAt: InstitutionId[];
}

const lakeside: InstitutionId = 'inst-lakeside-hospital';
const hillcrest: InstitutionId = 'inst-hillcrest-clinic';

export const patients = [
  {
    ...{ name: 'Jonas Lind', email: 'jonas.lind@mail.example', birthDate: '1968-03-14', sex: 'male' },
    ...{ identifier: 'LK-680314-217', channel: 0, treatedAt: [lakeside, hillcrest] },
  },
  {
    ...{ name: 'Amina Farouk', email: 'amina.farouk@mail.example', birthDate: '1985-07-02', sex: 'female' },
    ...{ identifier: 'LK-850702-940', channel: 1, treatedAt: [lakeside] },
  },
  {
    ...{
      name: 'Tomasz Nowak',
      email: 'tomasz.nowak@mail.example',
      birthDate: '1951-11-23',
      sex: 'male',
      language: 'de',
    },
    ...{ identifier: 'LK-511123-335', channel: 2, treatedAt: [lakeside] },
  },
  {
    ...{ name: 'Grace Okafor', email: 'grace.okafor@mail.example', birthDate: '1993-01-30', sex: 'female' },
    ...{ identifier: 'HC-930130-082', channel: 3, treatedAt: [hillcrest] },
  },
  {
    ...{ name: 'Hannah Weber', email: 'hannah.weber@mail.example', birthDate: '2015-05-19', sex: 'female' },
    ...{ identifier: 'HC-150519-671', channel: 0, treatedAt: [hillcrest] },
  },
  {
    ...{ name: 'Luca Moretti', email: 'luca.moretti@mail.example', birthDate: '1977-09-08', sex: 'male' },
    ...{ identifier: 'LK-770908-453', channel: 1, treatedAt: [lakeside, hillcrest] },
  },
  {
    ...{ name: 'Yuki Tanaka', email: 'yuki.tanaka@mail.example', birthDate: '1990-12-11', sex: 'female' },
    ...{ identifier: 'LK-901211-128', channel: 2, treatedAt: [lakeside] },
  },
  {
    ...{ name: 'Sam Rivera', email: 'sam.rivera@mail.example', birthDate: '2001-04-27', sex: 'other' },
    ...{ identifier: 'HC-010427-509', channel: 3, treatedAt: [hillcrest] },
  },
  {
    ...{ name: 'Ebba Nilsson', email: 'ebba.nilsson@mail.example', birthDate: '1939-08-16', sex: 'female' },
    ...{ identifier: 'LK-390816-764', channel: 0, treatedAt: [lakeside] },
  },
  {
    ...{ name: 'Daniel Cohen', email: 'daniel.cohen@mail.example', birthDate: '1962-02-05', sex: 'male' },
    ...{ identifier: 'LK-620205-396', channel: 3, treatedAt: [lakeside] },
  },
] as const satisfies readonly DemonstrationPatient[];

/** Has an invitation and no keys yet, so that enrolment can be tried. */
export const invited = {
  ...{ name: 'Mira Holm', email: 'mira.holm@mail.example', birthDate: '1974-06-21', sex: 'female' },
  ...{ identifier: 'LK-740621-850', channel: 1, treatedAt: [lakeside] },
} as const satisfies DemonstrationPatient;
