import { describe, expect, it } from 'vitest';
import { buildDosage } from '#fhir/dosage.ts';
import { calendarFile, courseEntries, dayOf } from './calendar.ts';
import { courseOf, doseTimesOf, dueAt, runsOutAt } from './doseTimes.ts';

const dose = {
  amount: 1,
  unit: 'tablet',
  route: 'oral',
  frequency: 2,
  period: 1,
  periodUnit: 'd',
  durationDays: 14,
} as const;

describe('times of doses', () => {
  it('are hours at which people are awake', () => {
    expect(doseTimesOf(buildDosage(dose))).toEqual({ times: ['08:00', '20:00'], everyDays: 1, days: 14 });
    expect(doseTimesOf(buildDosage({ ...dose, frequency: 1, periodUnit: 'wk' }))?.everyDays).toBe(7);
  });

  it('are none for what is taken when needed, by the hour, or several times a week', () => {
    expect(doseTimesOf(buildDosage({ ...dose, asNeededFor: 'pain' }))).toBeUndefined();
    expect(doseTimesOf(buildDosage({ ...dose, periodUnit: 'h', period: 6 }))).toBeUndefined();
    expect(doseTimesOf(buildDosage({ ...dose, periodUnit: 'wk' }))).toBeUndefined();
  });

  it('say what is due, for two hours, on the right days only', () => {
    const since = new Date(2026, 0, 5, 7, 0);
    const course = { from: since.getTime(), until: new Date(2026, 1, 1).getTime() };
    const daily = { ...course, times: ['08:00', '20:00'], everyDays: 1 };
    expect(dueAt(daily, since, new Date(2026, 0, 5, 8, 30))).toEqual(new Date(2026, 0, 5, 8, 0));
    expect(dueAt(daily, since, new Date(2026, 0, 5, 11, 0))).toBeUndefined();
    expect(dueAt(daily, new Date(2026, 0, 5, 9, 0), new Date(2026, 0, 5, 9, 30))).toBeUndefined();
    const weekly = { ...course, times: ['08:00'], everyDays: 7 };
    expect(dueAt(weekly, since, new Date(2026, 0, 6, 8, 30))).toBeUndefined();
    expect(dueAt(weekly, since, new Date(2026, 0, 12, 8, 30))).toEqual(new Date(2026, 0, 12, 8, 0));
    // Switched off and on again on a Thursday, it stays on Monday.
    const again = new Date(2026, 0, 8, 7, 0);
    expect(dueAt(weekly, again, new Date(2026, 0, 8, 8, 30))).toBeUndefined();
    expect(dueAt(weekly, again, new Date(2026, 0, 12, 8, 30))).toEqual(new Date(2026, 0, 12, 8, 0));
  });
});

describe('a course', () => {
  const handed = (quantity: number, day: number) => ({ quantity, at: new Date(2026, 0, day, 15, 0).toISOString() });
  const daysOf = (dispenses: ReturnType<typeof handed>[], quantity = 28) => {
    const course = courseOf(buildDosage(dose), { quantity, dispenses });
    return course && (course.until - new Date(2026, 0, 1, 15, 0).getTime()) / 86_400_000;
  };

  it('ends with its days, though more is in the pack, or with the last unit', () => {
    expect(daysOf([handed(28, 1)])).toBe(14);
    expect(daysOf([handed(40, 1)], 40)).toBe(14);
    expect(daysOf([handed(14, 1)])).toBe(7);
    // A part, the rest later; then a repeat.
    expect(daysOf([handed(14, 1), handed(14, 3)])).toBe(14);
    expect(daysOf([handed(28, 1), handed(28, 10)])).toBe(28);
    expect(daysOf([])).toBeUndefined();
  });

  it('reminds of each of its doses, and of none after', () => {
    const course = courseOf(buildDosage({ ...dose, durationDays: 7 }), { quantity: 20, dispenses: [handed(20, 1)] });
    if (course === undefined) throw new Error('no course');
    const since = new Date(2026, 0, 1, 15, 0);
    const due = Array.from({ length: 120 * 24 }, (_, hour) =>
      dueAt(course, since, new Date(2026, 0, 1, hour, 30), 3_600_000),
    );
    const doses = due.filter((at) => at !== undefined);
    expect(doses).toHaveLength(14);
    expect(doses.at(-1)).toEqual(new Date(2026, 0, 8, 8, 0));
  });

  it('comes into the calendar as far as it is left, on its own days', () => {
    const weekly = { times: ['08:00'], everyDays: 7, from: new Date(2026, 0, 5, 15, 0).getTime() };
    const course = { ...weekly, until: new Date(2026, 1, 2, 15, 0).getTime() };
    const entries = (day: number) => courseEntries('rx', 'Take it', course, new Date(2026, 0, day, 9, 0));
    expect(entries(8)).toMatchObject([{ start: '2026-01-12T08:00', repeat: { everyDays: 7, count: 4 } }]);
    expect(entries(40)).toEqual([]);
  });
});

it('says when what was handed out is used up', () => {
  const at = (day: string) => Date.parse(`${day}T12:00:00Z`);
  const dosage = buildDosage(dose);
  const handed = (day: string, quantity: number) => ({ quantity, at: `${day}T12:00:00Z` });
  expect(runsOutAt(dosage, [handed('2026-01-01', 28)])).toBe(at('2026-01-15'));
  expect(runsOutAt(dosage, [handed('2026-01-10', 28), handed('2026-01-01', 28)])).toBe(at('2026-01-29'));
  expect(runsOutAt(dosage, [handed('2026-01-01', 2), handed('2026-02-01', 28)])).toBe(at('2026-02-15'));
  expect(runsOutAt(dosage, [])).toBeUndefined();
});

describe('the calendar file', () => {
  const entry = {
    uid: 'dose-1@medloom',
    summary: 'Take your medicine; 1 tablet, with food',
    description: `${'ä'.repeat(60)}\nend`,
    start: '2026-01-05T08:00',
    repeat: { everyDays: 1, count: 14 },
    remindMinutes: 0,
  };
  const file = calendarFile(
    [entry, { ...entry, uid: 'last-1@medloom', start: '2026-02-01' }],
    new Date('2026-01-05T07:00:00Z'),
  );

  it('repeats a dose in the reader’s own time, and reminds', () => {
    expect(file).toContain('DTSTART:20260105T080000\r\nDURATION:PT15M\r\n');
    expect(file).toContain('SUMMARY:Take your medicine\\; 1 tablet\\, with food\r\n');
    expect(file).toContain('RRULE:FREQ=DAILY;INTERVAL=1;COUNT=14\r\n');
    expect(file).toContain('TRIGGER:-PT0M\r\n');
    expect(file).toContain('DTSTART;VALUE=DATE:20260201\r\n');
    expect(file).toContain('DTSTAMP:20260105T070000Z\r\n');
  });

  it('has no line of more than 75 octets, and loses no letter', () => {
    const lines = file.split('\r\n');
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(file.replaceAll('\r\n ', '')).toContain(`DESCRIPTION:${'ä'.repeat(60)}\\nend\r\n`);
    expect(lines.at(-1)).toBe('');
  });

  it('takes the reader’s day', () => {
    expect(dayOf(new Date(2026, 2, 9, 23, 59))).toBe('2026-03-09');
  });
});
