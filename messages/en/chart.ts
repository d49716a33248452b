import type { EntryKind } from '#fhir/chart/entry.ts';

/** A patient's chart. */
export const chart = {
  problems: 'Problems',
  allergies: 'Allergies and intolerances',
  medicines: 'Medicines',
  latest: 'Latest results',
  timeline: 'Timeline',
  notShared: 'Not shared',
  notSharedOf: (parts: string) => `Not shared with you: ${parts}.`,
  notSharedBody: 'There may be something here that you cannot see. Ask the patient, or request access.',
  partly: (parts: string) => `What is marked as ${parts} is not shared and may be missing here.`,
  none: {
    problems: 'No open problem is recorded.',
    allergies: 'No allergy is recorded. That is not the same as “no known allergies”.',
    medicines: 'No current medicine is recorded.',
    latest: 'No result is recorded.',
    timeline: 'Nothing is recorded yet.',
    filtered: 'Nothing of this kind.',
  },
  kinds: {
    problem: 'Problem',
    allergy: 'Allergy',
    medicine: 'Medicine',
    immunization: 'Vaccination',
    result: 'Result',
    vital: 'Vital sign',
    social: 'Social history',
    report: 'Report',
    document: 'Document',
    encounter: 'Visit',
    procedure: 'Procedure',
    person: 'Personal details',
  } satisfies Record<EntryKind, string>,
  all: 'Everything',
  show: 'Show',
  older: 'Show older entries',
  olderBusy: 'Opening older entries',
  since: 'since',
  until: (date: string) => `until ${date}`,
  highRisk: 'High risk',
  unconfirmed: (status: string) => `not confirmed: ${status}`,
  ended: (status: string) => status,
  undated: 'no date given',
  flags: {
    high: 'above the reference range',
    low: 'below the reference range',
    abnormal: 'abnormal',
    critical: 'critical',
  },
  range: (low: string | undefined, high: string | undefined) =>
    low === undefined ? `up to ${high}` : high === undefined ? `from ${low}` : `${low} to ${high}`,
  columns: { what: 'Result', value: 'Value', range: 'Reference', when: 'When' },
  plot: {
    of: (name: string) => `${name} over time`,
    label: (name: string, count: number, newest: string) => `${name}: ${count} values, the newest ${newest}`,
    choose: 'Value shown',
    band: 'reference range',
    few: 'One value so far. From two on they are drawn.',
    leftOut: (count: number) =>
      count === 1
        ? 'One value has a unit that cannot be converted.'
        : `${count} values have units that cannot be converted.`,
    asTable: 'As a table',
  },
  files: (count: number) => (count === 1 ? '1 file' : `${count} files`),
};
