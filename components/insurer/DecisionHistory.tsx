import { CircleCheck, CircleX, History, Undo2 } from 'lucide-react';
import type { Claim } from '#chaincode/model/claim.ts';
import { StepList } from '#components/claims/StepList.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Time } from '#components/ui/Time.tsx';
import { inkTone } from '#components/ui/tone.ts';
import type { OpenedClaim } from '#components/vault/claimParts.ts';
import { t } from '#messages/en.ts';
import { readExplained } from './readExplained.ts';

const text = t.claimsCase.history;

/** All decisions of a claim, the newest first, with why; the explanation where it was opened. */
export function DecisionHistory({ claim, opened }: { claim: Claim; opened: OpenedClaim | undefined }) {
  const { decisions, currency, reversal } = claim;
  return (
    <Panel labelledBy="decisions">
      <PanelHead id="decisions" title={text.title} icon={History} />
      {reversal && (
        <p className="mb-3 flex items-start gap-2 text-sm">
          <Undo2 size={17} aria-hidden className="mt-0.5 shrink-0 text-ink-2" />
          <span>
            {text.reversed(reversal.reason)} <Time value={reversal.at} />
          </span>
        </p>
      )}
      {decisions.length === 0 && <p className="text-sm text-ink-2">{text.none}</p>}
      <ol className="divide-y divide-line">
        {[...decisions.entries()].reverse().map(([place, decision]) => {
          const { outcome, by, at, insurer, patient, reasons } = decision;
          const isDenied = outcome === 'denied';
          const Icon = isDenied ? CircleX : CircleCheck;
          return (
            <li key={place} className="py-3 first:pt-0">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
                <Icon size={17} aria-hidden className={`shrink-0 ${inkTone[isDenied ? 'danger' : 'ok']}`} />
                <span className="font-bold first-letter:uppercase">{t.claims.states[outcome]}</span>
                <span className="text-sm text-ink-2">
                  {by.startsWith('dev-') ? text.byRule : text.byPerson} · <Time value={at} />
                </span>
              </p>
              <p className="mt-0.5 text-sm text-ink-2">
                {[
                  !isDenied && text.ours(formatMoney(insurer, currency)),
                  !isDenied && text.theirs(formatMoney(patient, currency)),
                  ...reasons.map((reason) => t.claims.reasons[reason]),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
              <Explained part={opened?.explanations[place]} currency={currency} />
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

function Explained({ part, currency }: { part: OpenedClaim['explanations'][number] | undefined; currency: string }) {
  if (part === undefined) return null;
  const said = readExplained(part);
  if (said === undefined) return <p className="mt-1 text-sm font-semibold text-danger">{text.closed}</p>;
  const { trace, note } = said;
  return (
    <>
      {note !== undefined && <p className="mt-1 text-sm break-words">{text.note(note)}</p>}
      {trace.length > 0 && (
        <details className="mt-1">
          <summary className="cursor-pointer text-sm font-semibold">{text.why}</summary>
          <div className="mt-2">
            <StepList steps={trace} currency={currency} />
          </div>
        </details>
      )}
    </>
  );
}
