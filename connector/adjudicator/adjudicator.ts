import { type ClaimDecision, mostDecisions, type Usage } from '#chaincode/model/claim.ts';
import { countedInstead } from '#chaincode/model/usage.ts';
import { ConnectorError } from '../errors.ts';
import type { ConnectorLog } from '../log.ts';
import type { ClaimReviews } from './claimsLedger.ts';
import { inTurns } from './inTurns.ts';
import { type Bench, decisionOf, judge, type Prepared, prepare } from './judging.ts';
import type { Waiting } from './known.ts';
import { Unreadable } from './opening.ts';

/** Claims that are prepared side by side. */
const atOnce = 8;
/** Of what is away for now everything waits; any other refusal is of this batch. */
const away = new Set(['LEDGER_UNAVAILABLE', 'ETHEREUM_UNAVAILABLE', 'STORAGE_UNAVAILABLE']);
/** A claim that the ledger takes in no way is tried again after so long. */
const setAsideMs = 60_000;

interface Batch {
  decisions: ClaimDecision[];
  reviews: ClaimReviews;
}

/**
 * Decides what waits, or hands it to a person, in batches. It keeps nothing: what a crash interrupts is judged again, and what was decided
 * before is refused by the ledger for its version.
 */
export class Adjudicator {
  readonly #bench: Bench;
  readonly #log: Pick<ConnectorLog, 'info' | 'warn'>;
  readonly #setAside = new Map<string, number>();
  #most = mostDecisions;

  constructor(bench: Bench, log: Pick<ConnectorLog, 'info' | 'warn'>) {
    this.#bench = bench;
    this.#log = log;
  }

  /** Looks at what has changed and goes through what waits. Answers how many claims were decided or handed over. Throws what is away. */
  async round(): Promise<number> {
    const { known } = this.#bench;
    await known.look(await this.#bench.list());
    const now = Date.now();
    const waiting = known.waiting().filter(({ record }) => (this.#setAside.get(record.id) ?? 0) <= now);
    let done = 0;
    for (let left = waiting; left.length > 0; ) {
      const some = left.slice(0, this.#most);
      left = left.slice(some.length);
      const batch = await this.#judgeAll(some);
      done += await this.#submit(batch);
    }
    return done;
  }

  /** Judges in order, each by the account that those before it leave. */
  async #judgeAll(waiting: readonly Waiting[]): Promise<Batch> {
    const prepared = new Map<string, Prepared>();
    await inTurns(waiting, atOnce, async ({ record, opened }) => {
      if (!(opened instanceof Unreadable)) prepared.set(record.id, await prepare(record, opened, this.#bench));
    });
    const accounts = new Map<string, Usage>();
    const batch: Batch = { decisions: [], reviews: [] };
    const judged: (() => Promise<void>)[] = [];
    for (const { record, opened } of waiting) {
      const { id: claim, version } = record;
      const one = prepared.get(claim);
      if (one === undefined) {
        batch.reviews.push({ claim, version, reasons: [opened instanceof Unreadable ? opened.reason : 'OTHER'] });
        continue;
      }
      const account = `${record.policy} ${one.year}`;
      const usage = accounts.get(account) ?? (await this.#bench.ledger.usage(record.policy, one.year));
      const result = judge(one, usage);
      if (result.review !== undefined) {
        batch.reviews.push({ claim, version, reasons: result.review });
        continue;
      }
      const after = record.use === 'claim' ? countedInstead(usage, record.category, undefined, result) : usage;
      accounts.set(account, after);
      const place = judged.length;
      judged.push(async () => {
        batch.decisions[place] = await decisionOf(one, result, usage, this.#bench);
      });
    }
    await inTurns(judged, atOnce, (seal) => seal());
    return batch;
  }

  async #submit({ decisions, reviews }: Batch): Promise<number> {
    const { ledger } = this.#bench;
    const decided = await this.#told(
      decisions.map(({ claim }) => claim),
      'decided',
      () => ledger.decide(decisions),
    );
    const handed = await this.#told(
      reviews.map(({ claim }) => claim),
      'handed to a person',
      () => ledger.review(reviews),
    );
    return decided + handed;
  }

  /** All or none; what is refused is read and judged anew, in smaller batches. */
  async #told(claims: readonly string[], what: string, tell: () => Promise<void>): Promise<number> {
    if (claims.length === 0) return 0;
    const { known } = this.#bench;
    try {
      await tell();
      this.#most = Math.min(mostDecisions, this.#most * 2);
      this.#log.info({ claims: claims.length }, what);
      return claims.length;
    } catch (error) {
      if (!(error instanceof ConnectorError) || away.has(error.code)) throw error;
      this.#log.warn({ err: error, claims: claims.length }, 'judged anew');
      const [only] = claims;
      const isPassing = error.code === 'STALE' || error.code === 'LEDGER_CONFLICT';
      if (claims.length === 1 && only !== undefined && !isPassing) this.#setAside.set(only, Date.now() + setAsideMs);
      if (!isPassing) this.#most = Math.max(1, Math.floor(claims.length / 2));
      return 0;
    } finally {
      // Decided, or decided by somebody else meanwhile.
      for (const claim of claims) known.again(claim);
    }
  }
}
