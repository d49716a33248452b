import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Claim } from '#chaincode/model/claim.ts';
import { anchorReceipt } from '#connector/adjudicator/anchoring.ts';
import { openSettlement as openAsInsurer, quoteFor, type SignedQuote } from '#connector/adjudicator/settlement.ts';
import { ConnectorError } from '#connector/errors.ts';
import { SettlementChain } from '#contracts/testing/settlementChain.ts';
import { projectClaims } from '#server/claims/readModel.ts';
import { migrate } from '#server/gateways/db/migrate.ts';
import { openSettlement } from '#server/gateways/ethereum/settlement.ts';
import { listMismatches } from '#server/settlement/reconcile.ts';
import { startPostgres } from '../../database/postgres.ts';
import { type Balances, prepareAccounts, readBalances } from './balances.ts';
import { imbalancesIn, reconciledIn } from './books.ts';
import { type Call, PaymentChain, type Sent } from './chain.ts';
import { gatherBooks, type Paid } from './gather.ts';
import { confirmations, type Faults, planHistory, type Step } from './history.ts';
import { FaultyIndexer } from './indexer.ts';
import { type MemoryLedger, openMemoryLedger } from './memoryLedger.ts';

export interface ReconcileFigures {
  claims: number;
  /** Of them, those of which ledger, chain and work list say the same in the end. */
  reconciled: number;
  /** Sums that differ between events, ledger and balances. */
  unbalanced: number;
  /** What went wrong on the way, and how much was paid. */
  faults: { reorganisations: number; crashes: number; duplicates: number; late: number };
  transactions: number;
  receipts: number;
}

/** Steps after which what happens to a paid claim happens. */
const afterSteps = 6;

type Waiting = { step: number; paid: Paid };

/** Goes through a random history on a chain, a ledger and a database of its own. Throws where a part does what it may not. */
export async function reconcile(
  { claims, seed }: { claims: number; seed: number },
  note: (text: string) => void,
): Promise<ReconcileFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'medloom-reconcile-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  note('contracts');
  const ledger = stack.use(await openMemoryLedger());
  const chain = await SettlementChain.start();
  stack.defer(() => chain.stop());
  const postgres = await startPostgres({ dir: join(folder, 'pg'), logFile: join(folder, 'pg.log') });
  stack.defer(() => postgres.stop());
  await migrate(postgres.url);
  const office = await Office.open(ledger, chain, postgres.url);
  stack.defer(() => office.close());
  const steps = planHistory(seed, claims);
  for (const [index, step] of steps.entries()) {
    note(`${index * 30} of ${claims} claims`);
    await office.take(step, index);
  }
  note('the end');
  await office.finish(steps.length);
  return await office.figures();
}

/** Everybody who takes part in the history. */
class Office {
  readonly #ledger: MemoryLedger;
  readonly #payments: PaymentChain;
  readonly #indexer: FaultyIndexer;
  readonly #insurer: ReturnType<typeof openAsInsurer>;
  readonly #gateway: ReturnType<typeof openSettlement>;
  readonly #before: Balances;
  readonly #paid: Paid[] = [];
  /** Claims by the payment of their insurer, which a reorganisation may replace. */
  readonly #paying = new Map<Call['data'], Paid[]>();
  #late: Waiting[] = [];
  #after: Waiting[] = [];
  readonly #faults = { reorganisations: 0, duplicates: 0, late: 0 };
  #transactions = 0;

  private constructor(
    ledger: MemoryLedger,
    payments: PaymentChain,
    indexer: FaultyIndexer,
    of: { insurer: ReturnType<typeof openAsInsurer>; gateway: ReturnType<typeof openSettlement>; before: Balances },
  ) {
    this.#ledger = ledger;
    this.#payments = payments;
    this.#indexer = indexer;
    this.#insurer = of.insurer;
    this.#gateway = of.gateway;
    this.#before = of.before;
  }

  static async open(ledger: MemoryLedger, chain: SettlementChain, databaseUrl: string): Promise<Office> {
    const payments = new PaymentChain(chain);
    await prepareAccounts(payments, ledger);
    const { careSettlement: address, settlementCoin: coin } = chain.deployment;
    const insurer = openAsInsurer({
      ...{ rpcUrl: chain.url, address, coin, currency: 'CHF', fromBlock: 0 },
      key: chain.keys.adjudicator,
    });
    const gateway = openSettlement({
      ...{ rpcUrl: chain.url, settlementAddress: address },
      submit: () => Promise.reject(new Error('Nothing is sent by the portal here.')),
    });
    const indexer = new FaultyIndexer({
      ...{ databaseUrl, settlement: gateway, coin: coin.toLowerCase() },
      anchor: (receipt) =>
        anchorReceipt(receipt, { insurer: ledger.insurer, ledger: ledger.ledger, client: insurer, confirmations }),
    });
    await payments.begin();
    return new Office(ledger, payments, indexer, { insurer, gateway, before: await readBalances(payments, ledger) });
  }

  close(): Promise<void> {
    return this.#indexer.close();
  }

  /** Decides claims, pays them in one block, and has go wrong what is to. */
  async take({ claims: planned, faults, idle }: Step, at: number): Promise<void> {
    const claims = await this.#ledger.decide(planned);
    const client = await this.#insurer();
    const paid: Paid[] = [];
    for (const [index, claim] of claims.entries()) {
      const one = planned[index];
      if (one === undefined) throw new Error(`${claim.id} was not planned.`);
      const isDenied = one.outcome === 'denied';
      const quoted = isDenied ? undefined : await quoteFor(claim, this.#ledger.insurer, client);
      paid.push({ planned: one, claim, quoted });
    }
    this.#paid.push(...paid);
    const late = paid.filter((one) => one.planned.lateBy > 0);
    this.#faults.late += late.length;
    this.#late.push(...late.map((one) => ({ step: at + one.planned.lateBy, paid: one })));
    await this.#project(paid.filter((one) => one.planned.lateBy === 0));
    this.#after.push(
      ...paid.flatMap((one) => (one.planned.after === 'nothing' ? [] : [{ step: at + afterSteps, paid: one }])),
    );
    const due = await this.#takeBack(at);
    await this.#include([...(await this.#callsFor(paid, faults)), ...due]);
    await this.#payments.mine(idle);
    await this.#indexer.round(faults);
    await this.#reorganise(faults);
    if (faults.duplicate !== undefined) this.#faults.duplicates += 1;
    const [heard, waiting] = parted(this.#late, at);
    this.#late = waiting;
    await this.#project(heard.map((one) => one.paid));
  }

  /** Lets everything that is on its way arrive. */
  async finish(steps: number): Promise<void> {
    await this.#project(this.#late.map(({ paid }) => paid));
    this.#late = [];
    await this.#include(await this.#takeBack(steps + afterSteps));
    await this.#payments.mine(confirmations + 1);
    while ((await this.#indexer.round()) > 0);
    // The read model hears of what the ledger has in the end.
    await this.#project(this.#paid);
  }

  async figures(): Promise<ReconcileFigures> {
    const books = await gatherBooks(this.#paid, {
      ...{ ledger: this.#ledger, payments: this.#payments, gateway: this.#gateway, before: this.#before },
      unit: (await this.#insurer()).unit,
    });
    const listed = await listMismatches(this.#indexer.db, {
      ...{ unpaidDays: 0, graceSeconds: 0, limit: this.#paid.length },
      now: new Date(Date.now() + 60_000),
    });
    const onList = new Set(listed.map(({ claim, reference }) => claim ?? reference));
    const imbalances = imbalancesIn(books);
    for (const what of imbalances.slice(0, 20)) process.stderr.write(`${what}\n`);
    for (const { what, claim } of listed.slice(0, 20)) process.stderr.write(`${claim} is on the work list: ${what}\n`);
    return {
      claims: this.#paid.length,
      reconciled: [...reconciledIn(books)].filter((id) => !onList.has(id)).length,
      unbalanced: imbalances.length,
      faults: { ...this.#faults, crashes: this.#indexer.crashes },
      transactions: this.#transactions,
      receipts: books.claims.reduce((sum, { receipts }) => sum + receipts.length, 0),
    };
  }

  async #callsFor(paid: readonly Paid[], { duplicate }: Faults): Promise<Call[]> {
    const payable = paid.filter((one): one is Paid & { quoted: SignedQuote } => one.quoted !== undefined);
    if (payable.length === 0) return [];
    const { unit } = await this.#insurer();
    const parts = payable
      .filter(({ planned }) => planned.inParts)
      .map(({ planned, quoted }) => this.#payments.settle(quoted, BigInt(Math.floor(planned.insurer / 2)) * unit));
    const quotes = payable.map(({ quoted }) => quoted);
    const batch = this.#payments.settleBatch(quotes);
    this.#paying.set(batch.data, payable);
    const coPays: Call[] = [];
    for (const { planned, quoted } of payable) {
      if (planned.coPay === 'wallet') coPays.push(this.#payments.coPay(quoted));
      if (planned.coPay === 'permit') coPays.push(await this.#payments.coPayByPermit(quoted));
    }
    const again = duplicate === 'paid' ? [this.#payments.settleBatch(quotes, true)] : [];
    return [...parts, batch, ...again, ...coPays];
  }

  /** What is given back now, and reversed on the ledger. */
  async #takeBack(at: number): Promise<Call[]> {
    const [due, waiting] = parted(this.#after, at);
    this.#after = waiting;
    const calls: Call[] = [];
    for (const { paid } of due) {
      const { planned, quoted, claim } = paid;
      if (quoted === undefined) continue;
      const [quote] = quoted;
      const { chain, holder } = this.#payments;
      const payer = planned.coPay === 'permit' ? holder.address : chain.patient.address;
      const hasPaid = planned.coPay === 'permit' || planned.coPay === 'wallet';
      if (planned.after === 'reversal') {
        await this.#ledger.reverse(claim.id);
        calls.push(await this.#payments.reverse(quote.claim, quote.insurer));
        calls.push(this.#payments.refund(quote, 0, payer, quote.insurerAmount));
      }
      if (hasPaid) calls.push(this.#payments.refund(quote, 1, payer, quote.patientAmount));
    }
    await this.#project(due.filter(({ paid }) => paid.planned.lateBy === 0).map(({ paid }) => paid));
    return calls;
  }

  async #reorganise({ reorganisation }: Faults): Promise<void> {
    if (reorganisation === undefined) return;
    this.#faults.reorganisations += 1;
    const lost = await this.#payments.reorganise(reorganisation.depth);
    if (reorganisation.seen) await this.#indexer.round();
    await this.#tell(await this.#payments.bringAgain(lost, reorganisation.signedAnew));
    await this.#indexer.round();
  }

  async #include(calls: readonly Call[]): Promise<void> {
    this.#transactions += calls.length;
    if (calls.length > 0) await this.#tell(await this.#payments.include(calls));
  }

  /** The insurer tells the ledger by which transaction it has paid. */
  async #tell(sent: readonly Sent[]): Promise<void> {
    for (const { data, hash, refused } of sent) {
      if (refused) continue;
      for (const { claim } of this.#paying.get(data) ?? []) {
        try {
          await this.#ledger.ledger.settle({ claim: claim.id, transactionHash: hash });
        } catch (error) {
          // Told before, or reversed meanwhile.
          const isOver = error instanceof ConnectorError && ['ALREADY_EXISTS', 'WRONG_STATE'].includes(error.code);
          if (!isOver) throw error;
        }
      }
    }
  }

  /** Brings the read model to what the ledger has now. */
  async #project(paid: readonly Paid[]): Promise<void> {
    const claims: Claim[] = [];
    for (const { claim } of paid) claims.push(await this.#ledger.ledger.claim(claim.id));
    await projectClaims(this.#indexer.db, { claims });
  }
}

/** What is due at a step, and what waits. */
const parted = (all: readonly Waiting[], at: number): [Waiting[], Waiting[]] => [
  all.filter(({ step }) => step <= at),
  all.filter(({ step }) => step > at),
];
