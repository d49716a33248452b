import { amountIn, hoursBetween, needOf, numberIn, type Spoken, sentenceOf, type UnitWords } from './language.ts';

const locale = 'de-DE';
const units: UnitWords = {
  tablet: ['Tablette', 'Tabletten'],
  capsule: ['Kapsel', 'Kapseln'],
  drop: ['Tropfen', 'Tropfen'],
  mL: ['ml', 'ml'],
  sachet: ['Beutel', 'Beutel'],
  spray: ['Sprühstoß', 'Sprühstöße'],
  suppository: ['Zäpfchen', 'Zäpfchen'],
  pessary: ['Vaginalzäpfchen', 'Vaginalzäpfchen'],
  g: ['g', 'g'],
  patch: ['Pflaster', 'Pflaster'],
  puff: ['Hub', 'Hübe'],
  unit: ['Einheit', 'Einheiten'],
  syringe: ['Fertigspritze', 'Fertigspritzen'],
  injection: ['Injektion', 'Injektionen'],
  vial: ['Durchstechflasche', 'Durchstechflaschen'],
  ampoule: ['Ampulle', 'Ampullen'],
};

/** Verb, where, and the part of the verb that ends the clause. */
const routes: Record<Spoken['route'], readonly [verb: string, where: string, end: string]> = {
  oral: ['Nehmen Sie', '', 'ein'],
  sublingual: ['Wenden Sie', 'unter der Zunge', 'an'],
  rectal: ['Führen Sie', 'in den Enddarm', 'ein'],
  vaginal: ['Führen Sie', 'in die Scheide', 'ein'],
  cutaneous: ['Tragen Sie', 'auf die Haut', 'auf'],
  transdermal: ['Kleben Sie', 'auf die Haut', ''],
  inhalation: ['Inhalieren Sie', '', ''],
  nasal: ['Wenden Sie', 'in der Nase', 'an'],
  ocular: ['Geben Sie', 'ins Auge', ''],
  otic: ['Geben Sie', 'ins Ohr', ''],
  subcutaneous: ['Spritzen Sie', 'unter die Haut', ''],
  intramuscular: ['Spritzen Sie', 'in den Muskel', ''],
};

const periods = {
  h: { each: 'pro Stunde', every: 'alle', many: 'Stunden' },
  d: { each: 'täglich', every: 'alle', many: 'Tage' },
  wk: { each: 'pro Woche', every: 'alle', many: 'Wochen' },
  mo: { each: 'pro Monat', every: 'alle', many: 'Monate' },
} as const;

function often(said: Spoken): string {
  const { frequency, period, periodUnit } = said;
  const hours = hoursBetween(said);
  if (hours !== undefined) return hours === 1 ? 'jede Stunde' : `alle ${numberIn(locale, hours)} Stunden`;
  const { each, every, many } = periods[periodUnit];
  const times = `${numberIn(locale, frequency)}-mal`;
  if (period === 1) return `${times} ${each}`;
  const spaced = `${every} ${numberIn(locale, period)} ${many}`;
  return frequency === 1 ? spaced : `${times} ${spaced}`;
}

/** `Nehmen Sie alle 12 Stunden 1 Tablette ein, 7 Tage lang.` */
export function germanSentence(said: Spoken): string {
  const { amount, unit, durationDays } = said;
  const [verb, where, end] = routes[said.route];
  const need = said.asNeededFor === undefined ? '' : `bei Bedarf (${needOf(said)}) höchstens`;
  const days = durationDays === 1 ? 'Tag' : 'Tage';
  const lasting = durationDays === undefined ? '' : `, ${numberIn(locale, durationDays)} ${days} lang`;
  const dose = amountIn(locale, units, amount, unit, amount <= 1);
  return sentenceOf(verb, need, often(said), dose, where, end).replace(/\.$/, `${lasting}.`);
}
