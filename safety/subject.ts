import type { DoseInstruction } from '#fhir/dosage.ts';
import type { UnknownReason } from '#fhir/safety.ts';
import type { Product } from '#formulary/product.ts';

/** What the check knows of a patient. Each fact says what is known of it, and why it may not be all. */

export interface Missing {
  why: UnknownReason;
  /** Parts of the record, the age of a value. */
  detail?: string;
}

/** A value, possibly not the whole of it; or why there is none. */
export type Fact<Value> = { value: Value; missing?: Missing } | { value?: undefined; missing: Missing };

export const known = <Value>(value: Value): Fact<Value> => ({ value });
export const unknown = (why: UnknownReason, detail?: string): { value?: undefined; missing: Missing } => ({
  missing: { why, ...(detail !== undefined && { detail }) },
});

/** A line of the record: an allergy in force, or a medicine that is taken. */
export interface Entry {
  /** As the record has it: “Allergy to penicillin”, “Ramipril 5 mg tablet”. */
  text: string;
  /** `atc|C09AA05`, `sct|91936005`. */
  code?: string;
  /** An allergy of high criticality. */
  severe?: boolean;
}

export const pregnancies = ['pregnant', 'breastfeeding', 'no'] as const;
export type Pregnancy = (typeof pregnancies)[number];
/** What a record leaves open that tells of pregnancy or of breast-feeding only, as `Missing.detail` has it. */
export const openHalf = { pregnant: 'pregnancy', breastfeeding: 'breast-feeding' } as const;

export interface Subject {
  /** ISO date. */
  birthDate: Fact<string>;
  sex: Fact<'male' | 'female' | 'other'>;
  /** kg */
  weight: Fact<number>;
  /** eGFR in mL/min/1.73 m². */
  kidney: Fact<number>;
  pregnancy: Fact<Pregnancy>;
  allergies: Fact<readonly Entry[]>;
  medicines: Fact<readonly Entry[]>;
}

/** What the portal knows of a patient without a record. */
export interface Person {
  /** ISO date; empty where unknown. */
  birthDate: string;
  sex: 'male' | 'female' | 'other' | 'unknown';
}

/** What is to be prescribed or handed out, and when. */
export interface Order {
  product: Product;
  dose: DoseInstruction;
  /** ISO 8601 instant. */
  at: string;
}

/** The instant so many birthdays after a birth; who was born on a 29 February has it on 1 March in other years. */
const birthday = (birth: Date, years: number): number => {
  const day = new Date(birth);
  return day.setUTCFullYear(birth.getUTCFullYear() + years);
};

/** Age in years by the calendar of UTC, with the part of the year that has gone by; negative for who is not born yet. */
export function yearsAt(birthDate: string, at: string): number {
  const [birth, now] = [new Date(birthDate), Date.parse(at)];
  const turned = new Date(now).getUTCFullYear() - birth.getUTCFullYear();
  const years = birthday(birth, turned) > now ? turned - 1 : turned;
  const [last, next] = [birthday(birth, years), birthday(birth, years + 1)];
  return years + (now - last) / (next - last);
}

/** A subject of whom nothing is known, for one reason. */
export function unknownSubject(why: UnknownReason, detail?: string): Subject {
  const missing = unknown(why, detail);
  return {
    ...{ birthDate: missing, sex: missing, weight: missing, kidney: missing, pregnancy: missing },
    ...{ allergies: missing, medicines: missing },
  };
}
