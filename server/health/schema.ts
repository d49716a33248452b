export interface Component {
  /** `ledger/<channel>`, `ipfs`, `ethereum`, `database`, `connector` or `indexer`. */
  name: string;
  state: 'up' | 'slow' | 'down';
  latencyMs: number;
  /** Of the indexer: milliseconds from a transaction's own time until it stood in the read model. */
  lagMs?: number;
}

export interface Health {
  state: 'up' | 'down';
  components: Component[];
}

export interface ChainStatus {
  /** Channels of the health ledgers, and `ethereum`. */
  chains: { name: string; answering: boolean; latencyMs: number }[];
}
