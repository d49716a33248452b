import type { PaymentReceipt } from '#chaincode/model/claim.ts';
import { ConnectorError } from '#connector/errors.ts';
import { AppError } from '#server/errors.ts';
import { type DatabaseGateway, openDatabase } from '#server/gateways/db/database.ts';
import type { SettlementGateway } from '#server/gateways/ethereum/settlement.ts';
import { type Anchor, anchorFinal } from '#server/settlement/anchoring.ts';
import { followOnce } from '#server/settlement/follow.ts';
import { confirmations, type Faults } from './history.ts';

/** The process has ended, and comes again with nothing but its tables. */
class Crash extends Error {}

export interface IndexerOptions {
  databaseUrl: string;
  settlement: SettlementGateway;
  /** Address of the coin of claims, in lower case. */
  coin: string;
  /** Puts a receipt on the ledger; throws `ConnectorError`s. */
  anchor: (receipt: PaymentReceipt) => Promise<unknown>;
}

/** The portal's indexer of payments as the history has it run: it is ended at places that are drawn, and told things twice. */
export class FaultyIndexer {
  readonly #options: IndexerOptions;
  #gateway: DatabaseGateway;
  #decimals: number | undefined;
  crashes = 0;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#gateway = openDatabase(options.databaseUrl);
  }

  get db() {
    return this.#gateway.db;
  }

  close(): Promise<void> {
    return this.#gateway.close();
  }

  /** Reads what is new and anchors what is final. After a crash it has to be called again. Answers how many were anchored. */
  async round({ crash, duplicate }: Pick<Faults, 'crash' | 'duplicate'> = {}): Promise<number> {
    const { settlement, coin } = this.#options;
    this.#decimals ??= await settlement.decimalsOf(coin);
    const twice = duplicate === 'told';
    let isCrashed = false;
    const ended = () => {
      isCrashed = true;
      return new Crash('ended');
    };
    let reads = 0;
    const faulty: SettlementGateway = {
      ...settlement,
      eventsIn: async (hash) => {
        const told = await settlement.eventsIn(hash);
        reads += 1;
        if (crash === 'reading' && reads === 2) throw ended();
        return twice ? [...told, ...told] : told;
      },
    };
    const { db } = this;
    try {
      await followOnce({
        db,
        settlement: faulty,
        coin: { coin, decimals: this.#decimals },
        fromBlock: 0,
        confirmations,
      });
      const anchor = this.#anchor(crash, duplicate === 'anchored', ended);
      return await anchorFinal(db, anchor, 0, new Date(Date.now() + 1));
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      return 0;
    } finally {
      if (isCrashed) await this.#startAgain();
    }
  }

  #anchor(crash: Faults['crash'], twice: boolean, ended: () => Crash): Anchor {
    const { anchor } = this.#options;
    let anchored = 0;
    return async (receipt) => {
      const isLast = anchored === 1;
      if (crash === 'before' && isLast) throw ended();
      try {
        await anchor(receipt);
        if (twice) await anchor(receipt);
      } catch (error) {
        if (error instanceof ConnectorError) throw new AppError(codeOf(error), error.message, { cause: error });
        throw error;
      }
      anchored += 1;
      if (crash === 'after' && isLast) throw ended();
    };
  }

  async #startAgain(): Promise<void> {
    this.crashes += 1;
    await this.#gateway.close();
    this.#gateway = openDatabase(this.#options.databaseUrl);
  }
}

/** As the portal's client of the adjudicator tells it. */
function codeOf({ code }: ConnectorError): AppError['code'] {
  const refusals = ['NOT_FOUND', 'INVALID_ARGUMENT', 'NOT_AUTHORISED', 'WRONG_STATE', 'AMOUNT_EXCEEDED'] as const;
  return refusals.find((known) => known === code) ?? 'CONNECTOR_UNAVAILABLE';
}
