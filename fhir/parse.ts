import type { z } from 'zod';

/** No prescription comes near it; more is refused before it is read. */
export const maximumResource = 65_536;

export class FhirError extends Error {
  readonly code: 'FHIR_TOO_LARGE' | 'FHIR_MALFORMED';
  /** Which members are wrong; paths only, never their contents. */
  readonly detail: string;

  constructor(code: FhirError['code'], detail: string, options?: ErrorOptions) {
    super(
      code === 'FHIR_TOO_LARGE' ? 'The document is too large.' : 'The document is not in the expected format.',
      options,
    );
    this.name = 'FhirError';
    this.code = code;
    this.detail = detail;
  }
}

/** Writes a resource as the UTF-8 JSON that is encrypted, hashed and committed to. Throws `FHIR_TOO_LARGE`. */
export function encodeResource(resource: object): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify(resource)));
  if (bytes.length > maximumResource) throw new FhirError('FHIR_TOO_LARGE', `${bytes.length} bytes`);
  return bytes;
}

/**
 * Reads UTF-8 JSON against a schema. Members that the schema does not know are refused, so that a page never shows
 * less than what was signed. Throws `FhirError`.
 */
export function parseResource<Schema extends z.ZodType>(schema: Schema, bytes: Uint8Array): z.output<Schema> {
  const parsed = schema.safeParse(readJson(bytes, maximumResource));
  if (parsed.success) return parsed.data;
  const paths = new Set(parsed.error.issues.map((issue) => issue.path.join('.') || '(all)'));
  throw new FhirError('FHIR_MALFORMED', [...paths].slice(0, 10).join(', '));
}

/** Reads UTF-8 JSON of at most so many bytes. Throws `FhirError`. */
export function readJson(bytes: Uint8Array, most: number): unknown {
  if (bytes.length > most) throw new FhirError('FHIR_TOO_LARGE', `${bytes.length} bytes`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new FhirError('FHIR_MALFORMED', 'not JSON', { cause });
  }
}
