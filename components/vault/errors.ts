import { CryptoError } from '#crypto/errors.ts';
import { FhirError } from '#fhir/parse.ts';

/** An error as it crosses from server or worker to the page: code, words, and what was kept. */
export class VaultError extends Error {
  readonly code: string;
  readonly detail: string;
  readonly kept?: string;
  readonly next?: string;

  constructor(
    code: string,
    message: string,
    options: { detail?: string; kept?: string; next?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'VaultError';
    this.code = code;
    this.detail = options.detail ?? '';
    if (options.kept !== undefined) this.kept = options.kept;
    if (options.next !== undefined) this.next = options.next;
  }
}

/** What a message between page and worker can carry of an error. */
export interface ErrorMessage {
  code: string;
  message: string;
  detail: string;
}

export function errorMessage(thrown: unknown): ErrorMessage {
  if (thrown instanceof CryptoError || thrown instanceof FhirError || thrown instanceof VaultError) {
    return { code: thrown.code, message: thrown.message, detail: thrown.detail };
  }
  // Anything else may repeat a secret in its words, so they stay in the worker.
  return { code: 'INTERNAL', message: 'Something went wrong with your keys.', detail: '' };
}

export const lockedError = () => new VaultError('VAULT_LOCKED', 'Your keys are locked.');

type Answer<T> =
  | { ok: true; data: T }
  | { ok: false; error: { code: string; message: string; kept?: string; next?: string } };

/** The data of a server action's answer; throws its error. */
export function expectData<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.data;
  const { code, message, kept, next } = answer.error;
  throw new VaultError(code, message, { ...(kept && { kept }), ...(next && { next }) });
}
