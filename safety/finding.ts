import type { RecordedFinding, SafetyOutcome, UnknownFact } from '#fhir/safety.ts';

/** Something that was found, before anybody answered it. */
export type Finding = Omit<RecordedFinding, 'override'>;

export interface Check {
  tableVersion: string;
  /** Worst first. */
  findings: Finding[];
  unknown: UnknownFact[];
}

/** What one kind of rule says. */
export interface Said {
  findings: Finding[];
  unknown: UnknownFact[];
}

export const nothing: Said = { findings: [], unknown: [] };

/** What came of a check once it is signed: see `SafetyOutcome`. */
export function outcomeOf({ findings, unknown }: Pick<Check, 'findings' | 'unknown'>): SafetyOutcome {
  if (findings.length > 0) return 'overridden';
  return unknown.length > 0 ? 'incomplete' : 'clear';
}

/** Names a finding among those of a check. */
export const keyOf = ({ rule, evidence }: Finding): string => `${rule}|${evidence}`;

/** Whether the prescriber must say why it is prescribed all the same. */
export const needsReason = ({ severity }: Finding): boolean => severity === 'contraindicated' || severity === 'serious';
