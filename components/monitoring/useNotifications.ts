'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { t } from '#messages/en.ts';

const text = t.monitoringPages.alerts.notification;

export type NotificationState = 'unsupported' | 'ask' | 'allowed' | 'blocked';

function stateNow(): NotificationState {
  if (typeof Notification === 'undefined') return 'unsupported';
  if (Notification.permission === 'granted') return 'allowed';
  return Notification.permission === 'denied' ? 'blocked' : 'ask';
}

/**
 * Messages of this browser about alerts: they never say of whom or of what, since anybody may look at a locked screen. One
 * stands at a time. Asking for the permission is a person's own press.
 */
export function useNotifications(address: string) {
  const [state, setState] = useState<NotificationState>('unsupported');
  const shown = useRef<Notification | undefined>(undefined);
  useEffect(() => setState(stateNow()), []);

  const ask = useCallback(async () => {
    await Notification.requestPermission();
    setState(stateNow());
  }, []);

  /** Shows the message, unless the person is looking at the page already. */
  const notify = useCallback(() => {
    if (stateNow() !== 'allowed' || document.visibilityState === 'visible') return;
    const notification = new Notification(text.title, { body: text.body, tag: 'medloom-alert', icon: '/icon.svg' });
    notification.onclick = () => {
      window.focus();
      if (window.location.pathname !== address) window.location.assign(address);
      notification.close();
    };
    shown.current = notification;
  }, [address]);

  /** Takes the message away once there is nothing open. */
  const clear = useCallback(() => {
    shown.current?.close();
    shown.current = undefined;
  }, []);

  return { state, ask, notify, clear };
}
