import type { Claim as ClaimRecord } from '#chaincode/model/claim.ts';
import { claimsChanged, claimsEvent } from '#chaincode/model/claim.ts';
import { factsOf } from '#coverage/facts.ts';
import { ClaimHistory, resultOf } from '#coverage/history.ts';
import type { FormularyList } from '#formulary/coverage.ts';
import { ConnectorError } from '../errors.ts';
import type { LedgerEvent } from '../ledger/connection.ts';
import type { ConnectorLog } from '../log.ts';
import type { ClaimsLedger } from './claimsLedger.ts';
import { inTurns } from './inTurns.ts';
import { type OpenedClaim, type Opening, readClaim, Unreadable } from './opening.ts';
import { isPayable } from './paying.ts';

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

  /** Learns every claim of every policy of the insurer. */
  async learnAll(list: FormularyList): Promise<void> {
    for await (const policy of this.#ledger.policies()) {
      if (policy.insurer !== this.#insurer) continue;
      const records: ClaimRecord[] = [];
      for await (const record of this.#ledger.claimsOf(policy.id)) records.push(record);
      await inTurns(records, atOnce, (record) => this.#learn(record, list));
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

  /** Reads what has changed. What cannot be read now stays noted, and the first failure is thrown after the others were tried. */
  async look(list: FormularyList): Promise<void> {
    const failures: unknown[] = [];
    await inTurns([...this.#changed], atOnce, async (id) => {
      try {
        this.#changed.delete(id);
        await this.#learn(await this.#ledger.claim(id), list);
      } catch (error) {
        this.#changed.add(id);
        failures.push(error);
      }
    });
    if (failures.length > 0) throw failures[0];
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
      this.history.add({ ...known, result: resultOf(record) });
      return;
    }
    const opened = await this.#open(record);
    if (opened instanceof Unreadable) this.#log.warn({ err: opened, claim: id }, 'a claim cannot be read');
    else this.history.add({ ...factsOf(record, opened.claim, list), result: resultOf(record) });
    if (state === 'submitted') this.#waiting.set(id, { record, opened });
    else this.#waiting.delete(id);
  }

  /** What the storage has not had for a day, a person looks for. */
  async #open(record: ClaimRecord): Promise<OpenedClaim | Unreadable> {
    try {
      return await readClaim(record, this.#opening);
    } catch (error) {
      if (error instanceof Unreadable) return error;
      const isAway = error instanceof ConnectorError && error.code === 'STORAGE_UNAVAILABLE';
      if (!isAway || Date.now() - Date.parse(record.at) < 86_400_000) throw error;
      return new Unreadable('EVIDENCE_MISSING', 'its content is not in the storage', { cause: error });
    }
  }
}
