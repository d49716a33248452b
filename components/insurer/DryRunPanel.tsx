'use client';

import { FlaskConical, KeyRound, Play } from 'lucide-react';
import Link from 'next/link';
import type { PlanTerms } from '#chaincode/model/plan.ts';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatMoney, formatNumber } from '#components/ui/format.ts';
import { Meter } from '#components/ui/Meter.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { type TriedPlan, useDryRun } from './useDryRun.ts';

const text = t.claimsPlans.dryRun;
const mostShown = 20;

/** What the terms that are being written would have done with past claims of the plan. */
export function DryRunPanel({
  plan,
  insurer,
  terms,
  tokenAddress,
}: {
  plan: string;
  insurer: string;
  /** Undefined while something in them is wrong. */
  terms: PlanTerms | undefined;
  tokenAddress: string;
}) {
  const vault = useVault();
  const { openDialog } = useUnlock();
  const { run, tried, progress, busy, problem } = useDryRun(plan, insurer, tokenAddress);
  const isOpen = vault.state === 'open';
  return (
    <Panel labelledBy="dry-run">
      <PanelHead
        id="dry-run"
        title={text.title}
        icon={FlaskConical}
        aside={
          isOpen ? (
            <Button
              size="sm"
              icon={Play}
              busy={busy}
              disabled={terms === undefined}
              onClick={() => terms && void run(terms)}
            >
              {tried === null ? text.run : text.again}
            </Button>
          ) : (
            <Button size="sm" icon={KeyRound} busy={vault.state === 'opening'} onClick={openDialog}>
              {text.unlock}
            </Button>
          )
        }
      />
      <p className="max-w-prose text-sm text-ink-2">{text.body}</p>
      {terms === undefined && <p className="mt-2 text-sm text-ink-3">{text.fix}</p>}
      {progress !== null && progress.all > 0 && (
        <div className="mt-3" aria-live="polite">
          <Meter
            value={progress.done}
            max={progress.all}
            label={text.opening(formatNumber(progress.done), formatNumber(progress.all))}
          />
        </div>
      )}
      {problem && (
        <div className="mt-3">
          <ProblemNotice problem={problem} />
        </div>
      )}
      {tried !== null && <Outcome tried={tried} currency={terms?.currency} />}
    </Panel>
  );
}

function Outcome({ tried: { run, closed }, currency }: { tried: TriedPlan; currency: string | undefined }) {
  if (run.claims === 0) {
    return (
      <Empty icon={FlaskConical} title={text.none}>
        {closed > 0 ? text.closed(formatNumber(closed)) : text.noneBody}
      </Empty>
    );
  }
  const money = (minor: number) => formatMoney(minor, currency);
  const figures = [
    {
      name: text.insurer,
      value: money(run.after.insurer),
      remark: change(run.before.insurer, run.after.insurer, money),
    },
    {
      name: text.patient,
      value: money(run.after.patient),
      remark: change(run.before.patient, run.after.patient, money),
    },
    { name: text.toPerson, value: formatNumber(run.toPerson), remark: text.changed(formatNumber(run.changed.length)) },
  ];
  return (
    <div className="mt-4 space-y-4" aria-live="polite">
      <p className="text-sm text-ink-3">
        {[text.tried(formatNumber(run.claims)), closed > 0 && text.closed(formatNumber(closed))]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <dl className="grid gap-4 sm:grid-cols-3">
        {figures.map(({ name, value, remark }) => (
          <div key={name}>
            <dt className="text-sm text-ink-2">{name}</dt>
            <dd className="text-xl font-bold tabular-nums">{value}</dd>
            <dd className="text-sm text-ink-3">{remark}</dd>
          </div>
        ))}
      </dl>
      {run.changed.length === 0 ? (
        <p className="text-sm">{text.same}</p>
      ) : (
        <ul className="divide-y divide-line border-t border-line">
          {run.changed.slice(0, mostShown).map(({ claim, before, after }) => (
            <li key={claim} className="py-2.5 text-sm">
              <Link href={`/insurer/claims/${claim}`} target="_blank" className="font-mono text-xs break-all underline">
                {claim}
              </Link>
              <p className="text-ink-2">
                {[
                  after.person ? text.person : t.claims.states[after.outcome],
                  text.line(money(before.insurer), money(after.insurer)),
                  ...after.reasons.map((reason) => t.claims.reasons[reason]),
                ].join(' · ')}
              </p>
            </li>
          ))}
        </ul>
      )}
      {run.changed.length > mostShown && (
        <p className="text-sm text-ink-3">{text.more(formatNumber(run.changed.length - mostShown))}</p>
      )}
    </div>
  );
}

const change = (before: number, after: number, money: (minor: number) => string) =>
  `${text.before(money(before))} (${after < before ? '−' : '+'}${money(Math.abs(after - before))})`;
