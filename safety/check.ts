import { severities, type UnknownFact } from '#fhir/safety.ts';
import { type Check, type Finding, keyOf, type Said } from './finding.ts';
import { checkAllergies } from './rules/allergies.ts';
import { checkDose } from './rules/dose.ts';
import { checkKidney } from './rules/kidney.ts';
import { checkMedicines } from './rules/medicines.ts';
import { checkPregnancy } from './rules/pregnancy.ts';
import type { Order, Subject } from './subject.ts';
import { tableVersion } from './table/version.ts';

const rules: readonly ((subject: Subject, order: Order) => Said)[] = [
  ...[checkAllergies, checkMedicines, checkDose, checkKidney, checkPregnancy],
];

const byWeight = (one: Finding, other: Finding): number =>
  severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
  compare(one.rule, other.rule) ||
  compare(one.evidence, other.evidence);
const compare = (one: string, other: string) => (one === other ? 0 : one < other ? -1 : 1);

const unknownKey = ({ what, why, detail = '' }: UnknownFact) => `${what}|${why}|${detail}`;

/**
 * What the table says of a prescription for somebody, worst first, and what could not be checked. Pure; the order in which a
 * record lists things changes nothing.
 */
export function checkPrescription(subject: Subject, order: Order): Check {
  const said = rules.map((rule) => rule(subject, order));
  const findings = new Map(said.flatMap((each) => each.findings).map((finding) => [keyOf(finding), finding]));
  const unknown = new Map(said.flatMap((each) => each.unknown).map((fact) => [unknownKey(fact), fact]));
  return {
    tableVersion,
    findings: [...findings.values()].sort(byWeight),
    unknown: [...unknown.values()].sort((one, other) => compare(unknownKey(one), unknownKey(other))),
  };
}
