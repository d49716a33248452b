import type { EpcisEvent } from '#epcis/event.ts';

/** One event that a file asks to record, and where in the file it stands. */
export interface Entry {
  /** Lines of a table, or the number of the event in a document, from 1. */
  places: number[];
  event: EpcisEvent;
}

/** Something of a file that is left out, and why. */
export interface LeftOut {
  place: number;
  why: string;
}

/** What a file says, once it was looked at. */
export interface BulkFile {
  name: string;
  /** What a place in the file is. */
  kind: 'line' | 'event';
  entries: Entry[];
  leftOut: LeftOut[];
}
