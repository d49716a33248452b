import { z } from 'zod';

/** What the traceability pages show, as it stands in their addresses. */

export const spans = [7, 30, 90] as const;
const span = z.enum(['7', '30', '90']).transform((text) => spans.find((days) => String(days) === text) ?? 30);

const traceFilter = z.object({
  /** Days up to today. */
  days: span.catch(30),
  gtin: z
    .string()
    .regex(/^\d{14}$/)
    .optional()
    .catch(undefined),
  /** GLN */
  site: z
    .string()
    .regex(/^\d{13}$/)
    .optional()
    .catch(undefined),
});
export type TraceFilter = z.output<typeof traceFilter>;

/** What an address asks for; what it says otherwise counts as not said. */
export const filterOf = (params: Record<string, string | string[] | undefined>): TraceFilter =>
  traceFilter.parse(params);

/** The query string of a filter, without `?`; empty where all is shown. */
export function queryOf({ days, gtin, site }: TraceFilter): string {
  const params = new URLSearchParams();
  if (days !== 30) params.set('days', String(days));
  if (gtin !== undefined) params.set('gtin', gtin);
  if (site !== undefined) params.set('site', site);
  return params.toString();
}

const dayMs = 86_400_000;

/** First and last day (UTC) of a filter, both included. */
export function daysOf({ days }: TraceFilter, now: number): { from: string; to: string } {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { from: day(now - (days - 1) * dayMs), to: day(now) };
}
