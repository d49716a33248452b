'use client';

import { Ban, CircleCheck, UserRoundPlus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import type { FullConsent } from '#chaincode/model/consent.ts';
import { partsWords } from '#components/chart/NotShared.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDate } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';

const text = t.consents;

/** What the patient allows and forbids, each with the way to end it. */
export function ConsentList({
  consents,
  names,
  now,
  onAdd,
  revoke,
}: {
  /** Those in force and those to come. */
  consents: readonly FullConsent[];
  names: Readonly<Record<string, string>>;
  now: Date;
  onAdd: (decision: 'permit' | 'deny') => void;
  /** Signs and records the end of a consent; throws what prevented it. */
  revoke: (consent: FullConsent) => Promise<void>;
}) {
  const [asking, setAsking] = useState<FullConsent | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const denial = asking?.terms.decision === 'deny';

  const end = async () => {
    if (asking === null) return;
    await attempt(async () => {
      await revoke(asking);
      setAsking(null);
    });
  };

  return (
    <Panel labelledBy="consents-now">
      <PanelHead
        id="consents-now"
        title={text.now}
        remark={consents.length > 0 ? text.nowRemark(consents.length) : undefined}
        aside={
          <div className="flex flex-wrap gap-2">
            <Button look="primary" icon={UserRoundPlus} onClick={() => onAdd('permit')}>
              {text.grant}
            </Button>
            <Button icon={Ban} onClick={() => onAdd('deny')}>
              {text.deny}
            </Button>
          </div>
        }
      />
      {consents.length === 0 ? (
        <Empty icon={UsersRound} title={text.none}>
          {text.noneBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {consents.map((consent) => (
            <Row key={consent.id} consent={consent} names={names} now={now} onRevoke={() => setAsking(consent)} />
          ))}
        </ul>
      )}
      <Dialog
        open={asking !== null}
        onOpenChange={(open) => !open && setAsking(null)}
        title={denial ? text.revokeDeny : text.revokeTitle}
        description={denial ? text.revokeDenyBody : text.revokeBody}
        closeLabel={t.shell.close}
        actions={
          <>
            <Button onClick={() => setAsking(null)}>{text.keep}</Button>
            <Button look="danger" icon={Ban} busy={busy} onClick={end}>
              {text.revoke}
            </Button>
          </>
        }
      >
        {problem && <ProblemNotice problem={problem} />}
      </Dialog>
    </Panel>
  );
}

function Row({
  consent,
  names,
  now,
  onRevoke,
}: {
  consent: FullConsent;
  names: Readonly<Record<string, string>>;
  now: Date;
  onRevoke: () => void;
}) {
  const { terms } = consent;
  const { grantee } = terms;
  const permits = terms.decision === 'permit';
  const name = names[grantee.id] ?? grantee.id;
  const who = grantee.kind === 'role' ? t.records.preview.role(t.records.preview.roles[grantee.role], name) : name;
  const begins = Date.parse(terms.from) > now.getTime();
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-bold break-words">{who}</span>
          <Pill tone={permits ? 'ok' : 'danger'} icon={permits ? CircleCheck : Ban}>
            {text.decision[terms.decision]}
          </Pill>
        </p>
        <p className="text-sm">
          {partsWords(terms.categories)} · {terms.purposes.map((purpose) => text.purposes[purpose]).join(', ')}
        </p>
        <p className="text-sm text-ink-2">
          {begins && <>{text.begins(formatDate(terms.from))} · </>}
          {terms.until === undefined ? text.always : text.untilDay(formatDate(terms.until))}
          {consent.by !== consent.patient && <> · {text.by(names[consent.by] ?? consent.by)}</>}
        </p>
      </div>
      <Button size="sm" onClick={onRevoke} aria-label={`${text.revoke}: ${who}`}>
        {text.revoke}
      </Button>
    </li>
  );
}
