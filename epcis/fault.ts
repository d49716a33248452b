/** Something that is wrong with a document, where, and in a sentence for a person. */
export interface Fault {
  /** JSON pointer (RFC 6901): `/epcisBody/eventList/0/epcList/3`; empty for the whole. */
  pointer: string;
  message: string;
}

/** A JSON pointer of the names and indexes that lead to a value. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
