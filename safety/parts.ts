import { type Check, type Finding, keyOf } from './finding.ts';
import { checkBy, type SafetySource } from './source.ts';
import type { Order, Subject } from './subject.ts';

/**
 * The checks of a series: one for each part at the time from which it can be filled, since age decides limits of the dose and what
 * is asked for. What is known of weight, kidney, pregnancy and other medicines is what is known now: the counter checks anew.
 */
export async function checkParts(
  source: SafetySource,
  subject: Subject,
  order: Omit<Order, 'at'>,
  starts: readonly string[],
): Promise<Check[]> {
  return Promise.all(starts.map((at) => checkBy(source, subject, { ...order, at })));
}

/** A finding with the number of the first part that it is about. */
export interface PartFinding extends Finding {
  fromPart: number;
}

/** All that the checks of the parts say, each thing once. */
export function togetherOf(checks: readonly Check[]): Omit<Check, 'findings'> & { findings: PartFinding[] } {
  const findings = new Map<string, PartFinding>();
  const unknown = new Map<string, Check['unknown'][number]>();
  for (const [index, check] of checks.entries()) {
    for (const finding of check.findings) {
      const key = keyOf(finding);
      if (!findings.has(key)) findings.set(key, { ...finding, fromPart: index + 1 });
    }
    for (const fact of check.unknown) unknown.set(JSON.stringify(fact), fact);
  }
  return {
    tableVersion: checks[0]?.tableVersion ?? '',
    findings: [...findings.values()].sort((one, other) => one.fromPart - other.fromPart),
    unknown: [...unknown.values()],
  };
}
