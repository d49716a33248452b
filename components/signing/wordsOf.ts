import { formatDate, formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { IntentMap, TransactionIntent, TransactionKind } from '#server/transactions/schema.ts';

/** Words for ids, as the page knows them: people, institutions, medicines by the prescription's id. */
export type Names = Readonly<Record<string, string>>;

const text = t.signing.words;
const units = (count: number) => text.units(count, formatNumber(count));

/** What each kind of transaction means in one plain sentence; a kind without one does not compile. */
const sentences: { [Kind in TransactionKind]: (intent: IntentMap[Kind], names: Names) => string } = {
  issue: ({ issue }, names) => {
    const what = names[issue.id] ?? text.newPrescription;
    const patient = names[issue.patient] ?? issue.patient;
    const sentence = text.issue(what, patient, units(issue.quantity), issue.fills, formatDate(issue.expires));
    return issue.controlled ? `${sentence} ${text.controlled}` : sentence;
  },
  accept: ({ id }, names) => text.accept(prescription(id, names)),
  return: ({ id }, names) => text.return(prescription(id, names)),
  dispense: ({ id, dispense }, names) => text.dispense(units(dispense.quantity), prescription(id, names)),
  close: ({ id, reason }, names) => text.close(prescription(id, names), reason),
  cancel: ({ id, reason }, names) => text.cancel(prescription(id, names), reason),
  voidCode: ({ id }, names) => text.voidCode(prescription(id, names)),
  renewCode: ({ id }, names) => text.renewCode(prescription(id, names)),
  linkWallet: ({ address }) => text.linkWallet(address),
  unlinkWallet: ({ address }) => text.unlinkWallet(address),
};

const prescription = (id: string, names: Names) => names[id] ?? text.prescription(id);

function say<Kind extends TransactionKind>(kind: Kind, intent: IntentMap[Kind], names: Names): string {
  return sentences[kind](intent, names);
}

/** The sentence that a person reads before signing `intent`. An id that `names` does not know is said as it is. */
export const wordsOf = (intent: TransactionIntent, names: Names = {}): string => say(intent.kind, intent, names);
