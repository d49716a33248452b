/**
 * Substances of which a little more harms and a little less does nothing, so that nobody changes the product without the
 * prescriber: whoever takes them stays with one.
 */
interface NarrowRange {
  /** ATC code of the fifth level: taken by mouth, not put on the skin. */
  atc: string;
  name: string;
  /** Who says that the product stays the same. */
  source: string;
}

const excluded = 'Arzneimittel-Richtlinie (G-BA), Anlage VII Teil B: excluded from substitution';
const antiepileptic = 'MHRA Drug Safety Update: antiepileptic drugs, switching between products, category 1';

export const narrowRanges: readonly NarrowRange[] = [
  { atc: 'C01AA05', name: 'digoxin', source: excluded },
  { atc: 'H03AA01', name: 'levothyroxine sodium', source: excluded },
  { atc: 'L04AD01', name: 'ciclosporin', source: excluded },
  { atc: 'L04AD02', name: 'tacrolimus', source: 'MHRA Drug Safety Update: oral tacrolimus, by brand name only' },
  { atc: 'N03AA02', name: 'phenobarbital', source: antiepileptic },
  { atc: 'N03AA03', name: 'primidone', source: antiepileptic },
  { atc: 'N03AB02', name: 'phenytoin', source: antiepileptic },
  { atc: 'N03AF01', name: 'carbamazepine', source: antiepileptic },
  {
    atc: 'N05AN01',
    name: 'lithium',
    source: 'British National Formulary: lithium, preparations vary widely in bioavailability',
  },
];

const codes: ReadonlySet<string> = new Set(narrowRanges.map(({ atc }) => atc));

/** Whether products of a substance stand for no other. */
export const hasNarrowRange = ({ atc }: { atc: string }): boolean => codes.has(atc);
