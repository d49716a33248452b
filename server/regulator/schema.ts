/** One change on a channel, as the regulator sees it: no clinical content, no subject. */
export interface ChangeView {
  channel: string;
  blockNumber: number;
  transactionId: string;
  contract: string;
  /** Function that was called, for example `issue`. */
  function: string;
  state: string;
  at: string;
}

export interface Overview {
  /** Changes since the beginning. */
  counts: { channel: string; function: string; count: number }[];
  /** Changes of the last hour, oldest minute first; minutes without any are left out. */
  series: { channel: string; minutes: { at: string; count: number }[] }[];
  /** Newest first. */
  events: ChangeView[];
}

export interface ChannelHealth {
  channel: string;
  kind: 'registry' | 'care' | 'supply' | 'claims';
  answering: boolean;
  /** Blocks followed so far. */
  height: number;
  transactions: number;
  invalid: number;
  /** Changes in the last minute. */
  rate: number;
  /** Blocks known to be committed that the read model has not got yet. */
  lag: number;
  /** Milliseconds from a transaction's own time until it stood in the read model, as last measured. */
  lagMs: number;
}

/** Events of `GET /api/regulator/stream`: `change` with a `ChangeView`, `health` with `ChannelHealth[]`. */
export type StreamEvent = 'change' | 'health';
