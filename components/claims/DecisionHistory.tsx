import { Bot, CircleCheck, CircleX, Undo2, UserRound } from 'lucide-react';
import type { Claim } from '#chaincode/model/claim.ts';
import { formatMoney } from '#components/ui/format.ts';
import { Time } from '#components/ui/Time.tsx';
import { inkTone } from '#components/ui/tone.ts';
import type { OpenedClaim } from '#components/vault/claimParts.ts';
import { t } from '#messages/en.ts';
import { readExplained } from './readExplained.ts';
import { StepList } from './StepList.tsx';

const text = t.claims.history;

/** Who reads it, and is called "we" or "you". */
type Reader = keyof typeof text.shares;

/** All decisions of a claim, the newest first: what came of it, who pays how much, why, and the insurer's words for the patient. */
export function DecisionHistory({
  claim: { decisions, currency, reversal },
  opened,
  reader,
}: {
  claim: Pick<Claim, 'decisions' | 'currency' | 'reversal'>;
  /** Undefined where it was not opened. */
  opened: OpenedClaim | undefined;
  reader: Reader;
}) {
  return (
    <>
      {reversal && (
        <p className="flex items-start gap-2 text-sm">
          <Undo2 size={17} aria-hidden className="mt-0.5 shrink-0 text-ink-2" />
          <span>
            {text.reversed(reversal.reason)} <Time value={reversal.at} />
          </span>
        </p>
      )}
      <ol className="divide-y divide-line">
        {[...decisions.entries()].reverse().map(([place, { outcome, by, at, insurer, patient, reasons }]) => {
          const [isDenied, isByRules] = [outcome === 'denied', by.startsWith('dev-')];
          const [Icon, By] = [isDenied ? CircleX : CircleCheck, isByRules ? Bot : UserRound];
          return (
            <li key={place} className="py-3 first:pt-0">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
                <Icon size={17} aria-hidden className={`shrink-0 ${inkTone[isDenied ? 'danger' : 'ok']}`} />
                <span className="font-bold first-letter:uppercase">{t.claims.states[outcome]}</span>
                {!isDenied && (
                  <span className="tabular-nums">
                    {text.shares[reader](formatMoney(insurer, currency), formatMoney(patient, currency))}
                  </span>
                )}
              </p>
              <p className="mt-0.5 flex flex-wrap items-center gap-x-1.5 text-sm text-ink-2">
                <By size={16} aria-hidden className="shrink-0" />
                {isByRules ? text.byRules : text.byPerson} · <Time value={at} />
              </p>
              {reasons.length > 0 && (
                <ul className="mt-1 list-disc pl-5 text-sm">
                  {reasons.map((reason) => (
                    <li key={reason}>{t.claims.reasons[reason]}</li>
                  ))}
                </ul>
              )}
              <Explained part={opened?.explanations[place]} currency={currency} reader={reader} />
            </li>
          );
        })}
      </ol>
    </>
  );
}

function Explained({
  part,
  currency,
  reader,
}: {
  part: OpenedClaim['explanations'][number] | undefined;
  currency: string;
  reader: Reader;
}) {
  if (part === undefined) return null;
  const said = readExplained(part);
  if (said === undefined) {
    return (
      <p className="mt-1 text-sm font-semibold text-danger">{'problem' in part ? text.closed : text.unreadable}</p>
    );
  }
  const { trace, note } = said;
  return (
    <>
      {note !== undefined && (
        <p className="mt-1 break-words whitespace-pre-line">
          {reader === 'patient' ? text.note(note) : text.noteToPatient(note)}
        </p>
      )}
      {trace.length > 0 && (
        <details className="mt-1" open={reader !== 'insurer'}>
          <summary className="cursor-pointer text-sm font-semibold">{text.why}</summary>
          <div className="mt-2">
            <StepList steps={trace} currency={currency} />
          </div>
        </details>
      )}
    </>
  );
}
