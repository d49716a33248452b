import { Siren } from 'lucide-react';
import { Notice } from '#components/ui/Notice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { EmergencyView } from '#server/access/schema.ts';

const text = t.patient.log.emergency;

/** Emergencies in which a record was opened, newest first, each with who, why and what was found about it. */
export function EmergencyNotices({ emergencies }: { emergencies: readonly EmergencyView[] }) {
  return emergencies.map(({ id, actor, institution, level, reason, at, until, open, confirmedBy, review }) => (
    <Notice
      key={id}
      icon={Siren}
      tone={open || review?.outcome === 'unjustified' ? 'danger' : 'warn'}
      title={text.title(actor.name, institution.name)}
    >
      <p>
        {text.level[level]} · <Time value={at} /> · {open ? text.closes : text.closed} <Time value={until} />
      </p>
      <p>{text.reason(reason)}</p>
      {confirmedBy && <p>{text.confirmed(confirmedBy.name)}</p>}
      <p>{review ? text.review[review.outcome](review.note) : text.unreviewed}</p>
    </Notice>
  ));
}
