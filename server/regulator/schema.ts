/** One change on a channel, as the regulator sees it: no clinical content, no subject's name. */
export interface ChangeView {
  channel: string;
  blockNumber: number;
  transactionId: string;
  contract: string;
  /** Function that was called, for example `issue`. */
  change: string;
  state: string;
  at: string;
}

export interface Overview {
  /** Changes since the beginning, by channel and function. */
  counts: { channel: string; change: string; count: number }[];
  /** Changes of the last hour by channel, minute and function; minutes without any are left out. */
  series: { channel: string; minute: string; change: string; count: number }[];
  /** Newest first. */
  recent: ChangeView[];
}

export interface ChannelHealth {
  channel: string;
  kind: 'registry' | 'care' | 'supply' | 'claims';
  state: 'up' | 'down';
  /** Blocks followed so far. */
  height: number;
  transactions: number;
  invalid: number;
  /** Changes recorded in the last minute. */
  perMinute: number;
  /** Milliseconds from a transaction's own time until it stood in the read model, as last measured. */
  lagMs: number;
}

/** Events of `GET /api/regulator/stream`: `change` with a `ChangeView`, `health` with `ChannelHealth[]`. */
export const streamEvents = ['change', 'health'] as const;
