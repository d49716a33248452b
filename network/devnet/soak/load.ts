import { status } from '@grpc/grpc-js';
import { type Gateway, GatewayError, type Transaction } from '@hyperledger/fabric-gateway';

/** A node that lives tells an outcome long before. */
const outcomeWithinMs = 120_000;

/** What a transaction does: a public value, a private one beside it, or one more on a counter, with an event. */
export type Kind = 'put' | 'secret' | 'count';

/** A transaction as its client knows it. */
export interface Sent {
  channel: string;
  txId: string;
  kind: Kind;
  key: string;
  /** The public value that it writes; a counter's follows from what was there. */
  value: string;
}

/** What the clients know, over all lives of the node. */
export class Ledgers {
  /** Reported as VALID, by transaction id. */
  readonly reported = new Map<string, Sent>();
  #awaited: { count: number; reached: () => void } | undefined;
  /** Endorsed, and then the node was gone before it told the outcome. */
  readonly unreported = new Map<string, Sent & { transaction: Transaction }>();
  /** How many were sent again that way, and how many of them had been committed. */
  resubmitted = 0;

  /** Resolves in the same turn in which so many more are reported. */
  more(count: number): Promise<void> {
    return new Promise((reached) => {
      this.#awaited = { count: this.reported.size + count, reached };
    });
  }

  report(sent: Sent): void {
    this.unreported.delete(sent.txId);
    this.reported.set(sent.txId, sent);
    if (this.reported.size >= (this.#awaited?.count ?? Number.POSITIVE_INFINITY)) this.#awaited?.reached();
  }
}

const kinds: readonly Kind[] = ['put', 'secret', 'count'];

/** Sends one transaction after the other on a channel until the node is gone. Each worker has keys of its own. */
export async function work(gateway: Gateway, channel: string, worker: string, known: Ledgers): Promise<void> {
  const contract = gateway.getNetwork(channel).getContract('probe');
  for (let index = 0; ; index += 1) {
    const kind = kinds[index % kinds.length] ?? 'put';
    const key = kind === 'count' ? `counter-${worker.split('/')[0]}` : `${worker}/${index}`;
    const value = kind === 'secret' ? 'public' : key;
    const name = { put: 'put', secret: 'putBoth', count: 'count' }[kind];
    const args = { put: [key, value], secret: ['secrets', key], count: [key] }[kind];
    const transient = kind === 'secret' ? { transientData: { value: Buffer.from(`secret of ${key}`) } } : {};
    let transaction: Transaction;
    try {
      transaction = await contract.newProposal(name, { arguments: args, ...transient }).endorse();
    } catch {
      return; // the node is gone, and nothing was handed over
    }
    const sent = { channel, txId: transaction.getTransactionId(), kind, key, value };
    known.unreported.set(sent.txId, { ...sent, transaction });
    try {
      const outcome = await (await transaction.submit()).getStatus({ deadline: Date.now() + outcomeWithinMs });
      if (outcome.successful) known.report(sent);
      else known.unreported.delete(sent.txId);
      if (!outcome.successful) throw new Error(`${sent.txId} (${kind} ${key}) got code ${outcome.code}`);
    } catch (error) {
      const late = error instanceof GatewayError && error.code === status.DEADLINE_EXCEEDED;
      if (known.unreported.has(sent.txId) && !late) return; // the node is gone
      throw error;
    }
  }
}

/** Sends once more what a life of the node left open, as a client would; it may have been committed, and then counts once. */
export async function sendAgain(gateway: Gateway, known: Ledgers): Promise<void> {
  for (const { transaction, ...sent } of [...known.unreported.values()]) {
    known.resubmitted += 1;
    const outcome = await (await gateway.newTransaction(transaction.getBytes()).submit()).getStatus();
    known.unreported.delete(sent.txId);
    // A counter that was raised by another since has changed under it.
    if (outcome.successful) known.report(sent);
    else if (sent.kind !== 'count') throw new Error(`${sent.txId} (${sent.kind} ${sent.key}) got code ${outcome.code}`);
  }
}
