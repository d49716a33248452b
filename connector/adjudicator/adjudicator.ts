import { type ClaimDecision, mostDecisions, type Usage } from '#chaincode/model/claim.ts';
import { countedInstead } from '#chaincode/model/usage.ts';
import { ConnectorError } from '../errors.ts';
import type { ConnectorLog } from '../log.ts';
import type { ClaimReviews } from './claimsLedger.ts';
import { eachApart, isAway } from './inTurns.ts';
import { type Bench, decisionOf, judge, type Prepared, prepare } from './judging.ts';
import type { Waiting } from './known.ts';
import { givenUp, Unreadable } from './opening.ts';
import { SetAside } from './setAside.ts';

/** Claims that are prepared side by side. */
const atOnce = 8;

interface Batch {
  decisions: ClaimDecision[];
  reviews: ClaimReviews;
}

interface Judged {
  record: Waiting['record'];
  account: string;
  seal(): Promise<ClaimDecision>;
}

const without = (one: Prepared, used = 0): Prepared =>
  one.preauthorisation === undefined
    ? one
    : { ...one, preauthorisation: { ...one.preauthorisation, allowed: one.preauthorisation.allowed - used } };

/** Hands to a person what cannot be read, and what has failed for a day. */
const orPerson =
  <T extends Pick<Waiting, 'record'>>(work: (one: T) => Promise<void>, { reviews }: Batch) =>
  async (one: T): Promise<void> => {
    try {
      await work(one);
    } catch (error) {
      const unreadable = error instanceof Unreadable ? error : givenUp(one.record, error);
      if (unreadable === undefined) throw error;
      reviews.push({ claim: one.record.id, version: one.record.version, reasons: [unreadable.reason] });
    }
  };

/**
 * Decides what waits, or hands it to a person, in batches. It keeps nothing: what a crash interrupts is judged again, and what was decided
 * before is refused by the ledger for its version.
 */
export class Adjudicator {
  readonly #bench: Bench;
  readonly #log: Pick<ConnectorLog, 'info' | 'warn'>;
  /** What failed, and what the ledger takes in no way. */
  readonly #setAside = new SetAside();
  #most = mostDecisions;

  constructor(bench: Bench, log: Pick<ConnectorLog, 'info' | 'warn'>) {
    this.#bench = bench;
    this.#log = log;
  }

  /** Looks at what has changed and goes through what waits. Answers how many claims were decided or handed over. Throws what is away. */
  async round(): Promise<number> {
    const { known } = this.#bench;
    await known.look(await this.#bench.list());
    const all = known.waiting();
    this.#setAside.keepOnly(all.map(({ record }) => record.id));
    const waiting = all.filter(({ record }) => !this.#setAside.has(record.id));
    let done = 0;
    const used = new Map<string, number>();
    for (let left = waiting; left.length > 0; ) {
      const some = left.slice(0, this.#most);
      left = left.slice(some.length);
      const batch = await this.#judgeAll(some, used);
      done += await this.#submit(batch);
    }
    return done;
  }

  /**
   * Judges in order, each by the account that those before it leave, and by what they leave of what was agreed to before: `used` has that by
   * the preauthorisation. What fails of one holds up no other.
   */
  async #judgeAll(waiting: readonly Waiting[], used: Map<string, number>): Promise<Batch> {
    const batch: Batch = { decisions: [], reviews: [] };
    const each = <T extends Pick<Waiting, 'record'>>(
      all: readonly T[],
      width: number,
      work: (one: T) => Promise<void>,
    ) =>
      eachApart([all], width, orPerson(work, batch), ({ record: { id: claim } }, err) => {
        this.#setAside.failed(claim);
        this.#log.warn({ err, claim }, 'a claim cannot be judged now');
      });
    const prepared = new Map<string, Prepared>();
    await each(waiting, atOnce, async ({ record, opened }) => {
      if (opened instanceof Unreadable) throw opened;
      prepared.set(record.id, await prepare(record, opened, this.#bench));
    });
    const accounts = new Map<string, Usage>();
    const judged: Judged[] = [];
    await each(waiting, 1, async ({ record }) => {
      const one = prepared.get(record.id);
      if (one === undefined) return;
      const account = `${record.policy} ${one.year}`;
      const usage = accounts.get(account) ?? (await this.#bench.ledger.usage(record.policy, one.year));
      const result = judge(without(one, used.get(record.preauthorisation ?? '')), usage);
      if (result.review !== undefined) {
        batch.reviews.push({ claim: record.id, version: record.version, reasons: result.review });
        return;
      }
      const after = record.use === 'claim' ? countedInstead(usage, record.category, undefined, result) : usage;
      accounts.set(account, after);
      const { preauthorisation } = record;
      if (preauthorisation !== undefined) {
        used.set(preauthorisation, (used.get(preauthorisation) ?? 0) + result.allowed);
      }
      judged.push({ record, account, seal: () => decisionOf(one, result, usage, this.#bench) });
    });
    const sealed = new Map<string, ClaimDecision>();
    await each(judged, atOnce, async ({ record, seal }) => {
      sealed.set(record.id, await seal());
    });
    // Without one, those after it were judged by an account that it does not leave.
    const broken = new Set(judged.flatMap(({ record, account }) => (sealed.has(record.id) ? [] : [account])));
    for (const { record, account } of judged) {
      const decision = sealed.get(record.id);
      if (decision !== undefined && !broken.has(account)) batch.decisions.push(decision);
    }
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
      // Of what is away for now everything waits; any other refusal is of this batch.
      if (!(error instanceof ConnectorError) || isAway(error)) throw error;
      this.#log.warn({ err: error, claims: claims.length }, 'judged anew');
      const [only] = claims;
      const isPassing = error.code === 'STALE' || error.code === 'LEDGER_CONFLICT';
      if (claims.length === 1 && only !== undefined && !isPassing) this.#setAside.wait(only);
      if (!isPassing) this.#most = Math.max(1, Math.floor(claims.length / 2));
      return 0;
    } finally {
      // Decided, or decided by somebody else meanwhile.
      for (const claim of claims) known.again(claim);
    }
  }
}
