import { t } from '#messages/en.ts';
import type { IntentMap, ReportKind } from '#server/transactions/schema.ts';
import type { Names } from './wordsOf.ts';

const text = t.adverseEvents.words;

/** What each step of a report means in one plain sentence; what it says is encrypted, and the page shows it. */
export const reportSentences: { [Kind in ReportKind]: (intent: IntentMap[Kind], names: Names) => string } = {
  'reports:file': ({ report: { patient } }, names) =>
    text.file(patient === undefined ? undefined : (names[patient] ?? patient)),
  'reports:ask': () => text.ask,
  'reports:answer': () => text.answer,
  'reports:assess': () => text.assess,
  'reports:close': () => text.close,
};
