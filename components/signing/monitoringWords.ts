import { formatDate, formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { IntentMap } from '#server/transactions/schema.ts';
import type { Names } from './wordsOf.ts';

const text = t.monitoringPages.words;
const named = (id: string, names: Names) => names[id] ?? id;
const dateOf = (until: string | undefined) => (until === undefined ? undefined : formatDate(until));

type MonitoringKind = Extract<keyof IntentMap, `circles:${string}` | `telemetry:${string}` | `alerts:${string}`>;

/** What each step of watching at a distance means in one plain sentence. */
export const monitoringSentences: { [Kind in MonitoringKind]: (intent: IntentMap[Kind], names: Names) => string } = {
  'circles:seat': ({ seat: { patient, subject, until } }, names) =>
    text.seat[subject.startsWith('prac-') ? 'clinician' : 'device'](
      named(subject, names),
      named(patient, names),
      dateOf(until),
    ),
  'circles:unseat': ({ patient, subject }, names) => text.unseat(named(subject, names), named(patient, names)),
  'circles:commit': ({ commit: { patient, epoch, added, removed } }, names) => {
    const whom = named(patient, names);
    if (epoch === 0) return text.begin(whom);
    if (added.length > 0) return text.join(whom);
    if (removed.length === 0) return text.renew(whom);
    return text.remove(whom, text.leaves(removed.length, formatNumber(removed.length)));
  },
  'telemetry:archive': ({ place }, names) => text.archive(named(place.patient, names)),
  'telemetry:setPlan': ({ plan: { patient, version } }, names) =>
    text.setPlan(named(patient, names), formatNumber(version)),
  'telemetry:resealPlan': ({ plan }, names) => text.resealPlan(named(plan.patient, names)),
  'alerts:acknowledge': () => text.acknowledge,
  'alerts:close': ({ outcome }) => text.close[outcome],
};
