import type { AlertLevel } from '#chaincode/model/alert.ts';
import { type QuietHours, rankOf } from './plan.ts';

const formats = new Map<string, Intl.DateTimeFormat>();
/** Making one takes longer than using it a thousand times. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  formats.set(timeZone, made);
  return made;
}

/** Whether an alert of a level waits at `now` (milliseconds). Hours over midnight are one night; from = until is the whole day. */
export function isHeld(hours: QuietHours | undefined, level: AlertLevel, now: number): boolean {
  if (hours === undefined || level === 'critical' || rankOf(level) < rankOf(hours.holds)) return false;
  const time = formatOf(hours.timeZone).format(now);
  return hours.from < hours.until ? time >= hours.from && time < hours.until : time >= hours.from || time < hours.until;
}
