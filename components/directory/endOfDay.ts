/** The end of a day (ISO date) in the browser's own time, ISO 8601; undefined where it is no day, or is past. */
export function endOfDay(day: string, now: Date): string | undefined {
  const end = new Date(`${day}T23:59:59`);
  return Number.isNaN(end.getTime()) || end <= now ? undefined : end.toISOString();
}
