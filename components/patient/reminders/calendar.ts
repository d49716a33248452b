import { type Course, isDoseDay } from './doseTimes.ts';

/** A calendar file, RFC 5545; times without a zone are the reader's own (section 3.3.5, form 1). */

export interface CalendarEntry {
  /** The same over all files about the same thing, so that a calendar replaces it. */
  uid: string;
  summary: string;
  description?: string;
  /** A day (`YYYY-MM-DD`), or a day with a time (`YYYY-MM-DDTHH:MM`). */
  start: string;
  /** Every so many days, so many times. */
  repeat?: { everyDays: number; count: number };
  /** Minutes before the start at which the calendar reminds. */
  remindMinutes: number;
}

/** Text as a value (section 3.3.11). */
const escaped = (text: string) => text.replaceAll(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n');

/** Lines of at most 75 octets, cut between characters (section 3.1). */
function folded(line: string): string {
  const encoder = new TextEncoder();
  let room = 75;
  let out = '';
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (size > room) {
      out += '\r\n ';
      room = 74;
    }
    out += character;
    room -= size;
  }
  return out;
}

const stamp = (at: Date) => at.toISOString().replaceAll(/[-:]|\.\d+/g, '');

export function calendarFile(entries: readonly CalendarEntry[], made: Date): string {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Medloom//Reminders//EN'];
  for (const { uid, summary, description, start, repeat, remindMinutes } of entries) {
    const compact = start.replaceAll(/[-:]/g, '');
    const isDay = !start.includes('T');
    lines.push(
      'BEGIN:VEVENT',
      `UID:${uid}`,
      `DTSTAMP:${stamp(made)}`,
      isDay ? `DTSTART;VALUE=DATE:${compact}` : `DTSTART:${compact}00`,
      ...(isDay ? [] : ['DURATION:PT15M']),
      `SUMMARY:${escaped(summary)}`,
      ...(description ? [`DESCRIPTION:${escaped(description)}`] : []),
      ...(repeat ? [`RRULE:FREQ=DAILY;INTERVAL=${repeat.everyDays};COUNT=${repeat.count}`] : []),
      'TRANSP:TRANSPARENT',
      'CLASS:PRIVATE',
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      `DESCRIPTION:${escaped(summary)}`,
      `TRIGGER:-PT${remindMinutes}M`,
      'END:VALARM',
      'END:VEVENT',
    );
  }
  return [...lines, 'END:VCALENDAR', ''].map(folded).join('\r\n');
}

/** A day of the reader's own calendar, `YYYY-MM-DD`. */
export function dayOf(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

const dayMs = 86_400_000;
const shownDays = 365;

/** One entry for each time of the day of what is left of a course, from today on; none where it is over. */
export function courseEntries(id: string, summary: string, course: Course, now: Date): CalendarEntry[] {
  const { times, everyDays, until } = course;
  const days = Array.from({ length: everyDays }, (_, later) => new Date(now.getTime() + later * dayMs));
  const first = days.find((day) => isDoseDay(course, day)) ?? now;
  return times.flatMap((time) => {
    const start = `${dayOf(first)}T${time}`;
    const left = (until - new Date(start).getTime()) / (everyDays * dayMs);
    const count = Math.min(Math.ceil(left), Math.ceil(shownDays / everyDays));
    const uid = `${id}-${time.replace(':', '')}@medloom`;
    return count < 1 ? [] : [{ uid, summary, start, repeat: { everyDays, count }, remindMinutes: 0 }];
  });
}
