import { CircleSlash, PackageX, Shapes, ShieldAlert, Wallet } from 'lucide-react';
import { formatDate } from '#components/ui/format.ts';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';
import type { MedicineStatus as Status } from '#server/formulary/schema.ts';

const text = t.formulary.status;

/**
 * What the formulary says of a medicine, as the doctor chooses it and the pharmacist hands it out: tier, shortage, restrictions.
 * `row`: pills alone, for one line of a list; `full`: with the words. Nothing where nothing is said.
 */
export function MedicineStatus({ status, look = 'row' }: { status: Status | undefined; look?: 'row' | 'full' }) {
  if (status === undefined) return null;
  const { tier, narrowed, restrictions, notes, generics, shortage } = status;
  const full = look === 'full';
  return (
    <div className={full ? 'space-y-2' : 'contents'}>
      <span className="inline-flex flex-wrap items-center gap-1.5">
        {shortage && (
          <Pill tone="danger" icon={PackageX}>
            {text.short}
          </Pill>
        )}
        {tier !== 'unlisted' && (
          <Pill tone={tier === 'notCovered' ? 'warn' : 'neutral'} icon={tier === 'notCovered' ? CircleSlash : Wallet}>
            {t.formulary.tiers[tier]}
          </Pill>
        )}
        {restrictions.length > 0 && (
          <Pill tone="warn" icon={ShieldAlert}>
            {text.restricted}
          </Pill>
        )}
        {full && generics.length > 0 && <Pill icon={Shapes}>{text.generics(generics.length)}</Pill>}
      </span>
      {full && (
        <ul className="space-y-0.5 text-sm text-ink-2">
          {shortage && <li>{shortageWords(shortage)}</li>}
          {tier !== 'unlisted' && (
            <li>
              {t.formulary.tierMeaning[tier]}
              {narrowed && `, ${text.narrowed}`}.
            </li>
          )}
          {[...restrictions, ...notes].map(({ by, words }) => (
            <li key={`${by} ${words}`}>
              <span className="font-semibold">{text.by[by]}:</span> {words}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function shortageWords({ why, reason, until }: NonNullable<Status['shortage']>): string {
  const what = why === 'declared' && reason !== undefined ? reason : text.shortByStock;
  return until === undefined ? `${what}.` : `${what}; ${text.shortUntil(formatDate(until))}.`;
}
