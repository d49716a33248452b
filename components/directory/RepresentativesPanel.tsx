'use client';

import { ArrowRight, UserCheck } from 'lucide-react';
import { useState } from 'react';
import { useChange } from '#components/registry/useChange.ts';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDate } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { t } from '#messages/en.ts';
import type { RepresentationView } from '#server/patients/schema.ts';

const text = t.directory.representatives;
const nameOf = ({ name, pseudonym }: RepresentationView['patient']) => name ?? pseudonym;

/** Who acts for patients on a document of this institution; the admin ends it. `now`: ISO 8601. */
export function RepresentativesPanel({ appointed, now }: { appointed: RepresentationView[]; now: string }) {
  const [ending, setEnding] = useState<RepresentationView | null>(null);
  const { record } = useChange();
  return (
    <Panel labelledBy="representatives">
      <PanelHead id="representatives" title={text.title} remark={text.remark} icon={UserCheck} />
      {appointed.length === 0 ? (
        <Empty icon={UserCheck} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {appointed.map((each) => {
            const { id, patient, representative, state, until, endedAt } = each;
            const acts = state === 'active' && (until === undefined || until > now);
            const standing = acts ? text.active : state === 'active' ? text.expired : text.over;
            const when = endedAt ? text.ended(formatDate(endedAt)) : until && text.until(formatDate(until));
            return (
              <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
                <div className="min-w-0 flex-1 basis-56">
                  <p className="font-bold">{text.line(nameOf(representative), nameOf(patient))}</p>
                  <p className="text-sm text-ink-2">{when}</p>
                </div>
                <Pill tone={acts ? 'ok' : 'neutral'}>{standing}</Pill>
                {state === 'active' && (
                  <Button
                    size="sm"
                    aria-label={text.endOf(nameOf(representative), nameOf(patient))}
                    onClick={() => setEnding(each)}
                  >
                    {text.end}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {ending && (
        <ReasonDialog
          title={text.endTitle(nameOf(ending.representative))}
          label={t.registry.decisions.reason}
          hint={t.registry.decisions.reasonHint}
          action={t.registry.decisions.next}
          icon={ArrowRight}
          onReason={(reason) => record({ kind: 'patients:endRepresentation', id: ending.id, reason })}
          onClose={() => setEnding(null)}
        />
      )}
    </Panel>
  );
}
