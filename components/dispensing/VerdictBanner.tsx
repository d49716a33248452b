import { BadgeCheck, CircleDashed, OctagonX } from 'lucide-react';
import type { ReactNode } from 'react';
import { wordsFor } from '#components/ui/errors.ts';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { Verdict } from '#server/prescriptions/schema.ts';

const text = t.dispensing.verdict;

/** The verdict in one glance: genuine and acceptable, genuine and held here, or refused with the reason. */
export function VerdictBanner({
  verdict,
  institution,
  aside,
}: {
  verdict: Verdict;
  institution: string;
  aside?: ReactNode;
}) {
  const { outcome, refusal, prescription } = verdict;
  if (outcome === 'refused') {
    const words = wordsFor({ code: refusal ?? 'WRONG_STATE', message: '' });
    return (
      <RefusalBanner title={words.title} aside={aside}>
        {words.next} {text.refusedKept}
      </RefusalBanner>
    );
  }
  const yours = outcome === 'yours';
  return (
    <div
      role="status"
      className={`flex flex-wrap items-center gap-4 rounded-xl p-5 sm:px-6 ${yours ? 'bg-ok-soft' : 'bg-brand-soft'}`}
    >
      <BadgeCheck size={42} strokeWidth={1.6} aria-hidden className={`shrink-0 ${yours ? 'text-ok' : 'text-brand'}`} />
      <div className="min-w-0 flex-1 basis-60">
        <p className={`text-xl font-bold ${yours ? 'text-ok' : 'text-brand'}`}>
          {yours ? text.yours : text.acceptable}
        </p>
        <p className="text-sm">
          {yours ? (
            <>
              {text.yoursSince(institution)}
              {prescription.holder ? <Time value={prescription.holder.since} as="time" /> : '…'}
              {text.yoursBody}
            </>
          ) : (
            text.acceptableBody(institution)
          )}
        </p>
        {verdict.checks.token === 'pending' && prescription.token.state !== 'none' && (
          <p className="mt-1 flex items-center gap-1.5 text-sm font-semibold text-warn">
            <CircleDashed size={16} aria-hidden className="shrink-0" />
            {text.pending}
          </p>
        )}
      </div>
      {aside}
    </div>
  );
}

/** A refusal: what is wrong and what it means. */
export function RefusalBanner({ title, children, aside }: { title: string; children: ReactNode; aside?: ReactNode }) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-4 rounded-xl bg-danger-soft p-5 sm:px-6">
      <OctagonX size={42} strokeWidth={1.6} aria-hidden className="shrink-0 text-danger" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="text-xl font-bold text-danger">
          {text.refused}: {title}
        </p>
        <p className="text-sm">{children}</p>
      </div>
      {aside}
    </div>
  );
}
