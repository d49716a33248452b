import { formatDate, formatMoney } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { ClaimKind, IntentMap } from '#server/transactions/schema.ts';
import type { Names } from './wordsOf.ts';

const text = t.claims.words;

const named = (id: string, names: Names) => names[id] ?? id;
const list = new Intl.ListFormat('en');

/** What insurers’ and providers’ staff sign, in one plain sentence each. Amounts of a decision are in the claim's currency, which `names` has. */
export const claimSentences: { [Kind in ClaimKind]: (intent: IntentMap[Kind], names: Names) => string } = {
  'claims:publishPlan': ({ plan: { terms, version, validFrom } }) =>
    text.publishPlan(terms.name, String(version), formatDate(validFrom)),
  'claims:closePlan': ({ id }, names) => text.closePlan(named(id, names)),
  'claims:decidePolicy': ({ id, verdict, terms: { from, until, reason } }, names) =>
    verdict === 'accept'
      ? text.accept(named(id, names), dayOf(from), dayOf(until))
      : text.refuse(named(id, names), reason ?? ''),
  'claims:endPolicy': ({ id, reason }, names) => text.endPolicy(named(id, names), reason),
  'claims:submit': ({ submission: { id, use, category, billed, currency, policy } }, names) => {
    const say = use === 'claim' ? text.submit : text.preauthorisation;
    return say(names[id] ?? t.claims.categories[category], formatMoney(billed, currency), named(policy, names));
  },
  'claims:decide': ({ decision: { claim, outcome, insurer, patient, reasons } }, names) => {
    const currency = names[`${claim}/currency`];
    const why = list.format(reasons.map((reason) => t.claims.reasons[reason]));
    if (outcome === 'denied') return text.denied(why);
    const shares = [formatMoney(insurer, currency), formatMoney(patient, currency)] as const;
    return outcome === 'approved' ? text.approved(...shares) : text.approvedInPart(...shares, why);
  },
  'claims:ask': () => text.ask,
  'claims:answer': () => text.answer,
  'claims:cash': ({ id, amount }, names) => text.cash(formatMoney(amount, names[`${id}/currency`])),
  'claims:reverse': ({ reason }) => text.reverse(reason),
};

const dayOf = (instant: string | undefined) => (instant === undefined ? '' : formatDate(instant));
