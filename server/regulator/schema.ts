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

/** Events of `GET /api/regulator/stream`: `change` with a `ChangeView`, `health` with `ChannelHealth[]`. */
export type StreamEvent = 'change' | 'health';
