import type { Meaning } from '#chaincode/model/meaning.ts';
import type { CaptureAlert } from '#chaincode/model/trace.ts';

/** A pack or a container, as the contract names them. */
export type Thing = { kind: 'pack'; gtin: string; serial: string } | { kind: 'container'; sscc: string };

export type EpcRole = 'epc' | 'parent' | 'child' | 'input' | 'output';

/** What an event names; `thing` where it is a pack or a container. */
export interface Named {
  role: EpcRole;
  /** Canonical Digital Link, or what stands in the event. */
  epc: string;
  thing?: Thing;
}

/** What an event does to custody. `undo`: that a decommissioning did not occur. */
export type Step = Meaning | 'undo';

/** One captured event with what the contract decided about it, and where it stands. */
export interface Fact {
  channel: string;
  block: number;
  /** Among the events of the block. */
  place: number;
  transactionId: string;
  hash: string;
  /** An error declaration, which has the hash of the event that it declares wrong. */
  declaration: boolean;
  eventId: string | null;
  type: string;
  action: string | null;
  bizStep: string | null;
  disposition: string | null;
  eventTime: Date;
  zoneOffset: string;
  /** Of the transaction. */
  recordTime: Date;
  /** GLN where the id is one, the id otherwise. */
  readPoint: string | null;
  bizLocation: string | null;
  by: string;
  /** Institution of who captured it. */
  party: string;
  /** Party that it is shipped to, GLN or id. */
  destination: string | null;
  outcome: 'accepted' | 'refused';
  code: string | null;
  detail: string | null;
  alerts: readonly CaptureAlert[];
  step: Step;
  named: Named[];
  /** Temperatures read by sensors, and the EPCs that these were with. */
  celsius: number[];
  sensed: ReadonlySet<string>;
  /** Of commissioned packs. */
  made: { batch: string; expiry: string } | null;
  body: unknown;
}

export const isGln = (id: string): boolean => /^[0-9]{13}$/.test(id);

/** GLN where it took place, as far as the event says: the business location, else the read point. */
export const placeOf = ({ bizLocation, readPoint }: Pick<Fact, 'bizLocation' | 'readPoint'>): string | null =>
  [bizLocation, readPoint].find((id) => id !== null && isGln(id)) ?? null;

export const packKey = (gtin: string, serial: string): string => `${gtin}/${serial}`;

/** UTC day of an instant, `2026-11-26`. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
