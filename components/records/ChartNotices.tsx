import { partsWords } from '#components/chart/NotShared.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { Gaps } from './gaps.ts';

const text = t.recordPages;

/** What of a chart could not be opened, said loudly: nobody takes a gap for a clean record. */
export function ChartNotices({ gaps }: { gaps: Gaps }) {
  const { refused, behind, byInstitution, unopened, incomplete } = gaps;
  return (
    <>
      {refused.map((category) => (
        <Notice key={category} tone="danger" live="alert" title={text.refused(t.records.categories[category])}>
          <p>{text.refusedBody}</p>
        </Notice>
      ))}
      {byInstitution.length > 0 && (
        <Notice tone="warn" title={text.institutionLocked(partsWords(byInstitution))}>
          <p>{text.institutionLockedBody}</p>
        </Notice>
      )}
      {behind.length > 0 && (
        <Notice tone="warn" title={text.behind(partsWords(behind))}>
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
