import { type Category, categories } from '#chaincode/model/category.ts';
import type { OpenedDocument } from '#components/vault/documentOperations.ts';
import type { OpenedRecord } from '#components/vault/records.ts';
import type { OpenChart } from './useChart.ts';

/** A chart as whoever opened its record has it. */
export type Chart = Omit<OpenChart, 'record'> & {
  record: Pick<OpenedRecord, 'unlocked' | 'withheld'> & Partial<OpenedRecord>;
};

/** What of a record that was opened is not in its chart, so that nobody takes a gap for a clean record. */
export interface Gaps {
  /** The parts whose chart is empty for the reader, whatever is in them: not shared, or not open. */
  hidden: Category[];
  /** What is there does not check. */
  refused: Category[];
  /** No key, or none of the newest, was wrapped for the reader. */
  behind: Category[];
  /** They are wrapped for the reader's institution, which has not given the reader its key. */
  byInstitution: Category[];
  /** Documents that do not check. */
  unopened: Extract<OpenedDocument, { problem: unknown }>[];
  /** An index has still to be written. */
  incomplete: boolean;
}

/** Codes of what only lacks a key. */
const keyless = ['KEY_MISSING', 'NOT_OPENED', 'INSTITUTION_LOCKED'];

export function gapsOf({ record: { unlocked, withheld }, categories: read }: Chart): Gaps {
  const of = (wanted: (one: (typeof unlocked)[number]) => boolean) =>
    unlocked.filter(wanted).map(({ category }) => category);
  const byInstitution = of(({ problem }) => problem?.code === 'INSTITUTION_LOCKED');
  const locked = of(({ state }) => state === 'locked');
  const behind = [...of(({ state }) => state === 'behind'), ...locked];
  const waiting = new Set([...behind, ...byInstitution]);
  const unread = read.flatMap((one) => ('problem' in one ? [one] : []));
  const refused = new Set([
    ...of(({ state, category }) => state === 'refused' && !waiting.has(category)),
    ...unread.flatMap(({ category, problem }) =>
      waiting.has(category) && keyless.includes(problem.code) ? [] : [category],
    ),
  ]);
  const hidden = new Set([
    ...withheld,
    ...locked,
    ...byInstitution,
    ...refused,
    ...unread.map(({ category }) => category),
  ]);
  const documents = read.flatMap((one) => ('unopened' in one ? one.unopened : []));
  return {
    hidden: categories.filter((category) => hidden.has(category)),
    refused: [...refused],
    behind,
    byInstitution,
    unopened: documents.filter(({ category, problem }) => !(waiting.has(category) && keyless.includes(problem.code))),
    incomplete: read.some((one) => 'incomplete' in one && one.incomplete),
  };
}
