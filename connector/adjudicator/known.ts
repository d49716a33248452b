import type { Claim as ClaimRecord } from '#chaincode/model/claim.ts';
import { claimsChanged, claimsEvent } from '#chaincode/model/claim.ts';
import { factsOf } from '#coverage/facts.ts';
import { ClaimHistory, outcomeOf } from '#coverage/history.ts';
import type { FormularyList } from '#formulary/coverage.ts';
import type { LedgerEvent } from '../ledger/connection.ts';
import type { ConnectorLog } from '../log.ts';
import type { ClaimsLedger } from './claimsLedger.ts';
import { eachApart } from './inTurns.ts';
import { givenUp, type OpenedClaim, type Opening, readClaim, Unreadable } from './opening.ts';
import { isPayable } from './paying.ts';
import { SetAside } from './setAside.ts';

/** Claims that are read side by side. */
const atOnce = 8;

export interface Waiting {
  record: ClaimRecord;
  opened: OpenedClaim | Unreadable;
}

/**
 * The insurer's own claims as the adjudicator knows them: rebuilt from the ledger at every start, kept in line by its events. It holds nothing
 * that the ledger does not have.
 */
export class KnownClaims {
  readonly history = new ClaimHistory();
  readonly #changed = new Set<string>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #payable = new Set<string>();
  readonly #reversed = new Set<string>();
  readonly #foreign = new Set<string>();
  readonly #failing = new SetAside();
  readonly #insurer: string;
  readonly #ledger: ClaimsLedger;
  readonly #opening: Opening;
  readonly #log: Pick<ConnectorLog, 'warn'>;

  constructor(of: { insurer: string; ledger: ClaimsLedger; opening: Opening; log: Pick<ConnectorLog, 'warn'> }) {
    this.#insurer = of.insurer;
    this.#ledger = of.ledger;
    this.#opening = of.opening;
    this.#log = of.log;
  }

  /** Learns every claim of every policy of the insurer. What cannot be read now stays noted. Throws what is away where nothing can be read. */
  async learnAll(list: FormularyList): Promise<void> {
    const learn = (record: ClaimRecord) => this.#learn(record, list);
    await eachApart(this.#own(), atOnce, learn, ({ id }, error) => {
      this.#failed(id, error);
      this.#failing.wait(id);
    });
  }

  /** By policy. */
  async *#own(): AsyncGenerator<ClaimRecord[]> {
    for await (const policy of this.#ledger.policies()) {
      if (policy.insurer !== this.#insurer) continue;
      const records: ClaimRecord[] = [];
      for await (const record of this.#ledger.claimsOf(policy.id)) records.push(record);
      yield records;
    }
  }

  /** Takes note of what an event names. */
  note({ name, payload }: LedgerEvent): void {
    if (name !== claimsEvent) return;
    const { kind, changed } = claimsChanged.parse(JSON.parse(Buffer.from(payload).toString('utf8')));
    if (kind === 'claim') for (const { id } of changed) this.again(id);
  }

  /** Has a claim read anew with the next look. */
  again(id: string): void {
    if (!this.#foreign.has(id)) this.#changed.add(id);
  }

  /** Reads what has changed. What cannot be read now stays noted. Throws what is away where nothing can be read. */
  async look(list: FormularyList): Promise<void> {
    const ids = [...this.#changed].filter((id) => !this.#failing.has(id));
    const learn = async (id: string) => {
      this.#changed.delete(id);
      await this.#learn(await this.#ledger.claim(id), list);
      this.#failing.done(id);
    };
    await eachApart([ids], atOnce, learn, (id, error) => this.#failed(id, error));
  }

  #failed(claim: string, err: unknown): void {
    this.#changed.add(claim);
    this.#failing.failed(claim);
    this.#log.warn({ err, claim }, 'a claim cannot be read now');
  }

  /** What is to be decided, in the order in which it was submitted. */
  waiting(): Waiting[] {
    return [...this.#waiting.values()].sort((a, b) =>
      a.record.at === b.record.at ? (a.record.id < b.record.id ? -1 : 1) : a.record.at < b.record.at ? -1 : 1,
    );
  }

  /** Ids of claims of which the insurer owes something. */
  payable(): string[] {
    return [...this.#payable];
  }

  /** Ids of claims that were reversed after a decision, by which somebody may have had a quote. */
  reversed(): string[] {
    return [...this.#reversed];
  }

  async #learn(record: ClaimRecord, list: FormularyList): Promise<void> {
    const { id, state, insurer } = record;
    if (insurer !== this.#insurer) {
      this.#foreign.add(id);
      return;
    }
    if (isPayable(record)) this.#payable.add(id);
    else this.#payable.delete(id);
    if (state === 'reversed' && record.decisions.length > 0 && record.use === 'claim') this.#reversed.add(id);
    const known = this.history.find(id);
    if (known !== undefined && state !== 'submitted') {
      this.#waiting.delete(id);
      this.history.add({ ...known, ...outcomeOf(record) });
      return;
    }
    const opened = await this.#open(record, list);
    if (state === 'submitted') this.#waiting.set(id, { record, opened });
    else this.#waiting.delete(id);
  }

  /** Opens a claim, and knows what it says from then on. */
  async #open(record: ClaimRecord, list: FormularyList): Promise<OpenedClaim | Unreadable> {
    try {
      const opened = await readClaim(record, this.#opening);
      this.history.add({ ...factsOf(record, opened.claim, list), ...outcomeOf(record) });
      return opened;
    } catch (error) {
      const unreadable = error instanceof Unreadable ? error : givenUp(record, error);
      if (unreadable === undefined) throw error;
      this.#log.warn({ err: unreadable, claim: record.id }, 'a claim cannot be read');
      return unreadable;
    }
  }
}
