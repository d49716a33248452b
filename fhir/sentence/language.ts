/** Languages in which a patient can read a dosage; codes of BCP 47. */
export const languages = ['en', 'de', 'fr', 'es'] as const;
export type Language = (typeof languages)[number];
export const languageSystem = 'urn:ietf:bcp:47';

/** Each language as those who read it call it. */
export const languageNames: Record<Language, string> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
};

/** The language of a tag such as `de-AT`; undefined where there are no sentences in it. */
export function languageOfTag(tag: string | undefined): Language | undefined {
  const primary = tag?.toLowerCase().split('-')[0];
  return languages.find((language) => language === primary);
}

export const spokenRoutes = [
  ...(['oral', 'sublingual', 'rectal', 'vaginal', 'cutaneous', 'transdermal'] as const),
  ...(['inhalation', 'nasal', 'ocular', 'otic', 'subcutaneous', 'intramuscular'] as const),
] as const;
export type SpokenRoute = (typeof spokenRoutes)[number];

/** What a sentence says of a dose: `frequency` times in each `period` of `periodUnit`. */
export interface Spoken {
  /** In `unit`s a dose. */
  amount: number;
  unit: string;
  route: SpokenRoute;
  frequency: number;
  period: number;
  periodUnit: 'h' | 'd' | 'wk' | 'mo';
  /** Absent where it is taken until told otherwise. */
  durationDays?: number;
  /** For example `for pain`; then it is the most and not a fixed time. */
  asNeededFor?: string;
}

/** Units as the formulary counts them. */
export type SpokenUnit =
  | ('tablet' | 'capsule' | 'drop' | 'mL' | 'sachet' | 'spray' | 'suppository' | 'pessary')
  | ('g' | 'patch' | 'puff' | 'unit' | 'syringe' | 'injection' | 'vial' | 'ampoule');

/** The unit for one, and for several. */
export type UnitWords = Record<SpokenUnit, readonly [one: string, many: string]>;

/** A number as the language writes it, up to three decimals; a half is one sign in all of them. */
export function numberIn(locale: string, value: number): string {
  return value === 0.5 ? '½' : new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(value);
}

const isSpoken = (units: UnitWords, unit: string): unit is SpokenUnit => Object.hasOwn(units, unit);

/** Amount with its unit; a unit that the language has no word for stays as it is written. */
export function amountIn(locale: string, units: UnitWords, amount: number, unit: string, isOne: boolean): string {
  const words = isSpoken(units, unit) ? units[unit][isOne ? 0 : 1] : unit;
  return `${numberIn(locale, amount)} ${words}`;
}

/** The hours between doses, where a day is divided evenly; undefined otherwise. */
export function hoursBetween({ frequency, period, periodUnit }: Spoken): number | undefined {
  if (periodUnit === 'h' && frequency === 1) return period;
  if (periodUnit === 'd' && period === 1 && frequency > 1 && frequency <= 4) return 24 / frequency;
  return undefined;
}

/** The words that are not empty, as a sentence. */
export const sentenceOf = (...words: string[]): string => `${words.filter((word) => word !== '').join(' ')}.`;

/** What it is needed for, without the preposition with which it may begin. */
export const needOf = ({ asNeededFor }: Spoken): string => asNeededFor?.replace(/^for /i, '') ?? '';
