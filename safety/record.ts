import { type CheckedPart, mostFindings, type SafetyRecord, type StatedFact, type UnknownFact } from '#fhir/safety.ts';
import { type Check, keyOf, needsReason, outcomeOf } from './finding.ts';

/** Something serious was found, and nobody has said why it is prescribed all the same. */
export class UnansweredError extends Error {
  readonly rules: readonly string[];

  constructor(rules: readonly string[]) {
    super(`not answered: ${rules.join(', ')}`);
    this.name = 'UnansweredError';
    this.rules = rules;
  }
}

/** Why it is prescribed all the same, by the key of the finding. */
export type Reasons = Readonly<Record<string, string>>;

const reasonFor = (reasons: Reasons, key: string): string | undefined => {
  const reason = Object.hasOwn(reasons, key) ? reasons[key]?.trim() : undefined;
  return reason === undefined || reason.length < 3 ? undefined : reason;
};

/** Findings that still want a reason. */
export const unanswered = ({ findings }: Pick<Check, 'findings'>, reasons: Reasons) =>
  findings.filter((finding) => needsReason(finding) && reasonFor(reasons, keyOf(finding)) === undefined);

/** Findings of the pharmacist's own check that want a word of what was done about it: those that the prescriber gave no reason for. */
export const unansweredAtCounter = (
  check: Pick<Check, 'findings'>,
  prescriber: SafetyRecord | undefined,
  note: string,
) => unanswered(check, atCounter(check, prescriber, note));

/** The pharmacist's note answers what the prescriber did not; the prescriber's reason, as it was signed, the rest. */
function atCounter(
  { findings }: Pick<Check, 'findings'>,
  prescriber: SafetyRecord | undefined,
  note: string,
): Record<string, string> {
  const given = new Map(prescriber?.findings.map((finding) => [keyOf(finding), finding.override]));
  return Object.fromEntries(
    findings.filter(needsReason).map((finding) => [keyOf(finding), given.get(keyOf(finding)) ?? note]),
  );
}

/** What a dispense keeps of the pharmacist's own check. Throws `UnansweredError`. */
export const counterRecordOf = (
  check: Check,
  { prescriber, note, at, salt }: { prescriber: SafetyRecord | undefined; note: string; at: string; salt: string },
): SafetyRecord => recordOf(check, { reasons: atCounter(check, prescriber, note), stated: [], at, salt });

/** What the prescription keeps of a check. Throws `UnansweredError`. */
export function recordOf(
  check: Check,
  signed: { reasons: Reasons; stated: StatedFact[]; at: string; salt: string; part?: CheckedPart | undefined },
): SafetyRecord {
  const open = unanswered(check, signed.reasons);
  if (open.length > 0) throw new UnansweredError(open.map(({ rule }) => rule));
  const findings = check.findings.slice(0, mostFindings).map((finding) => {
    const override = reasonFor(signed.reasons, keyOf(finding));
    return { ...finding, ...(override !== undefined && { override }) };
  });
  const left: UnknownFact[] =
    check.findings.length > mostFindings
      ? [{ what: 'check', why: 'failed', detail: `${check.findings.length - mostFindings} lesser findings left out` }]
      : [];
  const { at, salt, stated, part } = signed;
  const unknown = [...check.unknown, ...left];
  return {
    ...{ tableVersion: check.tableVersion, outcome: outcomeOf(check), at, salt, findings, unknown, stated },
    ...(part !== undefined && { part }),
  };
}
