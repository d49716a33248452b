'use client';

import { UserRoundMinus, UserRoundPlus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDate } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { t } from '#messages/en.ts';
import type { RepresentationView } from '#server/patients/schema.ts';
import { AppointDialog } from './AppointDialog.tsx';

const text = t.consents.representatives;

/** Who acts for the patient. The patient appoints and ends; who acts can end the own representation. */
export function Representatives({
  representations,
  own,
  self,
  now,
  appoint,
  end,
}: {
  representations: readonly RepresentationView[];
  /** The record is the reader's own. */
  own: boolean;
  /** Pseudonym of the reader. */
  self: string;
  now: Date;
  /** Each signs and records, and throws what prevented it. */
  appoint: (who: { pseudonym: string; name: string }, until: string | undefined) => Promise<void>;
  end: (id: string, reason: string) => Promise<void>;
}) {
  const [appointing, setAppointing] = useState(false);
  const [ending, setEnding] = useState<RepresentationView | null>(null);
  const acting = representations.filter(
    ({ state, until }) => state === 'active' && (until === undefined || Date.parse(until) > now.getTime()),
  );
  return (
    <Panel labelledBy="consents-representatives">
      <PanelHead
        id="consents-representatives"
        icon={UsersRound}
        title={own ? text.title : text.titleOther}
        aside={
          own && (
            <Button icon={UserRoundPlus} onClick={() => setAppointing(true)}>
              {text.appoint}
            </Button>
          )
        }
      />
      {acting.length === 0 ? (
        <Empty icon={UsersRound} title={own ? text.none : text.noneOther}>
          {text.remark}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {acting.map((each) => {
            const { id, representative, since, until, institution } = each;
            const name = representative.name ?? representative.pseudonym;
            return (
              <li key={id} className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
                <div className="min-w-0 flex-1 basis-64">
                  <p className="font-bold break-words">{name}</p>
                  <p className="text-sm text-ink-2">
                    {text.since(formatDate(since))} ·{' '}
                    {until === undefined ? text.untilEnded : t.consents.untilDay(formatDate(until))}
                    {institution && <> · {text.byInstitution(institution.name)}</>}
                  </p>
                </div>
                {(own || representative.pseudonym === self) && (
                  <Button
                    size="sm"
                    icon={UserRoundMinus}
                    aria-label={`${text.end}: ${name}`}
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
      {appointing && <AppointDialog onClose={() => setAppointing(false)} appoint={appoint} />}
      {ending && (
        <ReasonDialog
          title={text.endTitle(ending.representative.name ?? ending.representative.pseudonym)}
          body={text.endBody}
          label={text.reason}
          hint={text.reasonHint}
          usual={text.reasonUsual}
          action={text.endDo}
          icon={UserRoundMinus}
          onClose={() => setEnding(null)}
          onReason={(reason) => end(ending.id, reason)}
        />
      )}
    </Panel>
  );
}
