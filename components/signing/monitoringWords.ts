import type { AlertOutcome } from '#chaincode/model/alert.ts';
import type { CirclePlace, NewCommit, NewSeat } from '#chaincode/model/circle.ts';
import type { PlanPlace } from '#chaincode/model/telemetry.ts';
import { formatDate, formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { Names } from './wordsOf.ts';

const text = t.monitoringPages.words;
const named = (id: string, names: Names) => names[id] ?? id;
const dateOf = (until: string | undefined) => (until === undefined ? undefined : formatDate(until));

/** What each step of watching at a distance means in one plain sentence. */
export const monitoringSentences = {
  'circles:seat': ({ seat: { patient, subject, until } }: { seat: NewSeat }, names: Names) =>
    text.seat[subject.startsWith('prac-') ? 'clinician' : 'device'](
      named(subject, names),
      named(patient, names),
      dateOf(until),
    ),
  'circles:unseat': ({ patient, subject }: { patient: string; subject: string }, names: Names) =>
    text.unseat(named(subject, names), named(patient, names)),
  'circles:commit': ({ commit: { patient, epoch, added, removed } }: { commit: NewCommit }, names: Names) => {
    const whom = named(patient, names);
    if (epoch === 0) return text.begin(whom);
    if (added.length > 0) return text.join(whom);
    return removed.length > 0
      ? text.remove(whom, text.leaves(removed.length, formatNumber(removed.length)))
      : text.renew(whom);
  },
  'telemetry:archive': ({ place }: { place: CirclePlace }, names: Names) => text.archive(named(place.patient, names)),
  'telemetry:setPlan': ({ plan: { patient, version } }: { plan: PlanPlace }, names: Names) =>
    text.setPlan(named(patient, names), formatNumber(version)),
  'telemetry:resealPlan': ({ plan }: { plan: PlanPlace }, names: Names) => text.resealPlan(named(plan.patient, names)),
  'alerts:acknowledge': () => text.acknowledge,
  'alerts:close': ({ outcome }: { outcome: AlertOutcome }) => text.close[outcome],
};
