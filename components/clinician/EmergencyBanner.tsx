'use client';

import { FolderOpen, Siren } from 'lucide-react';
import { Ago } from '#components/ui/Ago.tsx';
import { Button } from '#components/ui/Button.tsx';
import { formatTime } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import type { EmergencyView } from '#server/access/schema.ts';

const text = t.recordPages.emergency;

/** Says for as long as an emergency is open what it opens, and until when. */
export function EmergencyBanner({
  emergency,
  shown,
  onOpen,
}: {
  /** The clinician's own. */
  emergency: EmergencyView;
  /** The record is shown by it. */
  shown: boolean;
  onOpen: () => void;
}) {
  const now = useNow(20_000);
  const { level, until, confirmedBy, reason } = emergency;
  const isFull = level === 'full';
  return (
    <Notice
      tone="danger"
      icon={Siren}
      live="status"
      title={isFull ? text.fullTitle : text.ownTitle}
      actions={
        !shown && (
          <Button size="sm" icon={FolderOpen} onClick={onOpen}>
            {text.goTo}
          </Button>
        )
      }
    >
      <p>{isFull ? text.fullBody(confirmedBy?.name ?? text.someone) : text.ownBody}</p>
      <p>{t.consents.reason(reason)}</p>
      <p className="font-semibold text-ink">
        <Ago value={until} now={now} due words={(when) => text.left(`${formatTime(until)}, ${when}`)} />
      </p>
    </Notice>
  );
}
