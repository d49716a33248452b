import { formatDate } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { IntentMap } from '#server/transactions/schema.ts';
import type { Names } from './wordsOf.ts';

const text = t.circleWords;
const named = (id: string, names: Names) => names[id] ?? id;

type CircleKind = Extract<keyof IntentMap, `circles:${string}` | `telemetry:${string}` | `alerts:${string}`>;

/** What is done about a patient's circle, plan and alerts, in one sentence each. */
export const circleSentences: { [Kind in CircleKind]: (intent: IntentMap[Kind], names: Names) => string } = {
  'circles:seat': ({ seat: { subject, until } }, names) =>
    text.seat(named(subject, names), until === undefined ? undefined : formatDate(until)),
  'circles:unseat': ({ subject }, names) => text.unseat(named(subject, names)),
  'circles:commit': ({ commit: { patient, added, removed } }, names) =>
    text.commit(named(patient, names), added.length > 0, removed.length),
  'telemetry:archive': ({ place }, names) => text.archive(named(place.patient, names)),
  'telemetry:setPlan': ({ plan }, names) => text.setPlan(named(plan.patient, names), plan.version),
  'telemetry:resealPlan': ({ plan }, names) => text.resealPlan(named(plan.patient, names)),
  'alerts:acknowledge': () => text.acknowledge,
  'alerts:close': ({ outcome }) => text.close(text.outcomes[outcome]),
};
