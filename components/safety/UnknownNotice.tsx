import { RotateCw, ShieldQuestion } from 'lucide-react';
import { categories } from '#chaincode/model/category.ts';
import { partsWords } from '#components/chart/NotShared.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import type { UnknownFact } from '#fhir/safety.ts';
import { t } from '#messages/en.ts';

const text = t.safety;

/** Parts of a record are named by their codes; anything else is words already. */
function detailWords(detail: string): string {
  const named = detail.split(', ').map((part) => categories.find((category) => category === part));
  const known = named.filter((part) => part !== undefined);
  return known.length === named.length ? partsWords(known) : detail;
}

/** Says loudly what could not be checked, and why; nothing where all could. */
export function UnknownNotice({
  unknown,
  title,
  body = text.unknownBody,
  onAgain,
}: {
  unknown: readonly UnknownFact[];
  title?: string;
  /** Where it is recorded, and what to do. */
  body?: string;
  onAgain?: (() => void) | undefined;
}) {
  if (unknown.length === 0) return null;
  const lacks = (why: UnknownFact['why']) =>
    unknown.some((fact) => fact.what === 'allergies' && fact.why === why && fact.detail === undefined);
  const whole = lacks('notShared') ? text.nothingTitle : unknown.some(isUnread) ? text.failedTitle : text.unknownTitle;
  return (
    <Notice
      tone="warn"
      icon={ShieldQuestion}
      live="status"
      title={title ?? whole}
      actions={
        onAgain && (
          <Button size="sm" icon={RotateCw} onClick={onAgain}>
            {text.again}
          </Button>
        )
      }
    >
      <ul className="space-y-0.5">
        {unknown.map(({ what, why, detail }) => (
          <li key={`${what}|${why}|${detail ?? ''}`}>
            <strong className="text-ink">{text.facts[what]}</strong>: {text.reasons[why]}
            {detail !== undefined && ` (${detailWords(detail)})`}
          </li>
        ))}
      </ul>
      <p>{body}</p>
    </Notice>
  );
}

/** The reading of the record failed as a whole. */
const isUnread = ({ what, why, detail }: UnknownFact) =>
  what === 'allergies' && why === 'failed' && detail !== 'clinical' && detail !== 'older entries';
