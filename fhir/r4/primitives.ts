import { z } from 'zod';

/**
 * Primitive types of FHIR R4 (https://hl7.org/fhir/R4/datatypes.html) as other systems write them. `fhir/coding.ts` has the
 * narrower shapes that Medloom itself writes into prescriptions.
 */

/** Longer texts have no place in a record's structured part; letters are files. */
export const longestText = 65_536;

const noControl = /^(?:[^\p{Cc}\p{Cs}]|[\r\n\t])*$/u;
export const text = z
  .string()
  .min(1, 'must not be empty')
  .max(longestText)
  .refine((value) => noControl.test(value), 'must not hold control or broken characters');
export const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/, 'must be an id: 1 to 64 letters, digits, - or .');
export const code = z
  .string()
  .max(256)
  .regex(/^[^\s\p{Cc}\p{Cs}]+(?: [^\s\p{Cc}\p{Cs}]+)*$/u, 'must be a code: no spaces around it');
export const uri = z
  .string()
  .min(1, 'must not be empty')
  .max(2048)
  .regex(/^[^\s\p{Cc}\p{Cs}]*$/u, 'must be a URI: no spaces');
export const base64 = z
  .string()
  .min(1, 'must not be empty')
  .refine((value) => /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(value), 'must be base64');

const year = '(?:[1-9][0-9]{3})';
const month = '(?:0[1-9]|1[0-2])';
const day = '(?:0[1-9]|[12][0-9]|3[01])';
const clock = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]{1,9})?';
const zone = '(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))';
const written = {
  date: new RegExp(`^${year}(?:-${month}(?:-${day})?)?$`),
  dateTime: new RegExp(`^${year}(?:-${month}(?:-${day}(?:T${clock}${zone})?)?)?$`),
  instant: new RegExp(`^${year}-${month}-${day}T${clock}${zone}$`),
  time: new RegExp(`^${clock}$`),
};

/** A day that its month has. */
function isOfCalendar(value: string): boolean {
  const [years, months, days] = value.slice(0, 10).split('-').map(Number);
  if (years === undefined || months === undefined || days === undefined) return true;
  return days <= new Date(Date.UTC(years, months, 0)).getUTCDate();
}

const temporal = (pattern: RegExp, name: string) =>
  z.string().regex(pattern, `must be written as a FHIR ${name}`).refine(isOfCalendar, 'must be a day of the calendar');
/** `2024`, `2024-05` or `2024-05-17`. */
export const date = temporal(written.date, 'date');
/** A date, or an instant with time zone. */
export const dateTime = temporal(written.dateTime, 'dateTime');
export const instant = temporal(written.instant, 'instant');
export const time = z.string().regex(written.time, 'must be a time of day');

export const decimal = z.number();
export const integer = z.int();
export const unsignedInt = z.int().min(0).max(2_147_483_647);
export const positiveInt = z.int().min(1).max(2_147_483_647);
export const boolean = z.boolean();

/** What a required binding allows. */
export const boundTo = <const Codes extends readonly [string, ...string[]]>(codes: Codes) =>
  z.enum(codes, { error: `must be one of ${codes.join(', ')}` });
