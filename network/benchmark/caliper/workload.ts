import { inTurn, parseArguments, type WorkloadArguments } from './arguments.ts';
import type { Connector, FabricRequest, Workload } from './contract.ts';

/** Who calls on which channel, for one transaction. */
export interface Turn {
  /** Number of the care channel. */
  channel: number;
  patient: string;
  prescription: string;
  doctor: string;
}

/** Sends one request for each transaction, over the care channels, their people and the doctors in turn. */
class TurnWorkload implements Workload {
  readonly #request: (turn: Turn) => FabricRequest;
  #arguments: WorkloadArguments | undefined;
  #connector: Connector | undefined;
  #turn = 0;

  constructor(request: (turn: Turn) => FabricRequest) {
    this.#request = request;
  }

  async initializeWorkloadModule(...given: Parameters<Workload['initializeWorkloadModule']>): Promise<void> {
    const [workerIndex, , , roundArguments, connector] = given;
    this.#arguments = parseArguments(roundArguments);
    this.#connector = connector;
    this.#turn = workerIndex;
  }

  async submitTransaction(): Promise<void> {
    if (!this.#arguments || !this.#connector) throw new Error('The workload is not initialised.');
    const { doctors, channels } = this.#arguments;
    const turn = this.#turn++;
    const channel = turn % channels.length;
    const round = Math.floor(turn / channels.length);
    const { patients, prescriptions } = inTurn(channels, channel);
    await this.#connector.sendRequests(
      this.#request({
        channel,
        patient: inTurn(patients, round),
        prescription: inTurn(prescriptions, round),
        doctor: inTurn(doctors, round),
      }),
    );
  }

  async cleanupWorkloadModule(): Promise<void> {
    this.#connector = undefined;
  }
}

export const workloadOf = (request: (turn: Turn) => FabricRequest): Workload => new TurnWorkload(request);
