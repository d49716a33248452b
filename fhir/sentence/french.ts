import { amountIn, hoursBetween, needOf, numberIn, type Spoken, sentenceOf, type UnitWords } from './language.ts';

const locale = 'fr-FR';
const units: UnitWords = {
  tablet: ['comprimé', 'comprimés'],
  capsule: ['gélule', 'gélules'],
  drop: ['goutte', 'gouttes'],
  mL: ['ml', 'ml'],
  sachet: ['sachet', 'sachets'],
  spray: ['pulvérisation', 'pulvérisations'],
  suppository: ['suppositoire', 'suppositoires'],
  pessary: ['ovule', 'ovules'],
  g: ['g', 'g'],
  patch: ['patch', 'patchs'],
  puff: ['bouffée', 'bouffées'],
  unit: ['unité', 'unités'],
  syringe: ['seringue préremplie', 'seringues préremplies'],
  injection: ['injection', 'injections'],
  vial: ['flacon', 'flacons'],
  ampoule: ['ampoule', 'ampoules'],
};

const routes: Record<Spoken['route'], readonly [verb: string, where: string]> = {
  oral: ['Prenez', 'par voie orale'],
  sublingual: ['Appliquez', 'sous la langue'],
  rectal: ['Introduisez', 'dans le rectum'],
  vaginal: ['Introduisez', 'dans le vagin'],
  cutaneous: ['Appliquez', 'sur la peau'],
  transdermal: ['Collez', 'sur la peau'],
  inhalation: ['Inhalez', ''],
  nasal: ['Administrez', 'dans le nez'],
  ocular: ['Instillez', 'dans l’œil'],
  otic: ['Instillez', 'dans l’oreille'],
  subcutaneous: ['Injectez', 'sous la peau'],
  intramuscular: ['Injectez', 'dans le muscle'],
};

const periods = {
  h: { each: 'par heure', every: 'toutes les', many: 'heures' },
  d: { each: 'par jour', every: 'tous les', many: 'jours' },
  wk: { each: 'par semaine', every: 'toutes les', many: 'semaines' },
  mo: { each: 'par mois', every: 'tous les', many: 'mois' },
} as const;

function often(said: Spoken): string {
  const { frequency, period, periodUnit } = said;
  const hours = hoursBetween(said);
  if (hours !== undefined) return hours === 1 ? 'toutes les heures' : `toutes les ${numberIn(locale, hours)} heures`;
  const { each, every, many } = periods[periodUnit];
  const times = `${numberIn(locale, frequency)} fois`;
  if (period === 1) return `${times} ${each}`;
  const spaced = `${every} ${numberIn(locale, period)} ${many}`;
  return frequency === 1 ? spaced : `${times} ${spaced}`;
}

/** `Prenez 1 comprimé par voie orale toutes les 12 heures pendant 7 jours.` */
export function frenchSentence(said: Spoken): string {
  const { amount, unit, durationDays } = said;
  const [verb, where] = routes[said.route];
  const need = said.asNeededFor === undefined ? '' : `si besoin (${needOf(said)}), au maximum`;
  const days = durationDays === 1 ? 'jour' : 'jours';
  const lasting = durationDays === undefined ? '' : `pendant ${numberIn(locale, durationDays)} ${days}`;
  // French counts in the singular below two.
  return sentenceOf(verb, amountIn(locale, units, amount, unit, amount < 2), where, need, often(said), lasting);
}
