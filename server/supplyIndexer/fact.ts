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

/** What an event does to custody, in the contract's sense; `observe` where it changes none. */
export const steps = [
  'commission',
  'pack',
  'unpack',
  'ship',
  'receive',
  'decommission',
  'undo',
  'dispense',
  'destroy',
  'steal',
  'hold',
  'release',
  'transform',
  'observe',
] as const;
export type Step = (typeof steps)[number];

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
  /** Temperatures read by sensors. */
  celsius: number[];
  /** Of commissioned packs. */
  made: { batch: string; expiry: string } | null;
  body: unknown;
}

/** GLN where it took place, as far as the event says. */
export const placeOf = ({ bizLocation, readPoint }: Fact): string | null => bizLocation ?? readPoint;

export const packKey = (gtin: string, serial: string): string => `${gtin}/${serial}`;

/** UTC day of an instant, `2026-11-26`. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
