import { CircleCheck, CircleDashed, CircleHelp, CircleX, type LucideIcon } from 'lucide-react';
import { chainLabel } from '#components/shell/chains.ts';
import { Panel } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { CheckState, TokenView, Verdict } from '#server/prescriptions/schema.ts';

const text = t.dispensing.checks;

const looks: Record<CheckState, { icon: LucideIcon; ink: string }> = {
  pass: { icon: CircleCheck, ink: 'text-ok' },
  pending: { icon: CircleDashed, ink: 'text-warn' },
  fail: { icon: CircleX, ink: 'text-danger' },
  unreachable: { icon: CircleHelp, ink: 'text-warn' },
};

/** What the page itself found when it opened the content: pending until then. */
export interface PageChecks {
  signature: CheckState;
  commitment: CheckState;
}

/** Issuer, signature, token and ledger, each by name with what was found. */
export function Checks({ verdict, page }: { verdict: Verdict; page: PageChecks }) {
  const { checks, issuer, prescription } = verdict;
  const token: CheckState = page.commitment === 'fail' ? 'fail' : checks.token;
  const rows: { name: string; state: CheckState; detail: string }[] = [
    {
      name: text.issuer,
      state: checks.issuer,
      detail: {
        pass: text.issuerPass(issuer.name, issuer.institution),
        pending: text.issuerUnreachable,
        fail: text.issuerFail,
        unreachable: text.issuerUnreachable,
      }[checks.issuer],
    },
    {
      name: text.signature,
      state: page.signature,
      detail: {
        pass: text.signaturePass,
        pending: verdict.outcome === 'refused' ? text.signatureNotOpened : text.signaturePending,
        fail: text.signatureFail,
        unreachable: text.signaturePending,
      }[page.signature],
    },
    {
      name: text.token,
      state: token,
      detail: {
        pass: tokenWords(prescription.token.state, page.commitment === 'pass'),
        pending: prescription.token.state === 'none' ? text.tokenNone : text.tokenPending,
        fail: text.tokenFail,
        unreachable: text.tokenUnreachable,
      }[token],
    },
    {
      name: text.ledger,
      state: checks.ledger,
      detail: {
        pass: text.ledgerPass(chainLabel(prescription.channel)),
        pending: text.ledgerUnreachable,
        fail: text.ledgerFail,
        unreachable: text.ledgerUnreachable,
      }[checks.ledger],
    },
  ];
  return (
    <Panel as="div">
      <ul className="grid gap-x-6 gap-y-4 sm:grid-cols-2 xl:grid-cols-4">
        {rows.map(({ name, state, detail }) => {
          const { icon: Icon, ink } = looks[state];
          return (
            <li key={name} className="flex gap-2.5">
              <Icon size={21} aria-hidden className={`shrink-0 ${ink}`} />
              <div className="min-w-0">
                <p className="leading-snug font-bold">
                  {name}
                  <span className="sr-only"> ({text.states[state]})</span>
                </p>
                <p className="text-sm text-ink-2">{detail}</p>
              </div>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

/** What the token says of itself; whether its commitment fits is known once the content is open. */
function tokenWords(token: TokenView['state'], opened: boolean): string {
  const words = {
    none: text.tokenNone,
    pending: text.tokenPending,
    unreachable: text.tokenUnreachable,
    active: text.tokenActive,
    partial: text.tokenPartial,
    dispensed: text.tokenDispensed,
    cancelled: text.tokenCancelled,
  }[token];
  return opened ? text.tokenFits(words) : words;
}
