import { type ChaincodeEvent, type Checkpointer, checkpointers, type Gateway } from '@hyperledger/fabric-gateway';

/** Follows the events of one channel over all lives of the node, each time from where it was. */
export class Follower {
  readonly channel: string;
  /** Ids of the transactions whose events came, in order. */
  readonly seen: string[] = [];
  readonly #checkpointer: Checkpointer & { checkpointChaincodeEvent(event: ChaincodeEvent): Promise<void> };
  #running: Promise<void> = Promise.resolve();

  constructor(channel: string) {
    this.channel = channel;
    this.#checkpointer = checkpointers.inMemory();
  }

  /** Goes on until the node is gone. */
  follow(gateway: Gateway): void {
    this.#running = this.#follow(gateway);
  }

  async #follow(gateway: Gateway): Promise<void> {
    const network = gateway.getNetwork(this.channel);
    try {
      const events = await network.getChaincodeEvents('probe', { startBlock: 0n, checkpoint: this.#checkpointer });
      for await (const event of events) {
        this.seen.push(event.transactionId);
        await this.#checkpointer.checkpointChaincodeEvent(event);
      }
    } catch {
      // The node is gone. What did not come by then comes after the checkpoint; the proof tells of what never did.
    }
  }

  /** Waits until the stream has ended. */
  ended(): Promise<void> {
    return this.#running;
  }
}

/** All events of a channel from its beginning to the one of a transaction. */
export async function replay(gateway: Gateway, channel: string, last: string): Promise<string[]> {
  const seen: string[] = [];
  const events = await gateway.getNetwork(channel).getChaincodeEvents('probe', { startBlock: 0n });
  try {
    for await (const { transactionId } of events) {
      seen.push(transactionId);
      if (transactionId === last) break;
    }
  } finally {
    events.close();
  }
  return seen;
}
