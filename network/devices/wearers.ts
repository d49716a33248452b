import { createHash } from 'node:crypto';
import type { InstitutionId, patients, staff } from '../demonstration/people.ts';
import type { Episode } from './episodes.ts';
import { type Faultiness, sound } from './faults.ts';
import type { Body } from './physiology.ts';
import { type BoxKind, sensorsOf } from './sensors.ts';

type PatientEmail = (typeof patients)[number]['email'];
type StaffEmail = (typeof staff)[number]['email'];

const day = 24 * 60 * 60_000;
const hour = 60 * 60_000;

/** Somebody of the demonstration who takes devices home. */
export interface Wearer {
  email: PatientEmail;
  body: Body;
  boxes: readonly BoxKind[];
  /** The hospital whose devices they are. */
  institution: InstitutionId;
  /** Who watches, the first of whom is called first. */
  clinicians: readonly [StaffEmail, ...StaffEmail[]];
  /** The hospital's monitor takes part too. */
  monitored?: true;
  /** NEWS2 where it is right for the patient, with the scale that the clinician chose. */
  news2?: 1 | 2;
  /** When they were ill, counted back from when the demonstration began. */
  past: readonly { kind: Episode['kind']; daysAgo: number; severity: number }[];
  /** So many days of digests are told when it begins. */
  historyDays: number;
}

const healthy: Body = {
  ...{ seed: 0, heartRate: 70, respiratoryRate: 15, spo2: 97.2, systolic: 124, diastolic: 77, temperature: 36.6 },
  ...{ glucose: 5.2, diabetes: 1, weightKg: 74, oxygen: 0, fallsEveryDays: 2_000, zoneMinutes: 60 },
};
const lakeside = {
  institution: 'inst-lakeside-hospital',
  clinicians: ['amara.weiss@lakeside.example', 'mikael.strand@lakeside.example'],
} as const;
const hillcrest = { institution: 'inst-hillcrest-clinic', clinicians: ['samuel.adeyemi@hillcrest.example'] } as const;
const month = { past: [], historyDays: 30 };

/** Twenty devices at ten patients. */
export const wearers: readonly Wearer[] = [
  {
    // Heart failure: what counts is weight.
    ...{ ...lakeside, email: 'jonas.lind@mail.example', boxes: ['hub', 'scale'], news2: 1 },
    body: { ...healthy, seed: 101, heartRate: 74, systolic: 134, diastolic: 82, weightKg: 88, spo2: 96.6 },
    ...{ past: [{ kind: 'atrialFibrillation', daysAgo: 12, severity: 0.8 }], historyDays: 365 },
  },
  {
    ...{ ...lakeside, email: 'amina.farouk@mail.example', boxes: ['hub', 'glucometer'], news2: 1 },
    body: { ...healthy, seed: 102, heartRate: 76, glucose: 7.4, diabetes: 2.2, weightKg: 69 },
    ...month,
  },
  {
    // COPD with oxygen at home: 88 to 92 % is what is right.
    ...{ ...lakeside, email: 'tomasz.nowak@mail.example', boxes: ['hub', 'pendant'], monitored: true, news2: 2 },
    body: { ...healthy, seed: 103, heartRate: 64, respiratoryRate: 13, spo2: 90.4, oxygen: 2, systolic: 138 },
    ...{ past: [{ kind: 'copd', daysAgo: 9, severity: 0.9 }], historyDays: 30 },
  },
  {
    ...{ ...hillcrest, email: 'grace.okafor@mail.example', boxes: ['patch', 'cuff'] },
    body: { ...healthy, seed: 104, heartRate: 78, systolic: 142, diastolic: 90, weightKg: 71 },
    ...month,
  },
  {
    // A child: no NEWS2.
    ...{ ...hillcrest, email: 'hannah.weber@mail.example', boxes: ['patch', 'glucometer'] },
    body: { ...healthy, seed: 105, heartRate: 86, respiratoryRate: 19, systolic: 106, glucose: 7.1, diabetes: 2 },
    ...{ past: [{ kind: 'hypoglycaemia', daysAgo: 4, severity: 0.8 }], historyDays: 30 },
  },
  {
    ...{ ...lakeside, email: 'luca.moretti@mail.example', boxes: ['hub', 'scale'], news2: 1 },
    body: { ...healthy, seed: 106, heartRate: 66, weightKg: 94, systolic: 138, diastolic: 86 },
    ...month,
  },
  {
    ...{ ...lakeside, email: 'yuki.tanaka@mail.example', boxes: ['patch'] },
    body: { ...healthy, seed: 107, heartRate: 64, weightKg: 55, systolic: 112, diastolic: 70 },
    ...month,
  },
  {
    ...{ ...hillcrest, email: 'sam.rivera@mail.example', boxes: ['glucometer'] },
    body: { ...healthy, seed: 108, glucose: 7.8, diabetes: 2.4, weightKg: 68 },
    ...{ past: [{ kind: 'hypoglycaemia', daysAgo: 6, severity: 0.9 }], historyDays: 30 },
  },
  {
    ...{
      ...lakeside,
      email: 'ebba.nilsson@mail.example',
      boxes: ['hub', 'pendant', 'scale'],
      monitored: true,
      news2: 1,
    },
    body: { ...healthy, seed: 109, heartRate: 72, systolic: 146, diastolic: 74, spo2: 96.4, weightKg: 58 },
    ...{ past: [{ kind: 'sepsis', daysAgo: 17, severity: 0.6 }], historyDays: 30 },
  },
  {
    ...{ ...lakeside, email: 'daniel.cohen@mail.example', boxes: ['hub', 'glucometer', 'cuff'], news2: 1 },
    body: { ...healthy, seed: 110, heartRate: 70, glucose: 7.2, diabetes: 2, systolic: 136, weightKg: 83 },
    ...month,
  },
];

/** A device of the fleet, before it has keys. */
export interface Box {
  /** The same at every start. */
  name: string;
  kind: BoxKind;
  model: string;
  serialNumber: string;
  wearer: Wearer;
}

const models: Record<BoxKind, string> = {
  hub: 'Medloom Home Hub',
  patch: 'Cardia Patch 2',
  glucometer: 'GlucoLine G5',
  scale: 'Stride Scale',
  cuff: 'Pressure Cuff M3',
  pendant: 'Fall Pendant',
};

export const boxes: readonly Box[] = wearers.flatMap((wearer) =>
  wearer.boxes.map((kind) => {
    const name = `${wearer.email.split('@')[0]}-${kind}`;
    const serialNumber = createHash('sha256').update(name).digest('hex').slice(0, 10).toUpperCase();
    return { name, kind, model: models[kind], serialNumber, wearer };
  }),
);

/** Measures of a box's sensors. */
export const measuresOf = (kind: BoxKind) => sensorsOf[kind].map(({ measure }) => measure);

/** The episodes that somebody has been through when the demonstration begins at `start`. */
export const pastEpisodes = ({ past }: Wearer, start: number): Episode[] =>
  past.map(({ kind, daysAgo, severity }) => ({
    ...{ kind, severity, start: start - daysAgo * day },
    ...{ riseMs: 8 * hour, holdMs: 14 * hour, fallMs: 30 * hour },
  }));

/** Some boxes have a fault of their own, so that the screens have something to show. */
export function faultsOf({ name, kind }: Box): Faultiness {
  const seed = createHash('sha256').update(`faults ${name}`).digest().readInt32BE(0);
  const usual = { ...sound, seed, offline: 0.02, noisy: 0.03 };
  if (name === 'daniel.cohen-cuff') return { ...usual, drain: 0.05 };
  if (name === 'luca.moretti-hub') return { ...usual, skewMs: 75_000 };
  if (name === 'grace.okafor-patch') return { ...usual, noisy: 0.3 };
  if (name === 'yuki.tanaka-patch') return { ...usual, offline: 0.12 };
  return kind === 'scale' ? { ...usual, drain: 0.000_5 } : usual;
}
