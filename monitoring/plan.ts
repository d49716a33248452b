import { z } from 'zod';
import { type AlertLevel, alertLevels } from '#chaincode/model/alert.ts';
import { canonicalJson } from '#chaincode/model/state.ts';
import { measureNames, type SeriesName, series, seriesNames } from './catalogue.ts';

/**
 * What is watched for one patient: written and signed by a clinician of the circle, sealed under the circle's key. The engine
 * (`watch.ts`) does nothing that does not stand here.
 */

/** Smaller is worse. */
export const rankOf = (level: AlertLevel): number => alertLevels.indexOf(level);

const seriesName = z.enum(seriesNames);
const seconds = (least: number, most: number) => z.int().min(least).max(most);
const value = z.number().min(0).max(1_000);

/**
 * Limits of a series, in its unit: a value below `low` or above `high` is urgent, beyond a critical limit critical. It must have
 * lasted `forSeconds` before anybody is called, and come back inside by `hysteresis` before it counts as over.
 */
export const limits = z.strictObject({
  criticalLow: value.optional(),
  low: value.optional(),
  high: value.optional(),
  criticalHigh: value.optional(),
  hysteresis: z.number().min(0).max(100),
  forSeconds: seconds(0, 86_400),
});
export type Limits = z.infer<typeof limits>;

/** A change over a time: `change` has a sign and the series' unit, and stands for at least so much within `windowSeconds`. */
export const trend = z.strictObject({
  series: seriesName,
  change: z
    .number()
    .min(-1_000)
    .max(1_000)
    .refine((change) => change !== 0, 'must be a change'),
  windowSeconds: seconds(300, 31 * 86_400),
  level: z.enum(alertLevels),
});
export type Trend = z.infer<typeof trend>;

/** NEWS2 is for people of 16 years or more who are not pregnant: the clinician says both, and which SpO2 scale is right. */
export const scoring = z.strictObject({
  scale: z.union([z.literal(1), z.literal(2)]),
  aged16OrMore: z.literal(true),
  notPregnant: z.literal(true),
  /** A parameter older than this does not count. */
  windowSeconds: seconds(60, 86_400),
  /** How long a score must have stood before anybody is called. */
  forSeconds: seconds(0, 3_600),
});
export type Scoring = z.infer<typeof scoring>;

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);
/** Hours in which alerts of the named level (and milder ones) wait until the hours are over. Critical ones never do. */
export const quietHours = z.strictObject({
  from: timeOfDay,
  until: timeOfDay,
  timeZone: z.string().max(64).refine(isTimeZone, 'must be a time zone'),
  holds: z.enum(['notice', 'urgent']),
});
export type QuietHours = z.infer<typeof quietHours>;

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone });
    return true;
  } catch {
    return false;
  }
}

const practitioner = z.string().regex(/^prac-[a-z2-7]{26}$/);
const patient = z.string().regex(/^pt-[0-9]{1,4}-[a-z2-7]{26}$/);

/** What the clinician decides; the rest of a plan says who, when and for whom. */
export const planTerms = z
  .strictObject({
    limits: z.partialRecord(seriesName, limits),
    trends: z.array(trend).max(16),
    news2: scoring.optional(),
    /** What a fall is worth; without it nobody is called for one. */
    falls: z.enum(alertLevels).optional(),
    /** Seconds of silence of a measure after which that is told; measures that are not named may be silent. */
    missingAfterSeconds: z.partialRecord(z.enum(measureNames), seconds(30, 31 * 86_400)),
    missingLevel: z.enum(['urgent', 'notice']),
    /** A cause that was back for so long is over; before, its return is the same alert. */
    settleSeconds: seconds(0, 86_400),
    quietHours: quietHours.optional(),
    /** Who is called first. */
    responder: practitioner,
    /** Whoever is called when the responder has not acknowledged an alert in time. */
    escalateTo: practitioner.optional(),
    escalateAfterSeconds: z.strictObject({
      critical: seconds(60, 86_400),
      urgent: seconds(60, 86_400),
      notice: seconds(60, 86_400),
    }),
  })
  .check((payload) => {
    for (const [name, found] of limitFaults(payload.value)) {
      payload.issues.push({ code: 'custom', input: payload.value, path: ['limits', name], message: found });
    }
  });
export type PlanTerms = z.infer<typeof planTerms>;

export const plan = z.strictObject({
  v: z.literal(1),
  patient,
  version: z.int().min(1),
  terms: planTerms,
  by: practitioner,
  at: z.iso.datetime(),
});
export type Plan = z.infer<typeof plan>;
/** Signature of the clinician's key over `planStatement`: base64 as in the other statements. */
export const signedPlan = plan.extend({ signature: z.string().max(512) });
export type SignedPlan = z.infer<typeof signedPlan>;

/** What the clinician signs: without it nobody watches by a plan. Fractions stand as text, as JSON of the ledger has none. */
export const planStatement = ({ v, patient: whose, version, terms, by, at }: Plan): Uint8Array => {
  const whole = (_: string, member: unknown) =>
    typeof member === 'number' && !Number.isSafeInteger(member) ? String(member) : member;
  const said: unknown = JSON.parse(JSON.stringify({ v, patient: whose, version, terms, by, at }, whole));
  return new TextEncoder().encode(canonicalJson({ purpose: 'medloom/monitoring/plan/v1', said }));
};

/** Limits that contradict each other or lie outside of what can be measured, by series. */
function limitFaults({ limits: given }: { limits: Partial<Record<SeriesName, Limits>> }): [SeriesName, string][] {
  return seriesNames.flatMap((name): [SeriesName, string][] => {
    const { criticalLow, low, high, criticalHigh } = given[name] ?? {};
    const ordered = [criticalLow, low, high, criticalHigh].filter((limit) => limit !== undefined);
    const { lowest, highest } = series[name];
    if (ordered.some((limit) => limit < lowest || limit > highest)) {
      return [[name, `limits lie between ${lowest} and ${highest}`]];
    }
    return ordered.some((limit, index) => limit < (ordered[index - 1] ?? limit))
      ? [[name, 'limits rise from critically low to critically high']]
      : [];
  });
}
