import { formatDate } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { IntentMap, LifecycleKind } from '#server/transactions/schema.ts';
import type { Names } from './wordsOf.ts';

const text = t.signing.words;
export const prescription = (id: string, names: Names) => names[id] ?? text.prescription(id);
const named = (id: string, names: Names) => names[id] ?? id;

/** What each step of a prescription's way, besides issuing and dispensing, means in one plain sentence. */
export const lifecycleSentences: { [Kind in LifecycleKind]: (intent: IntentMap[Kind], names: Names) => string } = {
  requestCancel: ({ id, reason }, names) => text.requestCancel(prescription(id, names), reason),
  answerCancel: ({ id, answer, reason }, names) =>
    answer === 'cancel'
      ? text.agreeCancel(prescription(id, names), reason)
      : text.refuseCancel(prescription(id, names), reason),
  noticeHold: ({ id }, names) => text.noticeHold(prescription(id, names)),
  endHold: ({ id }, names) => text.endHold(prescription(id, names)),
  offerTransfer: ({ id, to }, names) => text.offerTransfer(prescription(id, names), named(to, names)),
  acceptTransfer: ({ id }, names) => text.acceptTransfer(prescription(id, names)),
  withdrawTransfer: ({ id }, names) => text.withdrawTransfer(prescription(id, names)),
  refuseTransfer: ({ id }, names) => text.refuseTransfer(prescription(id, names)),
  authorisePickup: ({ id, pickup: { kind, until } }, names) =>
    text.authorisePickup[kind](prescription(id, names), formatDate(until)),
  revokePickup: ({ id }, names) => text.revokePickup(prescription(id, names)),
  askRenewal: ({ renewal }, names) => text.askRenewal(prescription(renewal.prescription, names)),
  denyRenewal: ({ id, reason }, names) => text.denyRenewal(named(id, names), reason),
  withdrawRenewal: ({ id }, names) => text.withdrawRenewal(named(id, names)),
};
