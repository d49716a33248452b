'use client';

import { BellRing } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { NotificationState } from './useNotifications.ts';

const text = t.monitoringPages.alerts;

/** Offers messages of this browser, where they are neither allowed nor refused yet; says how where the browser blocks them. */
export function NotificationAsk({ state, ask }: { state: NotificationState; ask: () => Promise<void> }) {
  if (state === 'allowed' || state === 'unsupported') return null;
  if (state === 'blocked') {
    return (
      <Notice tone="neutral" icon={BellRing} title={text.blocked}>
        <p>{text.blockedBody}</p>
      </Notice>
    );
  }
  return (
    <Notice
      tone="neutral"
      icon={BellRing}
      title={text.notifications}
      actions={
        <Button size="sm" icon={BellRing} onClick={() => void ask()}>
          {text.allow}
        </Button>
      }
    >
      <p>{text.notificationsBody}</p>
    </Notice>
  );
}
