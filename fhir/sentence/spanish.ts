import { amountIn, hoursBetween, needOf, numberIn, type Spoken, sentenceOf, type UnitWords } from './language.ts';

const locale = 'es-ES';
const units: UnitWords = {
  tablet: ['comprimido', 'comprimidos'],
  capsule: ['cápsula', 'cápsulas'],
  drop: ['gota', 'gotas'],
  mL: ['ml', 'ml'],
  sachet: ['sobre', 'sobres'],
  spray: ['pulverización', 'pulverizaciones'],
  suppository: ['supositorio', 'supositorios'],
  pessary: ['óvulo', 'óvulos'],
  g: ['g', 'g'],
  patch: ['parche', 'parches'],
  puff: ['pulsación', 'pulsaciones'],
  unit: ['unidad', 'unidades'],
  syringe: ['jeringa precargada', 'jeringas precargadas'],
  injection: ['inyección', 'inyecciones'],
  vial: ['vial', 'viales'],
  ampoule: ['ampolla', 'ampollas'],
};

const routes: Record<Spoken['route'], readonly [verb: string, where: string]> = {
  oral: ['Tome', 'por vía oral'],
  sublingual: ['Aplique', 'debajo de la lengua'],
  rectal: ['Introduzca', 'en el recto'],
  vaginal: ['Introduzca', 'en la vagina'],
  cutaneous: ['Aplique', 'sobre la piel'],
  transdermal: ['Pegue', 'sobre la piel'],
  inhalation: ['Inhale', ''],
  nasal: ['Aplique', 'en la nariz'],
  ocular: ['Ponga', 'en el ojo'],
  otic: ['Ponga', 'en el oído'],
  subcutaneous: ['Inyecte', 'bajo la piel'],
  intramuscular: ['Inyecte', 'en el músculo'],
};

const periods = {
  h: { each: 'a la hora', many: 'horas' },
  d: { each: 'al día', many: 'días' },
  wk: { each: 'a la semana', many: 'semanas' },
  mo: { each: 'al mes', many: 'meses' },
} as const;

function often(said: Spoken): string {
  const { frequency, period, periodUnit } = said;
  const hours = hoursBetween(said);
  if (hours !== undefined) return hours === 1 ? 'cada hora' : `cada ${numberIn(locale, hours)} horas`;
  const { each, many } = periods[periodUnit];
  const times = frequency === 1 ? '1 vez' : `${numberIn(locale, frequency)} veces`;
  if (period === 1) return `${times} ${each}`;
  const spaced = `cada ${numberIn(locale, period)} ${many}`;
  return frequency === 1 ? spaced : `${times} ${spaced}`;
}

/** `Tome 1 comprimido por vía oral cada 12 horas durante 7 días.` */
export function spanishSentence(said: Spoken): string {
  const { amount, unit, durationDays } = said;
  const [verb, where] = routes[said.route];
  const need = said.asNeededFor === undefined ? '' : `si es necesario (${needOf(said)}), como máximo`;
  const days = durationDays === 1 ? 'día' : 'días';
  const lasting = durationDays === undefined ? '' : `durante ${numberIn(locale, durationDays)} ${days}`;
  return sentenceOf(verb, amountIn(locale, units, amount, unit, amount <= 1), where, need, often(said), lasting);
}
