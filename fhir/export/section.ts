import type { records } from '#messages/en/records.ts';
import { digest } from '../chart/digest.ts';
import { byTime, type ChartEntry, isOpen, isWithdrawn } from '../chart/entry.ts';
import type { Identified } from '../record.ts';

/** Sections of an International Patient Summary (HL7 IPS, by LOINC code), and those that a whole record has besides. */
export interface SectionKind {
  key: keyof typeof records.page.sections;
  code: string;
  /** LOINC's own name of the code. */
  display: string;
  /** IPS asks for it even where it is empty. */
  required: boolean;
  takes: (entry: ChartEntry) => boolean;
}

const ofKind =
  (...kinds: ChartEntry['k'][]) =>
  ({ k }: ChartEntry) =>
    kinds.includes(k);

export const sectionKinds: readonly SectionKind[] = [
  {
    ...{ key: 'allergies', code: '48765-2', display: 'Allergies and adverse reactions Document', required: true },
    takes: ofKind('allergy'),
  },
  {
    ...{ key: 'problems', code: '11450-4', display: 'Problem list - Reported', required: true },
    takes: (entry) => entry.k === 'problem' && isOpen(entry),
  },
  {
    ...{ key: 'medications', code: '10160-0', display: 'History of Medication use Narrative', required: true },
    takes: ofKind('medicine'),
  },
  {
    ...{ key: 'immunizations', code: '11369-6', display: 'History of Immunization Narrative', required: false },
    takes: ofKind('immunization'),
  },
  {
    ...{
      key: 'results',
      code: '30954-2',
      display: 'Relevant diagnostic tests/laboratory data Narrative',
      required: false,
    },
    takes: ofKind('result', 'report'),
  },
  {
    ...{ key: 'vitals', code: '8716-3', display: 'Vital signs', required: false },
    takes: ofKind('vital'),
  },
  {
    ...{ key: 'procedures', code: '47519-4', display: 'History of Procedures Document', required: false },
    takes: ofKind('procedure'),
  },
  {
    ...{ key: 'past', code: '11348-0', display: 'History of Past illness Narrative', required: false },
    takes: (entry) => entry.k === 'problem' && !isOpen(entry),
  },
  {
    ...{ key: 'social', code: '29762-2', display: 'Social history Narrative', required: false },
    takes: ofKind('social'),
  },
  {
    ...{ key: 'encounters', code: '46240-8', display: 'History of Hospitalizations+Outpatient visits Narrative' },
    required: false,
    takes: ofKind('encounter'),
  },
  {
    ...{ key: 'documents', code: '77599-9', display: 'Additional documentation', required: false },
    takes: ofKind('document'),
  },
];

/** A resource with its line. */
export interface Line {
  resource: Identified;
  entry: ChartEntry;
}
export interface Section {
  kind: SectionKind;
  /** Newest first. */
  lines: Line[];
}

export const linesOf = (resources: readonly Identified[]): Line[] =>
  resources
    .map((resource) => ({ resource, entry: digest(resource, { document: '', at: '' }) }))
    .sort((one, other) => byTime(one.entry, other.entry));

/** All lines in their sections; empty ones only where IPS asks for them. */
export const sectionsOf = (lines: readonly Line[]): Section[] =>
  sectionKinds
    .map((kind) => ({ kind, lines: lines.filter(({ entry }) => kind.takes(entry)) }))
    .filter((section) => section.kind.required || section.lines.length > 0);

/**
 * What a summary needs of a record: nothing withdrawn, of medicines those that are taken, of each value the newest, of reports
 * and vaccinations and procedures all, no visits and no files.
 */
export function inSummary<Of extends Pick<Line, 'entry'>>(lines: readonly Of[]): Of[] {
  const seen = new Set<string>();
  return lines.filter(({ entry }) => {
    if (isWithdrawn(entry) || entry.k === 'encounter' || entry.k === 'document') return false;
    if (entry.k === 'medicine') return isOpen(entry);
    if (entry.k !== 'result' && entry.k !== 'vital' && entry.k !== 'social') return true;
    const what = entry.code ?? entry.x;
    if (seen.has(what)) return false;
    seen.add(what);
    return true;
  });
}
