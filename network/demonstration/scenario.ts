import type { DoseInstruction } from '#fhir/dosage.ts';
import type { Stated } from '#safety/stated.ts';
import type { patients, staff } from './people.ts';

type StaffEmail = (typeof staff)[number]['email'];
type PatientEmail = (typeof patients)[number]['email'];

/** A prescription of the demonstration and what became of it. */
export interface ScenarioItem {
  /** Stays the same over all starts. */
  key: string;
  doctor: StaffEmail;
  patient: PatientEmail;
  /** Code of the formulary. */
  product: string;
  dose: Omit<DoseInstruction, 'unit' | 'route'>;
  /** Units of one fill. */
  quantity: number;
  repeats: number;
  validDays: number;
  note?: string;
  /** What the doctor answers in place of a record that is not shared. */
  stated?: Stated;
  /** Why the doctor prescribes it although the check finds something. */
  despite?: string;
  /** In this order: a pharmacy accepts, hands over so many units each time, closes short. */
  pharmacy?: { pharmacist: StaffEmail; dispensed: number[]; closed?: string };
  cancelled?: string;
}

const weiss = 'amara.weiss@lakeside.example';
const adeyemi = 'samuel.adeyemi@hillcrest.example';
const mendez = 'rosa.mendez@harbour.example';
const brandt = 'elias.brandt@oldtown.example';

const daily = { frequency: 1, period: 1, periodUnit: 'd' } as const;
const twiceDaily = { ...daily, frequency: 2 } as const;
const thriceDaily = { ...daily, frequency: 3 } as const;

/** Two doctors, every care channel, every state: what makes the first screens alive. */
export const scenario: readonly ScenarioItem[] = [
  {
    ...{ key: 'lind-metformin', doctor: weiss, patient: 'jonas.lind@mail.example', product: 'MP-10220' },
    ...{ dose: { amount: 1, ...twiceDaily, durationDays: 28, note: 'With meals.' }, quantity: 56, repeats: 2 },
    ...{ validDays: 180, pharmacy: { pharmacist: mendez, dispensed: [56] } },
    despite: 'Goes on with what is taken already.',
  },
  {
    ...{ key: 'lind-ramipril', doctor: weiss, patient: 'jonas.lind@mail.example', product: 'MP-14301' },
    ...{ dose: { amount: 1, ...daily, durationDays: 28 }, quantity: 28, repeats: 5, validDays: 180 },
    despite: 'Goes on with what is taken already; blood pressure and potassium are watched.',
  },
  {
    ...{ key: 'lind-ibuprofen', doctor: adeyemi, patient: 'jonas.lind@mail.example', product: 'MP-30031' },
    ...{ dose: { amount: 1, ...thriceDaily, durationDays: 5, asNeededFor: 'pain' }, quantity: 15, repeats: 0 },
    ...{ validDays: 30, pharmacy: { pharmacist: brandt, dispensed: [15] } },
    despite: 'Five days at most; told to drink enough and to come back if the pain stays.',
  },
  {
    ...{ key: 'farouk-levothyroxine', doctor: weiss, patient: 'amina.farouk@mail.example', product: 'MP-22051' },
    ...{ dose: { amount: 1, ...daily, durationDays: 84 }, quantity: 84, repeats: 3, validDays: 360 },
    stated: { allergies: true, medicines: true, pregnancy: 'no' },
  },
  {
    ...{ key: 'nowak-atorvastatin', doctor: weiss, patient: 'tomasz.nowak@mail.example', product: 'MP-14391' },
    ...{ dose: { amount: 1, ...daily, durationDays: 90, note: 'In the evening.' }, quantity: 90, repeats: 1 },
    ...{ validDays: 360, pharmacy: { pharmacist: brandt, dispensed: [30, 30] } },
    despite: 'Goes on with what is taken already.',
  },
  {
    ...{ key: 'tanaka-sumatriptan', doctor: weiss, patient: 'yuki.tanaka@mail.example', product: 'MP-32090' },
    ...{ dose: { amount: 1, ...twiceDaily, asNeededFor: 'migraine' }, quantity: 6, repeats: 1, validDays: 90 },
    cancelled: 'Blood pressure was too high at the control visit.',
    stated: { allergies: true, medicines: true, pregnancy: 'no' },
  },
  {
    ...{ key: 'okafor-amoxicillin', doctor: adeyemi, patient: 'grace.okafor@mail.example', product: 'MP-24021' },
    ...{ dose: { amount: 1, ...thriceDaily, durationDays: 7 }, quantity: 21, repeats: 0, validDays: 10 },
    pharmacy: { pharmacist: mendez, dispensed: [21] },
    stated: { allergies: true, medicines: true, pregnancy: 'no' },
  },
  {
    ...{ key: 'weber-ibuprofen', doctor: adeyemi, patient: 'hannah.weber@mail.example', product: 'MP-30032' },
    ...{ dose: { amount: 10, ...thriceDaily, durationDays: 3, asNeededFor: 'fever' }, quantity: 100, repeats: 0 },
    ...{ validDays: 30, note: 'Child, 31 kg.' },
    stated: { allergies: true, medicines: true, weight: 31 },
  },
  {
    ...{ key: 'moretti-omeprazole', doctor: adeyemi, patient: 'luca.moretti@mail.example', product: 'MP-10020' },
    ...{ dose: { amount: 1, ...daily, durationDays: 28 }, quantity: 28, repeats: 1, validDays: 90 },
    pharmacy: { pharmacist: brandt, dispensed: [] },
    stated: { allergies: true, medicines: true },
  },
  {
    ...{ key: 'nilsson-apixaban', doctor: weiss, patient: 'ebba.nilsson@mail.example', product: 'MP-12080' },
    ...{ dose: { amount: 1, ...twiceDaily, durationDays: 30 }, quantity: 60, repeats: 5, validDays: 180 },
    stated: { allergies: true, medicines: true, weight: 58, kidney: 52 },
  },
  {
    ...{ key: 'cohen-bisoprolol', doctor: weiss, patient: 'daniel.cohen@mail.example', product: 'MP-14181' },
    ...{ dose: { amount: 1, ...daily, durationDays: 28 }, quantity: 28, repeats: 2, validDays: 180 },
    pharmacy: { pharmacist: mendez, dispensed: [28], closed: 'Dose was changed; a new prescription follows.' },
  },
  {
    ...{ key: 'farouk-tramadol', doctor: weiss, patient: 'amina.farouk@mail.example', product: 'MP-32050' },
    ...{ dose: { amount: 1, ...thriceDaily, durationDays: 5, asNeededFor: 'pain' }, quantity: 15, repeats: 0 },
    ...{ validDays: 7, note: 'After the operation; stop as soon as paracetamol is enough.' },
    stated: { allergies: true, medicines: true, pregnancy: 'no', kidney: 88 },
    despite: 'Five days at most, after an operation.',
  },
  {
    ...{ key: 'moretti-tramadol', doctor: adeyemi, patient: 'luca.moretti@mail.example', product: 'MP-32050' },
    ...{ dose: { amount: 1, ...thriceDaily, durationDays: 10, asNeededFor: 'pain' }, quantity: 30, repeats: 0 },
    ...{ validDays: 14, pharmacy: { pharmacist: brandt, dispensed: [30] } },
    stated: { allergies: true, medicines: true, kidney: 96 },
    despite: 'A broken rib; is seen again in ten days.',
  },
  {
    ...{ key: 'rivera-sertraline', doctor: adeyemi, patient: 'sam.rivera@mail.example', product: 'MP-32350' },
    ...{ dose: { amount: 1, ...daily, durationDays: 28, note: 'In the morning.' }, quantity: 28, repeats: 2 },
    validDays: 120,
    despite: 'Goes on with what is taken already, and is seen every four weeks.',
  },
];
