'use client';

import { BellRing, Check } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { formatTime } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import { type Course, dueAt } from './doseTimes.ts';
import { useReminders } from './useReminders.ts';

const text = t.patient.medicines.reminders;

/** Doses that are due now, on the page; where the browser may, it tells so besides, without naming a medicine. */
export function DueNow({
  medicines,
}: {
  medicines: readonly { id: string; name: string; amount: string; doses: Course }[];
}) {
  const { reminders, tick } = useReminders();
  const now = new Date(useNow(20_000));
  const told = useRef(new Set<string>());
  const due = medicines.flatMap((medicine) => {
    const kept = reminders[medicine.id];
    const at = kept && dueAt(medicine.doses, new Date(kept.since), now);
    const isTicked = at !== undefined && kept?.ticked !== undefined && Date.parse(kept.ticked) >= at.getTime();
    return at && !isTicked ? [{ ...medicine, at }] : [];
  });
  const keys = due.map(({ id, at }) => `${id} ${at.getTime()}`).join();

  useEffect(() => {
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    for (const each of keys.split(',').filter(Boolean)) {
      if (told.current.has(each)) continue;
      told.current.add(each);
      new Notification(text.notification, { body: text.notificationBody, tag: each });
    }
  }, [keys]);

  return due.map(({ id, name, amount, at }) => (
    <Notice
      key={id}
      tone="brand"
      icon={BellRing}
      live="status"
      title={text.due(name, formatTime(at.toISOString()))}
      actions={
        <Button look="primary" icon={Check} onClick={() => tick(id, at)}>
          {text.taken}
        </Button>
      }
    >
      <p>{amount}</p>
    </Notice>
  ));
}
