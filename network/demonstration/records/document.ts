import type { Category } from '#chaincode/model/category.ts';
import { buildBloodPressure, buildPatient, buildResult, type Said } from '#fhir/build.ts';
import { systems } from '#fhir/coding.ts';
import type { ImportedFile } from '#fhir/import/files.ts';
import { type MeasurementName, measurements } from '#fhir/measurements.ts';
import type { Identified } from '#fhir/record.ts';
import type { DemonstrationPatient, patients, staff } from '../people.ts';

export type PatientEmail = (typeof patients)[number]['email'];
export type DoctorEmail = Extract<(typeof staff)[number], { role: 'doctor' }>['email'];

/** A document of a demonstration's record, as its author's page would make it. */
export interface RecordDraft {
  /** Stays the same over all starts. */
  key: string;
  patient: PatientEmail;
  author: DoctorEmail;
  category: Category;
  resources: Identified[];
  /** Files of its one resource, for `nameFiles`. */
  files: ImportedFile[];
}

/** Who is who on the ledger, and the day from which all times count back. */
export interface Setting {
  today: Date;
  pseudonymOf: (email: PatientEmail) => string;
  authorOf: (email: DoctorEmail) => { id: string; name: string };
}

const dayMs = 86_400_000;

/** Writes the drafts of one patient, numbering resources by what they are. */
export class Chart {
  readonly drafts: RecordDraft[] = [];
  readonly #setting: Setting;
  readonly #patient: PatientEmail;
  readonly #name: string;
  #author: DoctorEmail;

  constructor(setting: Setting, patient: PatientEmail, author: DoctorEmail) {
    this.#setting = setting;
    this.#patient = patient;
    this.#author = author;
    this.#name = patient.split('@')[0]?.replace('.', '-') ?? '';
  }

  /** The doctor who writes from here on. */
  by(author: DoctorEmail): this {
    this.#author = author;
    return this;
  }

  /** An instant of clinic hours so many days before today. */
  at(daysAgo: number, hour = 9): string {
    const day = Math.floor(this.#setting.today.getTime() / dayMs) - daysAgo;
    return new Date(day * dayMs + hour * 3_600_000).toISOString();
  }
  day(daysAgo: number): string {
    return this.at(daysAgo).slice(0, 10);
  }

  said(what: string, daysAgo: number, category?: Category): Said {
    const author = this.#setting.authorOf(this.#author);
    const patient = this.#setting.pseudonymOf(this.#patient);
    const id = `${this.#name}-${what}`;
    return { id, patient, author, recorded: this.at(daysAgo, 11), ...(category === undefined ? {} : { category }) };
  }

  document(key: string, category: Category, resources: Identified[], files: ImportedFile[] = []): void {
    const draft = { key: `${this.#name}-${key}`, patient: this.#patient, author: this.#author };
    this.drafts.push({ ...draft, category, resources, files });
  }

  person(details: DemonstrationPatient, daysAgo: number): Identified {
    const { name, birthDate, sex, identifier, language } = details;
    const said = this.said('person', daysAgo);
    return buildPatient(
      { ...said, id: said.patient },
      {
        ...{ name, birthDate, sex, identifier },
        ...(language !== undefined && { language }),
      },
    );
  }

  /** Values at control visits, oldest first; `null` where it was not measured. The last visit was `lastDaysAgo`. */
  series(
    name: MeasurementName,
    values: readonly (number | null)[],
    { every = 91, lastDaysAgo = 12 } = {},
  ): Identified[] {
    return values.flatMap((value, index) => {
      const daysAgo = lastDaysAgo + (values.length - 1 - index) * every;
      const said = this.said(`${name}-${index}`, daysAgo);
      return value === null
        ? []
        : [buildResult(said, { measurement: measurements[name], value, at: this.at(daysAgo) })];
    });
  }
  pressures(values: readonly (readonly [number, number])[], { every = 91, lastDaysAgo = 12 } = {}): Identified[] {
    return values.map(([systolic, diastolic], index) => {
      const daysAgo = lastDaysAgo + (values.length - 1 - index) * every;
      return buildBloodPressure(this.said(`bp-${index}`, daysAgo), { systolic, diastolic, at: this.at(daysAgo, 8) });
    });
  }
}

export const snomed = (code: string, text: string) => ({ system: systems.snomed, code, text });
export const atc = (code: string, text: string) => ({ system: systems.atc, code, text });
export const loinc = (code: string, text: string) => ({ system: 'http://loinc.org', code, text });
export const icd10 = (code: string, text: string) => ({ system: 'http://hl7.org/fhir/sid/icd-10', code, text });
