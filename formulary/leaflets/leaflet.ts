/** What a patient should know of a medicine, in plain words. It leaves out much: the package leaflet in the box counts. */
export interface Leaflet {
  /** ATC code of the fifth level. */
  atc: string;
  /** What it does, in a sentence or two. */
  does: string;
  /** How to take it well. */
  taking: readonly string[];
  /** What may happen and mostly passes. */
  common: readonly string[];
  /** When to tell doctor or pharmacist. */
  tell: readonly string[];
  /** When to get help at once. */
  urgent: readonly string[];
}
