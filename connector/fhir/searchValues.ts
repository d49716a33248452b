import { refuse } from './refusal.ts';

/** Values of search parameters (https://hl7.org/fhir/R4/search.html). */

/** `system|code`, `|code`, `code`. */
export function readToken(value: string): { system?: string; code: string } {
  const bar = value.indexOf('|');
  if (bar < 0) return { code: value };
  const [system, code] = [value.slice(0, bar), value.slice(bar + 1)];
  return system === '' ? { code } : { system, code };
}

/** Whether an identifier is one that a token names. */
export function isNamed(
  identifiers: readonly { system?: string | undefined; value: string }[],
  token: string,
): boolean {
  const { system, code } = readToken(token);
  return identifiers.some((one) => one.value === code && (system === undefined || one.system === system));
}

const prefixes = ['eq', 'ge', 'gt', 'le', 'lt'] as const;
const written =
  /^(eq|ge|gt|le|lt)?(\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?)?)?)$/;

/** Whether an instant lies where all of the values say; a value of a day, month or year means all of it, in UTC. */
export function isWithin(instant: string, values: readonly string[], name: string): boolean {
  const at = Date.parse(instant);
  return values.every((value) => {
    const [, prefix = 'eq', when] = written.exec(value) ?? [];
    if (when === undefined) {
      throw refuse(400, 'value', `${name}: one of ${prefixes.join(', ')} before a FHIR date, or none`);
    }
    const [from, until] = spanOf(when);
    if (!Number.isFinite(from)) throw refuse(400, 'value', `${name}: ${when} is no date`);
    switch (prefix) {
      case 'ge':
        return at >= from;
      case 'gt':
        return at >= until;
      case 'le':
        return at < until;
      case 'lt':
        return at < from;
      default:
        return at >= from && at < until;
    }
  });
}

/** From when until when (exclusive) a written date is. */
function spanOf(when: string): [number, number] {
  if (when.length > 10) {
    const at = Date.parse(when);
    const wide = /\.\d/.test(when) ? 1 : /T\d{2}:\d{2}:\d{2}/.test(when) ? 1_000 : 60_000;
    return [at, at + wide];
  }
  const [year = 0, month, day] = when.split('-').map(Number);
  const from = Date.UTC(year, (month ?? 1) - 1, day ?? 1);
  if (day !== undefined) return [from, Date.UTC(year, (month ?? 1) - 1, day + 1)];
  return [from, month === undefined ? Date.UTC(year + 1, 0, 1) : Date.UTC(year, month, 1)];
}
