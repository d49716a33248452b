import { exampleGtin } from './gtin.ts';

/** Routes of administration that the formulary uses; `fhir/dosage.ts` has their SNOMED CT codes. */
export const routes = [
  'oral',
  'sublingual',
  'rectal',
  'vaginal',
  'cutaneous',
  'transdermal',
  'inhalation',
  'nasal',
  'ocular',
  'otic',
  'subcutaneous',
  'intramuscular',
] as const;
export type Route = (typeof routes)[number];

/** For each form, what is counted (a dose, a pack and a prescribed quantity are in this unit) and how it is taken. */
const forms = {
  tablet: ['tablet', 'oral'],
  'chewable tablet': ['tablet', 'oral'],
  'effervescent tablet': ['tablet', 'oral'],
  'gastro-resistant tablet': ['tablet', 'oral'],
  'orodispersible tablet': ['tablet', 'oral'],
  'prolonged-release tablet': ['tablet', 'oral'],
  capsule: ['capsule', 'oral'],
  'gastro-resistant capsule': ['capsule', 'oral'],
  'prolonged-release capsule': ['capsule', 'oral'],
  'oral drops': ['drop', 'oral'],
  'oral solution': ['mL', 'oral'],
  'oral suspension': ['mL', 'oral'],
  'powder for oral solution': ['sachet', 'oral'],
  'powder for oral suspension': ['sachet', 'oral'],
  'sublingual spray': ['spray', 'sublingual'],
  suppository: ['suppository', 'rectal'],
  pessary: ['pessary', 'vaginal'],
  cream: ['g', 'cutaneous'],
  gel: ['g', 'cutaneous'],
  ointment: ['g', 'cutaneous'],
  'transdermal patch': ['patch', 'transdermal'],
  'inhalation powder': ['puff', 'inhalation'],
  'pressurised inhaler': ['puff', 'inhalation'],
  'nebuliser solution': ['mL', 'inhalation'],
  'nasal spray': ['spray', 'nasal'],
  'eye drops': ['drop', 'ocular'],
  'ear drops': ['drop', 'otic'],
  'pre-filled pen': ['unit', 'subcutaneous'],
  'injection pen': ['mL', 'subcutaneous'],
  'pre-filled syringe': ['syringe', 'subcutaneous'],
  'auto-injector': ['injection', 'intramuscular'],
  'powder for injection': ['vial', 'intramuscular'],
  'solution for injection': ['ampoule', 'intramuscular'],
} as const satisfies Record<string, readonly [string, Route]>;

export type Form = keyof typeof forms;
export type Unit = (typeof forms)[Form][0];

/** Every unit that something is counted in. */
export const units: readonly Unit[] = [...new Set(Object.values(forms).map(([unit]) => unit))];

export interface Product {
  /** Medloom's own product code, `MP-` and five digits; never given to another product. */
  code: string;
  /** International non-proprietary name. */
  name: string;
  /** Under which its maker sells it; absent where it goes by the substance. All of them are invented. */
  brand?: string;
  /** ATC code of the fifth level (WHO Collaborating Centre for Drug Statistics Methodology). */
  atc: string;
  form: Form;
  strength: string;
  unit: Unit;
  route: Route;
  /** Pack sizes in units, each with an example GTIN-14. */
  packs: readonly { size: number; gtin: string }[];
  /** Opioids, benzodiazepines and their like, stimulants, gabapentinoids: under rules for controlled drugs in many countries. */
  controlled: boolean;
}

export interface Medicine {
  atc: string;
  name: string;
  products: readonly Product[];
}

/** Drops in a millilitre, by convention; packs of drops are listed by volume and counted in drops. */
const dropsPerMillilitre = 20;

type Row = readonly [code: string, form: Form, strength: string, packSizes: readonly number[], brand?: string];

function build(controlled: boolean, atc: string, name: string, rows: Row[]): Medicine {
  const products = rows.map(([code, form, strength, packSizes, brand]): Product => {
    const [unit, route] = forms[form];
    const perSize = unit === 'drop' ? dropsPerMillilitre : 1;
    const packs = packSizes.map((size, index) => ({ size: size * perSize, gtin: exampleGtin(code, index) }));
    return { code, name, ...(brand !== undefined && { brand }), atc, form, strength, unit, route, packs, controlled };
  });
  return { atc, name, products };
}

/** A medicine with its products: code, form, strength, pack sizes, and the brand of what is sold beside another of the same. */
export const medicine = (atc: string, name: string, ...rows: Row[]): Medicine => build(false, atc, name, rows);

/** A medicine under rules for controlled drugs. */
export const controlledMedicine = (atc: string, name: string, ...rows: Row[]): Medicine => build(true, atc, name, rows);
