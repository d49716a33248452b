import type { Category, Purpose } from '#chaincode/model/category.ts';
import type { ConsentTerms, Grantee } from '#chaincode/model/consent.ts';

/** What a form of sharing holds before it is a consent. */
export interface TermsDraft {
  decision: ConsentTerms['decision'];
  grantee: Grantee | null;
  categories: Category[];
  purposes: Exclude<Purpose, 'ETREAT'>[];
  period: 'always' | 'month' | 'year' | 'day';
  /** Last day, ISO date, of the reader's own calendar; only with the period `day`. */
  lastDay: string;
}

export const emptyTerms: TermsDraft = {
  decision: 'permit',
  grantee: null,
  categories: [],
  purposes: ['TREAT'],
  period: 'always',
  lastDay: '',
};

/** When a period ends: the end of its last day here. */
function endOf({ period, lastDay }: TermsDraft, now: Date): string | undefined {
  if (period === 'always') return undefined;
  const end = period === 'day' ? new Date(`${lastDay}T00:00:00`) : new Date(now);
  if (period === 'month') end.setMonth(end.getMonth() + 1);
  if (period === 'year') end.setFullYear(end.getFullYear() + 1);
  end.setHours(23, 59, 59, 0);
  return end.toISOString();
}

export type Fault = 'who' | 'what' | 'why' | 'day';

/** The terms of a draft, from now on; or what it lacks. */
export function termsOf(draft: TermsDraft, now: Date): { terms: ConsentTerms } | { faults: Fault[] } {
  const { decision, grantee, categories, purposes } = draft;
  const until = draft.period === 'day' && draft.lastDay === '' ? '' : endOf(draft, now);
  const late = until !== undefined && !(Date.parse(until) > now.getTime());
  const faults: Fault[] = [
    ...(grantee === null ? (['who'] as const) : []),
    ...(categories.length === 0 ? (['what'] as const) : []),
    ...(purposes.length === 0 ? (['why'] as const) : []),
    ...(late ? (['day'] as const) : []),
  ];
  if (faults.length > 0 || grantee === null) return { faults };
  // The ledger's clock may be a little behind; who is allowed something is allowed it at once.
  const from = new Date(now.getTime() - 60_000).toISOString();
  return { terms: { decision, grantee, categories, purposes, from, ...(until === undefined ? {} : { until }) } };
}
