import type { Draw } from './draw.ts';
import { dayMs, hourMs } from './state.ts';

/** When people buy: by the hour of the place, an hour before UTC, and by the day of the week from Sunday on. */

const zoneHours = 1;
const byHour = Array.from({ length: 24 }, (_, hour) => {
  if (hour < 7 || hour >= 21) return 0.35;
  return hour < 9 || (hour >= 12 && hour < 14) || hour >= 18 ? 0.7 : 1;
});
const byDay = [0.4, 1.15, 1.1, 1.05, 1.1, 1.2, 0.8];

/** How much more or less than on average is bought on a day. */
export const paceOf = (midnight: number): number => byDay[new Date(midnight).getUTCDay()] ?? 1;

export const isWorkday = (time: number): boolean => ![0, 6].includes(new Date(time).getUTCDay());

/** A time of the day on which somebody may buy something. */
export function timeOfSale(draw: Draw, midnight: number): number {
  const hour = (draw.weighted(byHour) + 24 - zoneHours) % 24;
  return midnight + hour * hourMs + Math.floor(draw.next() * hourMs);
}

/** A time between two hours of the day, in UTC. */
export const timeBetween = (draw: Draw, midnight: number, from: number, to: number): number =>
  midnight + Math.floor(draw.between(from, to) * hourMs);

/** The same on the next workday. */
export function nextWorkday(midnight: number): number {
  let day = midnight + dayMs;
  while (!isWorkday(day)) day += dayMs;
  return day;
}
