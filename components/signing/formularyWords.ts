import { formatDate } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { FormularyKind, IntentMap } from '#server/transactions/schema.ts';
import type { Names } from './wordsOf.ts';

const text = t.formulary.words;
const named = (id: string, names: Names) => names[id] ?? id;
const scoped = (scope: string, names: Names) => (scope === 'national' ? text.forAll : named(scope, names));

/** What each change of the formulary means in one plain sentence. */
export const formularySentences: { [Kind in FormularyKind]: (intent: IntentMap[Kind], names: Names) => string } = {
  'formulary:put': ({ terms: { scope, entries } }, names) => {
    const [only] = entries;
    if (entries.length > 1 || only === undefined) return text.putMany(entries.length, scoped(scope, names));
    return text.put(named(only.code, names), t.formulary.tiers[only.tier], scoped(scope, names));
  },
  'formulary:withdraw': ({ scope, code }, names) => text.withdraw(named(code, names), scoped(scope, names)),
  'formulary:declareShortage': ({ shortage: { product, reason, until } }, names) =>
    text.declareShortage(named(product, names), reason, until === undefined ? undefined : formatDate(until)),
  'formulary:endShortage': ({ product }, names) => text.endShortage(named(product, names)),
};
