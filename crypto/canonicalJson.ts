export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/**
 * JSON with one spelling for one value (RFC 8785 for the values used here): members sorted by UTF-16 code units,
 * no white space. Throws on numbers that JSON cannot hold.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('Not a JSON number');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`).join(',')}}`;
}
