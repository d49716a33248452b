/** First and last day of a policy as a form has them, and as the ledger takes them: instants at the day's beginning where the person is. */

export interface PeriodDraft {
  /** `YYYY-MM-DD`; `until` is empty for no end. */
  from: string;
  until: string;
}

const instantOf = (day: string): string | undefined => {
  const at = new Date(`${day}T00:00:00`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};

/** The period, or which field is wrong and how. */
export function periodOf({
  from,
  until,
}: PeriodDraft): { from: string; until?: string } | { fault: 'from' | 'until' | 'order' } {
  const start = instantOf(from);
  if (start === undefined) return { fault: 'from' };
  if (until === '') return { from: start };
  const end = instantOf(until);
  if (end === undefined) return { fault: 'until' };
  return Date.parse(end) <= Date.parse(start) ? { fault: 'order' } : { from: start, until: end };
}

/** Today where the person is, `YYYY-MM-DD`. */
export function dayOf(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
