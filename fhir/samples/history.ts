import type { Category } from '#chaincode/model/category.ts';
import {
  buildBloodPressure,
  buildImmunization,
  buildMedicine,
  buildProblem,
  buildReport,
  buildResult,
  buildVisit,
  loincSystem,
  type Said,
} from '../build.ts';
import { categoryOf } from '../category.ts';
import { systems } from '../coding.ts';
import { type Measurement, type MeasurementName, measurements } from '../measurements.ts';
import type { Identified } from '../record.ts';

/** Long invented histories for benches and tests: the same seed makes the same history. */
export interface HistoryOptions {
  seed: number;
  /** Resources. */
  count: number;
  /** Pseudonym. */
  patient: string;
  /** ISO 8601; the last day of the history. */
  until: string;
}

/** Numbers in [0, 1) by mulberry32. */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const author = { id: `prac-${'s'.repeat(26)}`, name: 'Dr Sample' };
const dayMs = 86_400_000;
const names: readonly MeasurementName[] = [
  ...(['hba1c', 'glucose', 'creatinine', 'potassium', 'sodium', 'cholesterol', 'ldl', 'haemoglobin'] as const),
  ...(['leukocytes', 'platelets', 'crp', 'weight', 'pulse'] as const),
];
const typical: Partial<Record<MeasurementName, number>> = { weight: 78, ldl: 2.6, cholesterol: 4.6, crp: 2 };

/** A history over twelve years: mostly results, with visits, reports, medicines, problems and vaccinations among them. */
export function* sampleHistory({ seed, count, patient, until }: HistoryOptions): Generator<Identified> {
  const random = seededNumbers(seed);
  const end = Date.parse(until);
  const span = 12 * 365 * dayMs;
  for (let index = 0; index < count; index += 1) {
    const at = new Date(end - span + Math.floor((span * index) / count)).toISOString();
    const said: Said = { id: `s${seed}-${index}`, patient, author, recorded: at };
    yield resourceAt(index, said, at, random);
  }
}

function resourceAt(index: number, said: Said, at: string, random: () => number): Identified {
  const place = index % 100;
  const number = Math.floor(index / 100) + 1;
  if (place === 0) {
    const code = { system: systems.snomed, code: String(400_000_000 + number), text: `Invented disorder ${number}` };
    return buildProblem(said, { code, status: number % 4 === 0 ? 'active' : 'resolved', onset: at.slice(0, 10) });
  }
  if (place === 1) {
    const code = {
      system: systems.atc,
      code: `A10BA${String(number % 100).padStart(2, '0')}`,
      text: `medicine ${number}`,
    };
    const status = number % 5 === 0 ? 'active' : 'completed';
    return buildMedicine(said, { code, status, dose: 'Take 1 tablet by mouth once a day.', from: at.slice(0, 10) });
  }
  if (place === 2) return buildImmunization(said, { code: { text: 'Influenza vaccine' }, at: at.slice(0, 10) });
  if (place < 8) return buildVisit(said, { type: { text: 'Follow-up visit' }, kind: 'AMB', from: at });
  if (place < 11) {
    const code = { system: loincSystem, code: '58410-2', text: 'Complete blood count' };
    return buildReport(said, { code, at, conclusion: 'No change since the last report.' });
  }
  if (place < 20) {
    return buildBloodPressure(said, {
      ...{ systolic: 118 + Math.floor(random() * 30), diastolic: 70 + Math.floor(random() * 20), at },
    });
  }
  const name = names[index % names.length] ?? 'potassium';
  return buildResult(said, { measurement: measurements[name], value: sampleValue(name, random()), at });
}

function sampleValue(name: MeasurementName, random: number): number {
  const { low, high }: Measurement = measurements[name];
  const middle = typical[name] ?? ((low ?? (high ?? 2) / 2) + (high ?? (low ?? 1) * 2)) / 2;
  return Number((middle * (0.8 + 0.4 * random)).toPrecision(3));
}

/** Resources by their category, in the order in which they came. */
export function byCategory(resources: Iterable<Identified>): Map<Category, Identified[]> {
  const sorted = new Map<Category, Identified[]>();
  for (const resource of resources) {
    const category = categoryOf(resource);
    const known = sorted.get(category);
    if (known === undefined) sorted.set(category, [resource]);
    else known.push(resource);
  }
  return sorted;
}
