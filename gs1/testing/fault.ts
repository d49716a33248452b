import { Gs1Error } from '../error.ts';

/** Sentence and position of the refusal that `read` must throw. */
export function faultOf(read: () => unknown): [string, number] {
  try {
    read();
  } catch (cause) {
    if (cause instanceof Gs1Error) return [cause.message, cause.position];
    throw cause;
  }
  throw new Error('nothing was refused');
}
