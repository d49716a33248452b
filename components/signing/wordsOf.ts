import type { Category, Purpose } from '#chaincode/model/category.ts';
import type { Grantee } from '#chaincode/model/consent.ts';
import { formatDate, formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { IntentMap, TransactionIntent, TransactionKind } from '#server/transactions/schema.ts';
import { claimSentences } from './claimWords.ts';
import { formularySentences } from './formularyWords.ts';
import { monitoringSentences } from './monitoringWords.ts';
import { lifecycleSentences, prescription } from './prescriptionWords.ts';
import { registrySentences } from './registryWords.ts';
import { reportSentences } from './reportWords.ts';
import { traceSentences } from './traceWords.ts';

/** Words for ids, as the page knows them: people, institutions, medicines by the prescription's id. */
export type Names = Readonly<Record<string, string>>;

const text = t.signing.words;
const units = (count: number) => text.units(count, formatNumber(count));

/** The sentence of a prescription, also for one that is still being written. */
export function issueWords(issue: {
  what: string;
  patient: string;
  quantity: number;
  fills: number;
  /** ISO 8601 instant */
  expires: string;
  controlled?: boolean | undefined;
  validFrom?: string | undefined;
  fillEveryDays?: number | undefined;
  series?: { part: number; of: number } | undefined;
  replaces?: string | undefined;
  renews?: object | undefined;
}): string {
  const { what, patient, quantity, fills, expires, validFrom, fillEveryDays, series } = issue;
  return [
    text.issue(what, patient, units(quantity), fills, formatDate(expires)),
    validFrom !== undefined && text.validFrom(formatDate(validFrom)),
    fillEveryDays !== undefined && text.fillEveryDays(formatNumber(fillEveryDays)),
    series && text.series(formatNumber(series.part), formatNumber(series.of)),
    issue.controlled && text.controlled,
    issue.replaces !== undefined && text.replaces,
    issue.renews !== undefined && text.renews,
  ]
    .filter(Boolean)
    .join(' ');
}

/** What each kind of transaction means in one plain sentence; a kind without one does not compile. */
const sentences: { [Kind in TransactionKind]: (intent: IntentMap[Kind], names: Names) => string } = {
  issue: ({ issue }, names) =>
    issueWords({
      ...issue,
      what: names[issue.id] ?? text.newPrescription,
      patient: names[issue.patient] ?? issue.patient,
    }),
  accept: ({ id }, names) => text.accept(prescription(id, names)),
  return: ({ id }, names) => text.return(prescription(id, names)),
  reserve: ({ id, reservation }, names) => text.reserve(units(reservation.quantity), prescription(id, names)),
  releaseReservation: ({ id }, names) => text.releaseReservation(prescription(id, names)),
  dispense: ({ id, dispense: { quantity, handedTo } }, names) =>
    text.dispense(units(quantity), prescription(id, names), handedTo),
  close: ({ id, reason }, names) => text.close(prescription(id, names), reason),
  cancel: ({ id, reason }, names) => text.cancel(prescription(id, names), reason),
  voidCode: ({ id }, names) => text.voidCode(prescription(id, names)),
  renewCode: ({ id }, names) => text.renewCode(prescription(id, names)),
  linkWallet: ({ address }) => text.linkWallet(address),
  unlinkWallet: ({ address }) => text.unlinkWallet(address),
  'patients:rotateKeys': ({ pseudonym }, names) => text.rotateKeys(named(pseudonym, names)),
  'patients:addCredential': ({ pseudonym, credential }, names) =>
    text.addCredential(credential.kind, named(pseudonym, names)),
  'patients:removeCredential': ({ pseudonym }, names) => text.removeCredential(named(pseudonym, names)),
  'patients:setStatus': ({ pseudonym, status }, names) =>
    text.setPatientStatus(named(pseudonym, names), status === 'suspended'),
  'patients:appoint': ({ appointment: { representative, patient, until } }, names) =>
    text.appoint(named(representative, names), named(patient, names), dateOf(until)),
  'patients:endRepresentation': ({ reason }) => text.endRepresentation(reason),
  'patients:proposeReenrolment': ({ subject }, names) => text.proposeReenrolment(named(subject, names)),
  'patients:approveReenrolment': ({ subject }, names) => text.approveReenrolment(named(subject, names)),
  'patients:refuseReenrolment': ({ subject, reason }, names) => text.refuseReenrolment(named(subject, names), reason),
  'records:open': ({ patient }, names) => text.openRecord(named(patient, names)),
  'records:renewEpochs': ({ patient, record }, names) =>
    text.renewEpochs(named(patient, names), categoriesOf(record.epochs.map(({ category }) => category))),
  'records:addWraps': ({ patient }, names) => text.addWraps(named(patient, names)),
  'records:add': ({ document: { patient, replaces }, record }, names) =>
    text.addDocument(named(patient, names), categoriesOf([record.category]), replaces !== undefined),
  'records:retract': ({ reason }) => text.retractDocument(reason),
  'records:putIndex': ({ patient, record }, names) =>
    text.putIndex(named(patient, names), categoriesOf([record.head.category])),
  'consents:grant': ({ terms: { decision, grantee, categories, purposes, until } }, names) =>
    text[decision](granteeOf(grantee, names), categoriesOf(categories), purposesOf(purposes), dateOf(until)),
  'consents:revoke': () => text.revoke,
  'consents:request': ({ request, terms: { categories, purposes, reason } }, names) =>
    text.requestConsent(named(request.patient, names), categoriesOf(categories), purposesOf(purposes), reason),
  'consents:decline': () => text.declineRequest,
  'consents:withdraw': () => text.withdrawRequest,
  'access:request': ({ access, terms: { categories, purpose } }, names) =>
    text.requestAccess(named(access.patient, names), categoriesOf(categories), purposesOf([purpose])),
  'access:openEmergency': ({ emergency: { patient, reason } }, names) =>
    text.openEmergency(named(patient, names), reason),
  'access:confirmEmergency': () => text.confirmEmergency,
  'access:reviewEmergency': ({ review: { outcome, note } }) => text.reviewEmergency(outcome === 'justified', note),
  ...lifecycleSentences,
  ...registrySentences,
  ...traceSentences,
  ...monitoringSentences,
  ...formularySentences,
  ...reportSentences,
  ...claimSentences,
};

const named = (id: string, names: Names) => names[id] ?? id;
const dateOf = (until: string | undefined) => (until === undefined ? undefined : formatDate(until));
const list = new Intl.ListFormat('en');
const categoriesOf = (categories: readonly Category[]) => list.format(categories.map((name) => text.categories[name]));
const purposesOf = (purposes: readonly Purpose[]) => list.format(purposes.map((name) => text.purposes[name]));

function granteeOf(grantee: Grantee, names: Names): string {
  const whose = named(grantee.id, names);
  return grantee.kind === 'role' ? text.role(grantee.role, whose) : whose;
}

function say<Kind extends TransactionKind>(kind: Kind, intent: IntentMap[Kind], names: Names): string {
  return sentences[kind](intent, names);
}

/** The sentence that a person reads before signing `intent`. An id that `names` does not know is said as it is. */
export const wordsOf = (intent: TransactionIntent, names: Names = {}): string => say(intent.kind, intent, names);
