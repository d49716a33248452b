import { Gs1Error } from './error.ts';

const daysOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/**
 * Refuses what is no YYMMDD; the day may be 00.
 * @param name of the date as the start of a sentence
 * @throws Gs1Error at the month or day at fault
 */
export function checkDate(value: string, name: string, at = 0): void {
  const wrong = value.search(/\D/);
  if (wrong >= 0) throw new Gs1Error(`${name} has digits only.`, at + wrong);
  if (value.length !== 6)
    throw new Gs1Error(`${name} has six digits: year, month, day.`, at + Math.min(value.length, 6));
  const month = Number(value.slice(2, 4));
  if (month < 1 || month > 12) throw new Gs1Error(`There is no month ${value.slice(2, 4)}.`, at + 2);
  // Years that end alike have February alike in every century that a date can be in.
  if (Number(value.slice(4)) > daysOf(2000 + Number(value.slice(0, 2)), month)) {
    throw new Gs1Error(`The month has no day ${value.slice(4)}.`, at + 4);
  }
}

/**
 * The day that YYMMDD means, as `2029-01-31`: in the century that puts it from 49 years before to 50 years after this
 * year (GS1 General Specifications, section 7.12); the day 00 is the last of the month (section 3.4.2).
 * @throws Gs1Error where it is no date
 */
export function dayOf(value: string, thisYear = new Date().getUTCFullYear()): string {
  checkDate(value, 'A date');
  const century = thisYear - (thisYear % 100);
  const apart = Number(value.slice(0, 2)) - (thisYear % 100);
  const year = century + Number(value.slice(0, 2)) + (apart >= 51 ? -100 : apart <= -50 ? 100 : 0);
  const month = value.slice(2, 4);
  const day = value.slice(4) === '00' ? String(daysOf(year, Number(month))) : value.slice(4);
  return `${year}-${month}-${day}`;
}

/** YYMMDD of a day such as `2029-01-31`. @throws RangeError where it is none */
export function dateOf(day: string): string {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : Number.NaN;
  // A day that its month does not have would be taken for one of the next.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day) throw new RangeError(`${day} is no day`);
  return day.slice(2).replaceAll('-', '');
}
