import { checkPrescription } from './check.ts';
import type { Check } from './finding.ts';
import type { Order, Subject } from './subject.ts';
import { tableVersion } from './table/version.ts';

/** Whoever answers what is dangerous about a prescription: the local table, or a commercial service in its place. */
export interface SafetySource {
  /** Names what answers and its edition. */
  readonly version: string;
  check(subject: Subject, order: Order): Promise<Check>;
}

export const localSource: SafetySource = {
  version: tableVersion,
  check: async (subject, order) => checkPrescription(subject, order),
};

/** How long a source may take. */
const longestMs = 5_000;

/** The check of a source; where it fails or takes too long, a check that says so. */
export async function checkBy(
  source: SafetySource,
  subject: Subject,
  order: Order,
  within = longestMs,
): Promise<Check> {
  const failed = (detail: string): Check => ({
    ...{ tableVersion: source.version, findings: [] },
    unknown: [{ what: 'check', why: 'failed', detail }],
  });
  const late = Promise.withResolvers<Check>();
  const timer = setTimeout(() => late.resolve(failed('no answer in time')), within);
  try {
    return await Promise.race([source.check(subject, order), late.promise]);
  } catch (error) {
    return failed(error instanceof Error ? error.message : 'unknown');
  } finally {
    clearTimeout(timer);
  }
}
