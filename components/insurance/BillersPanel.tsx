'use client';

import { Ban, Building2, UserRoundPlus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDate } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import type { AuthorisationView } from '#server/claims/schema.ts';

const text = t.insurance.billers;
const list = new Intl.ListFormat('en');

/** Who may bill the patient's insurers now. `revoke` signs and records the end, and throws what prevented it. */
export function BillersPanel({
  authorisations,
  canAdd,
  isUnlocked,
  onAdd,
  revoke,
}: {
  /** Those in force. */
  authorisations: readonly AuthorisationView[];
  /** Some policy is in force. */
  canAdd: boolean;
  isUnlocked: boolean;
  onAdd: () => void;
  revoke: (authorisation: AuthorisationView) => Promise<void>;
}) {
  const [ending, setEnding] = useState<AuthorisationView | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const end = async () => {
    if (ending !== null && (await attempt(() => revoke(ending)))) setEnding(null);
  };
  return (
    <Panel labelledBy="insurance-billers">
      <PanelHead
        id="insurance-billers"
        icon={Building2}
        title={text.title}
        remark={authorisations.length > 0 ? text.remark(authorisations.length) : undefined}
        aside={
          canAdd ? (
            <Button icon={UserRoundPlus} disabled={!isUnlocked} onClick={onAdd}>
              {text.add}
            </Button>
          ) : undefined
        }
      />
      {authorisations.length === 0 ? (
        <Empty icon={Building2} title={text.none}>
          {canAdd ? text.noneBody : text.needPolicy}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {authorisations.map((authorisation) => (
            <li key={authorisation.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
              <div className="min-w-0 flex-1 basis-64">
                <p className="font-bold break-words">{authorisation.names[authorisation.institution]}</p>
                <p className="text-sm">{shownBy(authorisation)}</p>
                <p className="text-sm text-ink-2">
                  {authorisation.names[authorisation.insurer]} · {text.until(formatDate(authorisation.until))}
                </p>
              </div>
              <Button
                size="sm"
                icon={Ban}
                disabled={!isUnlocked}
                aria-label={`${text.end}: ${authorisation.names[authorisation.institution]}`}
                onClick={() => setEnding(authorisation)}
              >
                {text.end}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Dialog
        open={ending !== null}
        onOpenChange={(open) => !open && setEnding(null)}
        title={text.endTitle}
        description={text.endBody}
        closeLabel={t.shell.close}
        actions={
          <>
            <Button onClick={() => setEnding(null)}>{t.shell.cancel}</Button>
            <Button look="danger" icon={Ban} busy={busy} onClick={end}>
              {text.end}
            </Button>
          </>
        }
      >
        {problem && <ProblemNotice problem={problem} />}
      </Dialog>
    </Panel>
  );
}

const shownBy = ({ evidence }: AuthorisationView) =>
  evidence.length === 0
    ? text.showsLeast
    : text.shows(list.format(evidence.map((field) => t.insurance.authorise.fields[field])));
