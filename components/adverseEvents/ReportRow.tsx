'use client';

import { CircleAlert, Eye, Inbox, MessageCircleQuestion } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useChange } from '#components/registry/useChange.ts';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { formatDateTime } from '#components/ui/format.ts';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import type { MessageIntent, OpenedMessage } from '#components/vault/reportOperations.ts';
import { openReport } from '#components/vault/reports.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { ReportView } from '#server/adverseEvents/schema.ts';
import { MessageDialog } from './MessageDialog.tsx';
import { ReportContent } from './ReportContent.tsx';
import { usePatientName } from './usePatientName.ts';

const text = t.adverseEvents.report;
const tones = { received: 'info', assessed: 'brand', closed: 'neutral' } as const;

/**
 * A report with its state, read and answered in place: by the staff of the authority `institution`, or by who reported it.
 * `known`: what was opened before, as by a queue that opens all.
 */
export function ReportRow({
  report,
  institution,
  known,
}: {
  report: ReportView;
  institution?: string;
  known?: readonly OpenedMessage[];
}) {
  const { id, state, asked, reporter, messages, names } = report;
  const router = useRouter();
  const vault = useVault();
  const { openDialog } = useUnlock();
  const [opened, setOpened] = useState<readonly OpenedMessage[] | null>(null);
  const [isShown, setShown] = useState(false);
  const [dialog, setDialog] = useState<MessageIntent['kind'] | null>(null);
  const { busy, problem, attempt } = useAttempt('OFFLINE');
  const closing = useChange();
  // A message that came since then is not in what was opened.
  const all = [opened ?? undefined, known].find((each) => each?.length === messages.length) ?? known;
  const first = all?.[0]?.event;
  const isAuthority = institution !== undefined;
  // A patient stays a pseudonym to the authority.
  const patientName = usePatientName(isAuthority ? undefined : first?.patient);

  const show = async () => {
    if (vault.state !== 'open') return openDialog();
    if (all?.length === messages.length) return setShown((was) => !was);
    if (await attempt(async () => setOpened(await openReport(report, institution)))) setShown(true);
  };
  const sent = () => {
    setShown(false);
    router.refresh();
  };
  const actions: [MessageIntent['kind'], string][] = isAuthority
    ? [
        ['reports:ask', text.ask],
        ['reports:assess', text.assess],
      ]
    : [['reports:answer', asked ? text.answer : text.add]];
  const failed = problem ?? closing.problem;

  return (
    <li className="py-3.5">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <span className="font-bold first-letter:uppercase">{first?.medicine.name ?? text.kinds.report}</span>
            <Pill tone={tones[state]} icon={Inbox}>
              {t.adverseEvents.states[state]}
            </Pill>
            {first && first.criteria.length > 0 && (
              <Pill tone="danger" icon={CircleAlert}>
                {text.serious}
              </Pill>
            )}
            {asked && (
              <Pill tone="warn" icon={MessageCircleQuestion}>
                {isAuthority ? t.adverseEvents.waiting : t.adverseEvents.asked}
              </Pill>
            )}
          </p>
          <p className="text-sm text-ink-2">
            {[
              isAuthority && (names[reporter.id] ?? text.roles[reporter.role]),
              patientName,
              first?.medicine.batch && t.adverseEvents.batches.batch(first.medicine.batch),
              ...messages.slice(0, 1).map(({ at }) => formatDateTime(at)),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          <p className="font-mono text-xs break-all text-ink-3">{id}</p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button size="sm" icon={Eye} busy={busy} aria-expanded={isShown} onClick={() => void show()}>
            {vault.state === 'open' ? text.open : text.read}
          </Button>
          {isShown &&
            state !== 'closed' &&
            actions.map(([kind, words]) => (
              <Button key={kind} size="sm" onClick={() => setDialog(kind)}>
                {words}
              </Button>
            ))}
          {isShown && isAuthority && state === 'assessed' && (
            <Button
              size="sm"
              busy={closing.busy}
              onClick={() => void closing.change({ kind: 'reports:close', id }).then((ok) => ok && sent())}
            >
              {text.close}
            </Button>
          )}
        </div>
      </div>
      {failed && (
        <div className="mt-2">
          <ProblemNotice problem={failed} />
        </div>
      )}
      {isShown && all !== undefined && (
        <div className="mt-3">
          <ReportContent messages={all} names={names} patientName={patientName} />
        </div>
      )}
      {dialog !== null && (
        <MessageDialog
          kind={dialog}
          report={report}
          institution={institution}
          onSent={sent}
          onClose={() => setDialog(null)}
        />
      )}
    </li>
  );
}
