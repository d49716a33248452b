/** The parts of Caliper 0.6's interfaces that are used here, so that these modules need none of its packages. */

/** A transaction as the connector for Fabric's gateway takes it. */
export interface FabricRequest {
  channel: string;
  contractId: string;
  contractFunction: string;
  contractArguments: string[];
  transientMap?: Record<string, string>;
  invokerMspId: string;
  invokerIdentity: string;
  readOnly: boolean;
}

export interface Connector {
  sendRequests(request: FabricRequest): Promise<unknown>;
}

/** What Caliper's worker calls in a round: once to begin, once for each transaction, once to end. */
export interface Workload {
  initializeWorkloadModule(
    workerIndex: number,
    totalWorkers: number,
    roundIndex: number,
    roundArguments: unknown,
    connector: Connector,
    context: unknown,
  ): Promise<void>;
  submitTransaction(): Promise<void>;
  cleanupWorkloadModule(): Promise<void>;
}

/** The outcome of a transaction. Times are in milliseconds since 1970, taken in the worker. */
export interface TransactionResult {
  GetStatus(): string;
  GetTimeCreate(): number;
  GetTimeFinal(): number;
}

/** What Caliper tells of the transactions of a worker while they run. */
export interface Observer {
  activate(roundIndex: number, roundLabel: string): Promise<void>;
  txSubmitted(count: number): void;
  txFinished(results: TransactionResult | TransactionResult[]): void;
  deactivate(): Promise<void>;
}

/** Counts of a round so far. */
export interface RoundCounts {
  getTotalSubmittedTx(): number;
  getTotalFinishedTx(): number;
}
