import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { type Hex, zeroAddress } from 'viem';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PaymentReceipt } from '#chaincode/model/claim.ts';
import { openInsurer } from '#contracts/deploy/institutions.ts';
import { coins, insurerId, pharmacyId, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { claims } from '../gateways/db/schema/claims.ts';
import { settlementBlocks, settlementEvents } from '../gateways/db/schema/settlement.ts';
import { openSettlement } from '../gateways/ethereum/settlement.ts';
import { name26, World } from '../testing/world.ts';
import { listMismatches } from './reconcile.ts';
import { settlementRound } from './run.ts';

/** Payments on a real chain that is reorganised, followed into a real database, and anchored on a ledger that takes each log entry once. */
let chain: SettlementChain;
let world: World;
let portal: Portal;
let ledger: Ledger;
/** The chain before each test. */
let begun: Hex;

class Ledger {
  readonly receipts: PaymentReceipt[] = [];
  /** Thrown before, or after, it is written. */
  before: AppError | undefined;
  after: AppError | undefined;

  readonly anchor = async (receipt: PaymentReceipt): Promise<void> => {
    if (this.before) throw this.before;
    const same = (own: PaymentReceipt) =>
      own.transactionHash === receipt.transactionHash && own.logIndex === receipt.logIndex;
    if (this.receipts.some(same)) throw new AppError('ALREADY_EXISTS', 'this log entry');
    this.receipts.push(receipt);
    if (this.after) throw this.after;
  };
}

beforeAll(async () => {
  [chain, world] = await Promise.all([SettlementChain.start(), World.start()]);
  const settlement = openSettlement({
    rpcUrl: chain.url,
    settlementAddress: chain.deployment.careSettlement,
    submit: (call) => world.ethereum.submit(call),
  });
  const { careSettlement: contract, settlementCoin } = chain.deployment;
  const coin = settlementCoin.toLowerCase();
  const payments = { coin, currency: 'EUR', contract, fromBlock: 0, confirmations: 2 };
  portal = { ...world.portal, settlement, settings: { ...world.portal.settings, payments } };
  begun = await chain.controls.snapshot();
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await chain?.stop();
});
beforeEach(async () => {
  ledger = new Ledger();
  await chain.controls.revert({ id: begun });
  begun = await chain.controls.snapshot();
  // The node forgets the state of a block that an earlier test has gone back to: each test goes back to one of its own.
  await chain.controls.mine({ blocks: 1 });
  await portal.db.delete(settlementEvents);
  await portal.db.delete(settlementBlocks);
  await portal.db.delete(claims);
});

const round = () => settlementRound(portal, ledger.anchor, 0);
const mine = (blocks: number) => chain.controls.mine({ blocks });
/** The chain's own control: other blocks, without these transactions, in the place of the last. */
const reorganise = (depth: number) =>
  chain.reader.request({ method: 'anvil_reorg' as never, params: [depth, []] as never });
const list = (change: object = {}) =>
  listMismatches(portal.db, {
    unpaidDays: 30,
    graceSeconds: 0,
    limit: 100,
    now: new Date(Date.now() + 1_000),
    ...change,
  });
const whats = async (change: object = {}) => (await list(change)).map(({ what }) => what);
const rows = () => portal.db.select().from(settlementEvents).orderBy(settlementEvents.blockNumber);

/** A claim of 80.00 and 20.00 that is decided, as the tables have it. */
async function claimOf(change: Partial<typeof claims.$inferInsert> = {}) {
  const reference = randomBytes(32).toString('hex');
  const row = {
    ...{ id: `clm-${name26()}`, use: 'claim', category: 'medicine', policy: `pol-${name26()}`, reference },
    ...{ insurer: insurerId, provider: pharmacyId, state: 'approved', billed: 10_000, version: 1, ledgerState: {} },
    ...{ insurerShare: 8_000, patientShare: 2_000, servedAt: new Date(), at: new Date(), decidedAt: new Date() },
    ...change,
  };
  await portal.db.insert(claims).values(row);
  const claim: Hex = `0x${row.reference}`;
  return {
    id: row.id,
    reference: row.reference,
    claim,
    quoted: await chain.quote(claim, { insurer: 80, patient: 20 }),
  };
}

/** Another insurer on the chain, for whom the same key signs. */
async function insured(): Promise<string> {
  const other = 'inst-another-insurer';
  const { careSettlement, settlementCoin: coin } = chain.deployment;
  await openInsurer({
    ...{ rpcUrl: chain.url, careSettlement, coin, institution: other, signer: chain.adjudicator.address },
    ...{ registrarKey: chain.keys.registrar, treasurerKey: chain.keys.treasurer, rights: [] },
    ...{ perDay: 0n, releaseAbove: 0n },
  });
  return other;
}

describe('a payment', () => {
  it('is anchored once when it is final, and not before', async () => {
    const { id, quoted } = await claimOf();
    await round();
    await chain.mined(await chain.settle(quoted, 80));
    await mine(1);
    await round();
    expect((await rows()).map(({ state }) => state)).toEqual(['seen']);
    expect(ledger.receipts).toEqual([]);
    await mine(1);
    await round();
    await mine(3);
    await round();
    const [row] = await rows();
    expect(ledger.receipts).toEqual([
      {
        ...{ claim: id, kind: 'payment', payer: 'insurer', amount: 8_000, chainId: 31_337 },
        contract: chain.deployment.careSettlement.toLowerCase(),
        ...{ transactionHash: row?.transactionHash, logIndex: row?.logIndex },
        ...{ blockNumber: row?.blockNumber, blockHash: row?.blockHash },
      },
    ]);
    expect(await list()).toEqual([]);
  });

  it('is found by whoever begins late, far behind the head', async () => {
    const { quoted } = await claimOf();
    await chain.mined(await chain.settle(quoted, 80));
    await mine(450);
    await round();
    expect(ledger.receipts).toHaveLength(1);
    expect((await portal.db.select().from(settlementBlocks)).length).toBeLessThan(80);
  });

  it('before the block from which payments are read is none', async () => {
    const { quoted } = await claimOf();
    await chain.mined(await chain.settle(quoted, 30));
    const head = await portal.settlement.readBlock('latest');
    const payments = { ...portal.settings.payments, fromBlock: (head?.number ?? 0) + 1 };
    await chain.mined(await chain.settle(quoted, 50));
    await mine(2);
    await settlementRound({ ...portal, settings: { ...portal.settings, payments } }, ledger.anchor, 0);
    expect(ledger.receipts.map(({ amount }) => amount)).toEqual([5_000]);
  });

  it('that the chain takes back is taken back, and listed until it comes again', async () => {
    const { quoted } = await claimOf();
    await round();
    await chain.mined(await chain.settle(quoted, 80));
    const before = await chain.reader.getBlockNumber({ cacheTime: 0 });
    await round();
    await reorganise(1);
    await mine(4);
    await round();
    expect(ledger.receipts).toEqual([]);
    expect((await rows()).map(({ state }) => state)).toEqual(['vanished']);
    expect(await whats()).toEqual(['VANISHED']);
    await chain.mined(await chain.settle(quoted, 80));
    await mine(2);
    await round();
    expect(ledger.receipts).toHaveLength(1);
    expect(ledger.receipts[0]?.blockNumber).toBeGreaterThan(Number(before));
    expect(await list()).toEqual([]);
    expect(await chain.reader.getBlockNumber({ cacheTime: 0 })).toBeGreaterThan(before);
  });

  it('in another block after a reorganisation is the same, and is anchored where it is', async () => {
    const { quoted } = await claimOf();
    await round();
    const snapshot = await chain.controls.snapshot();
    const hash = await chain.settle(quoted, 80);
    await chain.mined(hash);
    const { input: _, ...sent } = await chain.reader.getTransaction({ hash });
    await round();
    const [first] = await rows();
    // The same signed transaction, after a block that was not there before.
    const raw = await chain.as(chain.adjudicator).signTransaction({
      ...{ to: sent.to, nonce: sent.nonce, gas: sent.gas, data: _, type: 'eip1559', value: 0n },
      ...{ maxFeePerGas: sent.maxFeePerGas, maxPriorityFeePerGas: sent.maxPriorityFeePerGas },
    });
    await chain.controls.revert({ id: snapshot });
    await mine(3);
    expect(await chain.reader.sendRawTransaction({ serializedTransaction: raw })).toBe(hash);
    await mine(2);
    await round();
    const [second] = await rows();
    expect(second).toMatchObject({ transactionHash: first?.transactionHash, state: 'final' });
    expect(second?.blockNumber).toBe((first?.blockNumber ?? 0) + 3);
    expect(ledger.receipts.map(({ blockHash }) => blockHash)).toEqual([second?.blockHash]);
    expect(await list()).toEqual([]);
  });

  it('that was taken back and comes again by another transaction is listed no more', async () => {
    const { quoted } = await claimOf();
    await round();
    const lost = await chain.settle(quoted, 80);
    await chain.mined(lost);
    await round();
    await reorganise(1);
    await mine(1);
    await round();
    expect(await whats()).toEqual(['VANISHED']);
    const args = [[quoted[0]], [quoted[1]]] as const;
    const call = { ...chain.contract, functionName: 'settleBatch', args } as const;
    const again = await chain.as(chain.adjudicator).writeContract(call);
    await chain.mined(again);
    await mine(2);
    await round();
    expect(again).not.toBe(lost);
    expect(ledger.receipts.map(({ transactionHash }) => transactionHash)).toEqual([again]);
    expect(await list()).toEqual([]);
  });

  it('of another amount than the one that was taken back is not that one come again', async () => {
    const { quoted } = await claimOf();
    await round();
    await chain.mined(await chain.settle(quoted, 50));
    await round();
    await reorganise(1);
    await mine(1);
    await round();
    await chain.mined(await chain.settle(quoted, 30));
    await mine(2);
    await round();
    expect(await whats()).toEqual(['VANISHED']);
  });

  it('that was anchored and is taken back all the same is for a person', async () => {
    const { quoted } = await claimOf();
    await round();
    await chain.mined(await chain.settle(quoted, 80));
    await mine(2);
    await round();
    expect(ledger.receipts).toHaveLength(1);
    await reorganise(3);
    await mine(1);
    await round();
    expect(await whats()).toEqual(['VANISHED_ANCHORED']);
  });

  it('is anchored once, whether the process ends before, between or after ledger and table', async () => {
    const { quoted } = await claimOf();
    await chain.mined(await chain.settle(quoted, 80));
    await mine(2);
    ledger.before = new AppError('CONNECTOR_UNAVAILABLE', 'away');
    await round();
    ledger.before = undefined;
    ledger.after = new AppError('LEDGER_UNDECIDED', 'nobody said');
    await round();
    expect((await rows())[0]).toMatchObject({ anchoredAt: null, held: null });
    ledger.after = undefined;
    await round();
    await round();
    expect(ledger.receipts).toHaveLength(1);
    expect((await rows())[0]?.anchoredAt).toBeInstanceOf(Date);
  });

  it('on which the ledger does not answer keeps no other back', async () => {
    const [stuck, fine] = [await claimOf(), await claimOf()];
    await chain.mined(await chain.settle(stuck.quoted, 80));
    await chain.mined(await chain.settle(fine.quoted, 80));
    await mine(2);
    const anchor = async (receipt: PaymentReceipt) => {
      if (receipt.claim === stuck.id) throw new AppError('ETHEREUM_UNAVAILABLE', 'no such block');
      await ledger.anchor(receipt);
    };
    for (let times = 0; times < 2; times += 1) await settlementRound(portal, anchor, 60_000);
    expect(ledger.receipts.map(({ claim }) => claim)).toEqual([fine.id]);
    // It is not held, and goes as soon as the ledger answers.
    await settlementRound(portal, ledger.anchor, 60_000);
    expect(ledger.receipts.map(({ claim }) => claim)).toEqual([fine.id, stuck.id]);
  });

  it('whose insurer’s adjudicator is away, or unknown, keeps none of another insurer’s back', async () => {
    const other = await insured();
    const [away, waits, fine] = [await claimOf({ insurer: other }), await claimOf({ insurer: other }), await claimOf()];
    for (const { claim } of [away, waits]) {
      const theirs = await chain.quote(claim, { insurer: 80, patient: 20 }, { insurer: institutionHash(other) });
      await chain.mined(await chain.coPay(theirs, 20));
    }
    await chain.mined(await chain.settle(fine.quoted, 80));
    await mine(2);
    const asked: string[] = [];
    const unlessOther =
      (code: 'CONNECTOR_UNAVAILABLE' | 'NOT_SERVED') => async (receipt: PaymentReceipt, insurer: string) => {
        asked.push(receipt.claim);
        if (insurer === other) throw new AppError(code, 'does not answer');
        await ledger.anchor(receipt);
      };
    await settlementRound(portal, unlessOther('CONNECTOR_UNAVAILABLE'), 60_000);
    expect(ledger.receipts.map(({ claim }) => claim)).toEqual([fine.id]);
    // It is asked once in a round.
    expect(asked).toEqual([away.id, fine.id]);
    await settlementRound(portal, unlessOther('NOT_SERVED'), 60_000);
    expect((await rows()).map(({ held }) => held)).toEqual(['NOT_SERVED', 'NOT_SERVED', null]);
    await settlementRound(portal, ledger.anchor, 0);
    expect(ledger.receipts.map(({ claim }) => claim)).toEqual(expect.arrayContaining([fine.id, away.id, waits.id]));
  });

  it('is put down once, wherever reading stops and however often it is told', async () => {
    const { quoted } = await claimOf();
    await round();
    await chain.mined(await chain.settle(quoted, 50));
    await chain.mined(await chain.coPay(quoted, 20));
    let calls = 0;
    const eventsIn = async (hash: string) => {
      calls += 1;
      if (calls === 2) throw new AppError('ETHEREUM_UNAVAILABLE', 'away');
      const told = await portal.settlement.eventsIn(hash);
      return [...told, ...told];
    };
    const failing = { ...portal, settlement: { ...portal.settlement, eventsIn } };
    await expect(settlementRound(failing, ledger.anchor, 0)).rejects.toMatchObject({ code: 'ETHEREUM_UNAVAILABLE' });
    expect(await rows()).toHaveLength(1);
    await settlementRound(failing, ledger.anchor, 0);
    expect(await rows()).toHaveLength(2);
    await mine(2);
    await settlementRound(failing, ledger.anchor, 0);
    expect(ledger.receipts.map(({ payer, amount }) => [payer, amount])).toEqual([
      ['insurer', 5_000],
      ['patient', 2_000],
    ]);
  });

  it('waits for a claim that comes late', async () => {
    const reference = randomBytes(32).toString('hex');
    const quoted = await chain.quote(`0x${reference}`, { insurer: 80, patient: 20 });
    await chain.mined(await chain.settle(quoted, 80));
    await mine(2);
    await round();
    expect((await rows())[0]).toMatchObject({ held: 'NO_CLAIM', anchoredAt: null });
    expect(await whats()).toEqual(['NO_CLAIM']);
    expect(await whats({ insurer: { id: insurerId, hash: institutionHash(insurerId) } })).toEqual(['NO_CLAIM']);
    expect(await whats({ insurer: { id: 'inst-another', hash: institutionHash('inst-another') } })).toEqual([]);
    await claimOf({ reference });
    await round();
    expect(ledger.receipts).toHaveLength(1);
    expect(await list()).toEqual([]);
  });

  it('read from a node that lags takes nothing back', async () => {
    const { quoted } = await claimOf();
    await chain.mined(await chain.settle(quoted, 80));
    await mine(4);
    await round();
    const head = await portal.settlement.readBlock('latest');
    const readBlock = async (number: number | 'latest') =>
      portal.settlement.readBlock(number === 'latest' ? (head?.number ?? 0) - 1 : number);
    const lagging = { ...portal, settlement: { ...portal.settlement, readBlock } };
    await settlementRound(lagging, ledger.anchor, 0);
    expect((await rows())[0]?.state).toBe('final');
    expect(ledger.receipts).toHaveLength(1);
  });
});

describe('the work list', () => {
  it('has what is paid too much, by how', async () => {
    const once = await claimOf({ insurerShare: 7_000, patientShare: 3_000 });
    const twice = await claimOf({ insurerShare: 7_000, patientShare: 3_000 });
    const cash = await claimOf({ ledgerState: { cash: { amount: 2_000 } } });
    await chain.mined(await chain.settle(once.quoted, 80));
    await chain.mined(await chain.settle(twice.quoted, 40));
    await chain.mined(await chain.settle(twice.quoted, 40));
    await chain.mined(await chain.coPay(cash.quoted, 20));
    await mine(2);
    await round();
    const found = (await list()).map(({ what, claim, payer, share, paid }) => [what, claim, payer, share, paid]);
    expect(found).toHaveLength(3);
    expect(found).toEqual(
      expect.arrayContaining([
        ['WRONG_AMOUNT', once.id, 'insurer', 7_000, 8_000],
        ['PAID_TWICE', twice.id, 'insurer', 7_000, 8_000],
        ['PAID_TWICE', cash.id, 'patient', 0, 2_000],
      ]),
    );
    expect(await whats({ provider: pharmacyId })).toHaveLength(3);
    expect(await whats({ provider: 'inst-another' })).toEqual([]);
    await chain.mined(await chain.refund(cash.claim, 1, 20));
    await mine(2);
    await round();
    expect(new Set((await list()).map(({ claim }) => claim))).toEqual(new Set([once.id, twice.id]));
  });

  it('has what is approved and unpaid for too long, and what a reversal has left paid', async () => {
    const ago = new Date(Date.now() - 40 * 86_400_000);
    const unpaid = await claimOf({ decidedAt: ago });
    const partly = await claimOf({ decidedAt: ago });
    await claimOf();
    await claimOf({ decidedAt: ago, use: 'preauthorisation' });
    const reversed = await claimOf();
    const onChain = await claimOf();
    await chain.mined(await chain.settle(partly.quoted, 30));
    await chain.mined(await chain.settle(reversed.quoted, 80));
    await chain.mined(await chain.settle(onChain.quoted, 80));
    await chain.mined(await chain.reverse(onChain.claim));
    await portal.db.execute(sql`update claims set state = 'reversed' where id = ${reversed.id}`);
    await mine(2);
    await round();
    const found = (await list()).map(({ what, claim, share, paid }) => [what, claim, share, paid]);
    expect(found).toHaveLength(4);
    expect(found).toEqual(
      expect.arrayContaining([
        ['UNPAID', unpaid.id, 8_000, 0],
        ['UNPAID', partly.id, 8_000, 3_000],
        ['REFUND_OWED', reversed.id, 0, 8_000],
        ['REFUND_OWED', onChain.id, 0, 8_000],
      ]),
    );
  });

  it('counts to a claim what its own insurer has quoted, whoever else uses its reference', async () => {
    const other = await insured();
    const squatted = await claimOf({ decidedAt: new Date(Date.now() - 40 * 86_400_000) });
    const theirs = await chain.quote(squatted.claim, { insurer: 80, patient: 20 }, { insurer: institutionHash(other) });
    await chain.mined(await chain.coPay(theirs, 20));
    await chain.mined(await chain.reverse(squatted.claim, other));
    await mine(2);
    await round();
    const found = async () => (await list()).map(({ what, payer, paid }) => [what, payer, paid]);
    const wrong = ['WRONG_INSURER', 'patient', 2_000];
    expect(await found()).toEqual(expect.arrayContaining([['UNPAID', 'insurer', 0], wrong]));
    expect(await found()).toHaveLength(2);
    await chain.mined(await chain.settle(squatted.quoted, 80));
    await chain.mined(await chain.coPay(squatted.quoted, 20));
    await mine(2);
    await round();
    expect(ledger.receipts.map(({ payer, amount }) => [payer, amount])).toEqual([
      ['insurer', 8_000],
      ['patient', 2_000],
    ]);
    expect(await found()).toEqual([wrong]);
  });

  it('has what cannot be anchored, with why', async () => {
    const foreign = await claimOf({ insurer: 'inst-another' });
    const elsewhere = await claimOf({ provider: 'inst-elsewhere' });
    const inEther = await claimOf();
    const refused = await claimOf();
    const cent = 10n ** 16n;
    const quote = await chain.quote(
      inEther.claim,
      { insurer: 80, patient: 0 },
      { coin: zeroAddress, patientAmount: cent },
    );
    await chain.mined(await chain.settle(foreign.quoted, 80));
    await chain.mined(await chain.settle(elsewhere.quoted, 80));
    // A part of a minor unit, which no receipt could name, the contract refuses itself.
    await expect(chain.settle(refused.quoted, 0.009_999)).rejects.toThrow('NotWhole');
    const call = { ...chain.contract, functionName: 'payCoPay', args: [...quote, cent], value: cent } as const;
    await chain.mined(await chain.as(chain.patient).writeContract(call));
    await mine(2);
    await round();
    ledger.before = new AppError('AMOUNT_EXCEEDED', 'more than the share');
    await chain.mined(await chain.settle(refused.quoted, 80));
    await mine(2);
    await round();
    const found = (await list()).map(({ what, claim, code }) => [what, claim, code]);
    expect(found).toEqual(
      expect.arrayContaining([
        ['WRONG_INSURER', foreign.id, 'WRONG_INSURER'],
        ['WRONG_PAYEE', elsewhere.id, 'WRONG_PAYEE'],
        ['WRONG_COIN', inEther.id, 'WRONG_COIN'],
        ['NOT_ANCHORED', refused.id, 'AMOUNT_EXCEEDED'],
      ]),
    );
    expect(found).toHaveLength(4);
    expect(ledger.receipts).toEqual([]);
  });
});

describe('the books', () => {
  it('balance after any history: what is kept is what the chain tells, and what is anchored is what is final', async () => {
    const own = await Promise.all(Array.from({ length: 12 }, () => claimOf()));
    let seed = 7;
    const dice = (sides: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * sides);
    };
    let reorganised = 0;
    for (let step = 0; step < 60; step += 1) {
      const one = own[dice(own.length)];
      if (!one) continue;
      const what = dice(8);
      // What the contract refuses is refused before it is sent; nothing is swallowed besides.
      const refused = (error: unknown) => {
        if (error instanceof Error && /revert/i.test(error.message)) return undefined;
        throw error;
      };
      if (what < 3) await chain.settle(one.quoted, 10 * (1 + dice(8))).catch(refused);
      else if (what < 5) await chain.coPay(one.quoted, 5 * (1 + dice(4))).catch(refused);
      else if (what === 5) await chain.refund(one.claim, dice(2) === 0 ? 0 : 1, 5).catch(refused);
      else if (what === 6 && step % 3 === 0) {
        await reorganise(1);
        reorganised += 1;
      } else await mine(1);
      if (dice(3) === 0) await round();
      if (dice(5) === 0) ledger.after = ledger.after ? undefined : new AppError('LEDGER_UNDECIDED', 'nobody said');
    }
    ledger.after = undefined;
    await mine(3);
    await round();
    await round();
    expect(reorganised).toBeGreaterThan(0);
    const head = await portal.settlement.readBlock('latest');
    const told = await portal.settlement.eventsBetween(0, head?.number ?? 0);
    const names = new Set(own.map(({ reference }) => reference));
    const onChain = told.filter(({ reference }) => names.has(reference));
    const kept = (await rows()).filter(({ state, reference }) => state === 'final' && names.has(reference));
    const place = ({ transactionHash, logIndex }: { transactionHash: string; logIndex: number }) =>
      `${transactionHash} ${logIndex}`;
    expect(kept.map(place).sort()).toEqual(onChain.map(place).sort());
    expect(ledger.receipts.map(place).sort()).toEqual(onChain.map(place).sort());
    expect(onChain.length).toBeGreaterThan(10);
    for (const { reference, id } of own) {
      const net = (side: 'insurer' | 'patient') =>
        ledger.receipts
          .filter(({ claim, payer }) => claim === id && payer === side)
          .reduce((sum, { kind, amount }) => sum + (kind === 'payment' ? amount : -amount), 0);
      const bill = await portal.settlement.readBill(institutionHash(insurerId), reference);
      expect(coins(net('insurer') / 100)).toBe(bill?.insurerPaid ?? 0n);
      expect(coins(net('patient') / 100)).toBe(bill?.patientPaid ?? 0n);
    }
  });
});
