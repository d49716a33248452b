import type { RuleSource } from '#fhir/safety.ts';

/**
 * Documents that rows were written from. All are public; sections are those of the documents' own fixed templates. See
 * `docs/safety.md`: rows were written from published texts without looking each one up again, and a pharmacist verifies them
 * before anybody relies on them.
 */

/** Sections of a summary of product characteristics (European Commission, guideline on the SmPC). */
type SmpcSection = '4.2' | '4.3' | '4.4' | '4.5' | '4.6';

/** The summary of product characteristics of a medicine (electronic medicines compendium). */
export const smpc = (medicine: string, section: SmpcSection): RuleSource => ({
  name: `Summary of product characteristics of ${medicine}`,
  section: `section ${section}`,
  url: 'https://www.medicines.org.uk/emc',
});

/** The label that the FDA approved (DailyMed). */
export const fda = (medicine: string, section: string): RuleSource => ({
  name: `FDA label of ${medicine}`,
  section,
  url: 'https://dailymed.nlm.nih.gov/dailymed/',
});

/** British National Formulary. */
export const bnf = (section: string): RuleSource => ({
  name: 'British National Formulary',
  section,
  url: 'https://bnf.nice.org.uk/',
});

/** British National Formulary for Children. */
export const bnfc = (medicine: string): RuleSource => ({
  name: 'British National Formulary for Children',
  section: `${medicine}, dose`,
  url: 'https://bnfc.nice.org.uk/',
});

export const ema = (review: string): RuleSource => ({
  name: 'European Medicines Agency, safety review',
  section: review,
  url: 'https://www.ema.europa.eu/',
});

export const mhra = (article: string): RuleSource => ({
  name: 'MHRA Drug Safety Update',
  section: article,
  url: 'https://www.gov.uk/drug-safety-update',
});

export const crediblemeds: RuleSource = {
  name: 'CredibleMeds QTdrugs list',
  section: 'category Known risk of TdP',
  url: 'https://crediblemeds.org/',
};

export const whoAtc: RuleSource = {
  name: 'WHO ATC classification',
  section: 'therapeutic subgroups (fourth and fifth level)',
  url: 'https://atcddd.fhi.no/atc_ddd_index/',
};
