'use client';

import { BellOff, BellPlus, CalendarPlus } from 'lucide-react';
import { useState } from 'react';
import { saveFile } from '#components/records/saveFile.ts';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { t } from '#messages/en.ts';
import { type CalendarEntry, calendarFile, courseEntries, dayOf } from './calendar.ts';
import type { Course } from './doseTimes.ts';
import { useReminders } from './useReminders.ts';

const text = t.patient.medicines.reminders;

/** Reminders of doses in this browser, and of doses and the last day to collect in any calendar. */
export function ReminderButtons({
  id,
  name,
  doses,
  lastDay,
}: {
  /** Of the prescription. */
  id: string;
  name: string;
  /** Absent where there are no fixed times, or nothing to take yet. */
  doses?: Course | undefined;
  /** ISO instant until which it can be collected; absent where nothing is left. */
  lastDay?: string | undefined;
}) {
  const { reminders, begin, end } = useReminders();
  const [asking, setAsking] = useState(false);
  const [named, setNamed] = useState(false);
  const isOn = reminders[id] !== undefined;
  if (!doses && !lastDay) return null;

  const turnOn = async () => {
    begin(id);
    // Where the browser says no, the page itself reminds.
    if ('Notification' in window && Notification.permission === 'default') await Notification.requestPermission();
  };
  const save = () => {
    const entries = entriesOf({ id, doses, lastDay, what: named ? name : text.medicine });
    saveFile(text.fileName, 'text/calendar', [calendarFile(entries, new Date())]);
    setAsking(false);
  };
  return (
    <>
      {doses && (
        <Button size="lg" icon={isOn ? BellOff : BellPlus} onClick={() => (isOn ? end(id) : void turnOn())}>
          {isOn ? text.off : text.on}
        </Button>
      )}
      <Button size="lg" icon={CalendarPlus} onClick={() => setAsking(true)}>
        {text.calendar}
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={text.calendarTitle}
        description={text.calendarBody}
        closeLabel={t.shell.close}
        actions={
          <>
            <Button size="lg" onClick={() => setAsking(false)}>
              {t.shell.cancel}
            </Button>
            <Button look="primary" size="lg" icon={CalendarPlus} onClick={save}>
              {text.save}
            </Button>
          </>
        }
      >
        <CheckBox checked={named} onChange={setNamed}>
          {text.named}
          <span className="block text-sm text-ink-2">{text.namedBody}</span>
        </CheckBox>
      </Dialog>
    </>
  );
}

function entriesOf({
  id,
  doses,
  lastDay,
  what,
}: {
  id: string;
  doses: Course | undefined;
  lastDay: string | undefined;
  what: string;
}): CalendarEntry[] {
  const taking = doses ? courseEntries(id, text.take(what), doses, new Date()) : [];
  if (!lastDay) return taking;
  const last = {
    uid: `${id}-last@medloom`,
    summary: text.collect(what),
    start: dayOf(new Date(lastDay)),
    // Two days before, at noon.
    remindMinutes: 36 * 60,
  };
  return [...taking, last];
}
