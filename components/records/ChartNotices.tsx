import { partsWords } from '#components/chart/NotShared.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { OpenChart } from './useChart.ts';

const text = t.recordPages;

/** What of a chart could not be opened, said loudly: nobody takes a gap for a clean record. */
export function ChartNotices({ chart }: { chart: OpenChart }) {
  const { record, categories } = chart;
  const behind = record.unlocked.filter(({ state }) => state === 'behind' || state === 'locked');
  const refused = [
    ...record.unlocked.filter(({ state }) => state === 'refused').map(({ category }) => category),
    ...categories.flatMap((read) => ('problem' in read ? [read.category] : [])),
  ];
  const unopened = categories.flatMap((read) => ('unopened' in read ? read.unopened : []));
  const incomplete = categories.some((read) => 'incomplete' in read && read.incomplete);
  return (
    <>
      {[...new Set(refused)].map((category) => (
        <Notice key={category} tone="danger" live="alert" title={text.refused(t.records.categories[category])}>
          <p>{text.refusedBody}</p>
        </Notice>
      ))}
      {behind.length > 0 && (
        <Notice tone="warn" title={text.behind(partsWords(behind.map(({ category }) => category)))}>
          <p>{text.behindBody}</p>
        </Notice>
      )}
      {unopened.length > 0 && (
        <Notice tone="danger" live="alert" title={text.unopened(unopened.length)}>
          {unopened.map(({ id, problem }) => (
            <p key={id}>{text.unopenedBody(problem.code)}</p>
          ))}
        </Notice>
      )}
      {incomplete && (
        <Notice tone="warn" title={text.incomplete}>
          <p>{text.incompleteBody}</p>
        </Notice>
      )}
    </>
  );
}
