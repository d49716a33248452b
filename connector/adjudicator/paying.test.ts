import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type PaymentReceipt, paymentReceipt } from '#chaincode/model/claim.ts';
import { institutions } from '#chaincode/testing/samples.ts';
import { mintTestCoins, namePayees, openInsurer, prefund } from '#contracts/deploy/institutions.ts';
import { coins, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { ClaimsWorld, type InsuredMember, tablets } from '../testing/claimsWorld.ts';
import { Adjudicator } from './adjudicator.ts';
import { anchorReceipt } from './anchoring.ts';
import type { Bench } from './judging.ts';
import { Payer } from './paying.ts';
import { openSettlement, quoteFor, referenceHex } from './settlement.ts';

const quiet = { info: () => {}, warn: () => {} };
const insurer = institutions.insurer.id;
let chain: SettlementChain;
let settlement: ReturnType<typeof openSettlement>;
let world: ClaimsWorld;
let member: InsuredMember;

beforeAll(async () => {
  chain = await SettlementChain.start();
  const { careSettlement, settlementCoin: coin } = chain.deployment;
  const base = { rpcUrl: chain.url, careSettlement };
  const { keys } = chain;
  await namePayees({
    ...{ ...base, registrarKey: keys.registrar },
    payees: { [institutions.pharmacy.id]: chain.pharmacy.address },
  });
  await openInsurer({
    ...{ ...base, registrarKey: keys.registrar, treasurerKey: keys.treasurer, institution: insurer, coin },
    signer: chain.adjudicator.address,
    rights: [
      { account: chain.adjudicator.address, spends: true, releases: false },
      { account: chain.releaser.address, spends: false, releases: true },
    ],
    ...{ perDay: coins(50_000), releaseAbove: coins(1_000) },
  });
  await mintTestCoins(chain.url, keys.deployer, coin, chain.adjudicator.address, coins(5_000));
  await prefund({ ...base, institution: insurer, coin, fromKey: keys.adjudicator, amount: coins(5_000) });
  settlement = openSettlement({
    rpcUrl: chain.url,
    address: careSettlement,
    coin,
    currency: 'CHF',
    fromBlock: 0,
    key: keys.adjudicator,
  });
}, 60_000);
afterAll(() => chain.stop());

beforeEach(async () => {
  world = await ClaimsWorld.create();
  member = await world.member(11);
});

/** A claim that is decided, and whoever pays it. */
async function decided(
  bill: Parameters<ClaimsWorld['bill']>[1] = {},
): Promise<{ id: string; bench: Bench; payer: Payer }> {
  const id = await world.bill(member, bill);
  const bench = await world.bench();
  await new Adjudicator(bench, quiet).round();
  await bench.known.look(await bench.list());
  return { id, bench, payer: new Payer(bench, settlement, quiet) };
}
const billOf = async (id: string) => {
  const { reader, contract } = chain;
  const reference = referenceHex(await world.claims.claim(id));
  return reader.readContract({ ...contract, functionName: 'billOf', args: [reference, institutionHash(insurer)] });
};

/** What an indexer brings of the newest payment of a claim. */
async function receiptOf(id: string, change: Partial<PaymentReceipt> = {}): Promise<PaymentReceipt> {
  const { reader, contract } = chain;
  const args = { claim: referenceHex(await world.claims.claim(id)) };
  const logs = await reader.getContractEvents({ ...contract, fromBlock: 'earliest', eventName: 'Paid', args });
  const log = logs.at(-1);
  if (log === undefined) throw new Error('nothing was paid');
  const { transactionHash, logIndex, blockNumber, blockHash, address } = log;
  return paymentReceipt.parse({
    ...{ claim: id, kind: 'payment', payer: 'insurer', amount: 1_350, chainId: 31_337 },
    ...{ contract: address.toLowerCase(), transactionHash, logIndex, blockHash, blockNumber: Number(blockNumber) },
    ...change,
  });
}

describe('an approved claim', () => {
  it('is paid from the insurer’s account once, and the ledger knows by which transaction', async () => {
    const { id, payer } = await decided();
    expect(await payer.round()).toBe(1);
    const claim = await world.claims.claim(id);
    const { transactionHash } = await receiptOf(id);
    expect(claim).toMatchObject({ state: 'settled', settlement: { transactionHash } });
    // 13.50 of six decimals.
    expect(await billOf(id)).toMatchObject({ insurerPaid: 13_500_000n, patientAmount: 6_500_000n, patientPaid: 0n });
    expect(await payer.round()).toBe(0);
    expect((await billOf(id)).insurerPaid).toBe(13_500_000n);
  });

  it('whose reference another insurer has used first is paid all the same, by its own', async () => {
    const { id, payer } = await decided();
    const claim = referenceHex(await world.claims.claim(id));
    const other = 'inst-another-insurer';
    const { careSettlement, settlementCoin: coin } = chain.deployment;
    const right = { spends: true, releases: true };
    await openInsurer({
      ...{ rpcUrl: chain.url, careSettlement, coin, institution: other, signer: chain.adjudicator.address },
      ...{ registrarKey: chain.keys.registrar, treasurerKey: chain.keys.treasurer },
      rights: [{ account: chain.adjudicator.address, ...right }],
      ...{ perDay: coins(50_000), releaseAbove: coins(1_000) },
    });
    const account = { rpcUrl: chain.url, careSettlement, coin, institution: other };
    await mintTestCoins(chain.url, chain.keys.deployer, coin, chain.adjudicator.address, coins(100));
    await prefund({ ...account, fromKey: chain.keys.adjudicator, amount: coins(100) });
    const overrides = { insurer: institutionHash(other), version: 99 };
    const theirs = await chain.quote(claim, { insurer: 13.5, patient: 0 }, overrides);
    await chain.mined(await chain.settle(theirs, 13.5));
    await chain.mined(await chain.reverse(claim, other));
    expect((await billOf(id)).insurerPaid).toBe(0n);
    expect(await payer.round()).toBe(1);
    expect(await billOf(id)).toMatchObject({ insurerPaid: 13_500_000n, reversed: false });
    const { transactionHash } = await receiptOf(id);
    expect(await world.claims.claim(id)).toMatchObject({ state: 'settled', settlement: { transactionHash } });
  });

  it('that was paid before a crash is not paid again', async () => {
    const { id, bench } = await decided();
    const crash = { ...bench, ledger: { ...bench.ledger, settle: () => Promise.reject(new Error('crashed')) } };
    await expect(new Payer(crash, settlement, quiet).round()).rejects.toThrow('crashed');
    expect((await world.claims.claim(id)).state).toBe('approved');
    expect((await billOf(id)).insurerPaid).toBe(13_500_000n);
    const again = await world.bench();
    expect(await new Payer(again, settlement, quiet).round()).toBe(1);
    expect((await billOf(id)).insurerPaid).toBe(13_500_000n);
    expect(await world.claims.claim(id)).toMatchObject({ state: 'settled' });
  });

  it('is looked for from the block of the contract’s deployment on, and not before', async () => {
    const { id, bench, payer } = await decided();
    await payer.round();
    const client = await settlement();
    const getContractEvents = vi.fn(client.chain.getContractEvents);
    const { blockNumber } = await receiptOf(id);
    const access = { ...client.access, fromBlock: blockNumber };
    const narrow = async () => ({ ...client, access, chain: { ...client.chain, getContractEvents } }) as typeof client;
    expect(await new Payer(bench, narrow, quiet).round()).toBe(0);
    expect(getContractEvents).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ fromBlock: BigInt(blockNumber), eventName: 'Paid' }),
    );
    expect((await world.claims.claim(id)).state).toBe('settled');
  });

  it('whose payment a reorganisation has taken back is paid again, by another transaction', async () => {
    const { id, bench, payer } = await decided();
    const before = await chain.controls.snapshot();
    await payer.round();
    const { settlement: lost } = await world.claims.claim(id);
    await chain.controls.revert({ id: before });
    await chain.controls.mine({ blocks: 1 });
    expect((await billOf(id)).insurerPaid).toBe(0n);
    const again = new Payer(bench, settlement, quiet);
    await bench.known.look(await bench.list());
    expect(await again.round()).toBe(1);
    const { settlement: made } = await world.claims.claim(id);
    expect((await billOf(id)).insurerPaid).toBe(13_500_000n);
    expect(made?.transactionHash).toBe((await receiptOf(id)).transactionHash);
    expect(lost).toBeDefined();
    expect(await again.round()).toBe(0);
  });

  it('above the insurer’s threshold is proposed, and told once another person has released it', async () => {
    const { id, payer, bench } = await decided({ net: 200_000 });
    expect(await payer.round()).toBe(0);
    expect((await billOf(id)).insurerPaid).toBe(0n);
    const reference = referenceHex(await world.claims.claim(id));
    const [{ version }] = await quoteFor(await world.claims.claim(id), insurer, await settlement());
    const args = [reference, institutionHash(insurer), version] as const;
    const call = { ...chain.contract, functionName: 'release', args } as const;
    await chain.mined(await chain.as(chain.releaser).writeContract(call));
    expect(await new Payer(bench, settlement, quiet).round()).toBe(1);
    expect((await world.claims.claim(id)).state).toBe('settled');
  });

  it('above the threshold that was released and given back is proposed again, once, and released again', async () => {
    const { id, payer, bench } = await decided({ net: 200_000 });
    await payer.round();
    const [{ claim, version }] = await quoteFor(await world.claims.claim(id), insurer, await settlement());
    const of = { claim, insurer: institutionHash(insurer) };
    const release = async () => {
      const args = [of.claim, of.insurer, version] as const;
      const call = { ...chain.contract, functionName: 'release', args } as const;
      await chain.mined(await chain.as(chain.releaser).writeContract(call));
    };
    await release();
    const { insurerPaid } = await billOf(id);
    const back = [of.claim, of.insurer, 0, chain.pharmacy.address, insurerPaid, false] as const;
    const refund = { ...chain.contract, functionName: 'refund', args: back } as const;
    await chain.mined(await chain.as(chain.pharmacy).writeContract(refund));
    const proposals = async () => {
      const asked = { ...chain.contract, fromBlock: 'earliest', eventName: 'Proposed', args: of } as const;
      return (await chain.reader.getContractEvents(asked)).map((log) => log.args.version);
    };
    expect(await new Payer(bench, settlement, quiet).round()).toBe(0);
    expect(await proposals()).toEqual([version, version]);
    await new Payer(bench, settlement, quiet).round();
    expect(await proposals()).toHaveLength(2);
    await release();
    expect(await billOf(id)).toMatchObject({ insurerPaid, version });
    expect(await new Payer(bench, settlement, quiet).round()).toBe(1);
    expect((await world.claims.claim(id)).state).toBe('settled');
  });

  it('is quoted without what a settlement that was replaced has paid, and with what it took back', async () => {
    const { id } = await decided();
    const claim = await world.claims.claim(id);
    const of = {
      contract: `0x${'9'.repeat(40)}`,
      transactionHash: `0x${'8'.repeat(64)}`,
      blockHash: `0x${'7'.repeat(64)}`,
    };
    const told = (receipt: Pick<PaymentReceipt, 'kind' | 'payer' | 'amount'>, logIndex: number) => ({
      ...{ ...of, ...receipt, logIndex, chainId: 31_337, blockNumber: 5, at: new Date().toISOString() },
    });
    const receipts = [
      told({ kind: 'payment', payer: 'insurer', amount: 500 }, 0),
      told({ kind: 'payment', payer: 'assistance', amount: 200 }, 1),
      told({ kind: 'refund', payer: 'assistance', amount: 50 }, 2),
      {
        ...told({ kind: 'payment', payer: 'insurer', amount: 300 }, 3),
        contract: chain.contract.address.toLowerCase(),
      },
    ];
    const [quote] = await quoteFor({ ...claim, receipts }, insurer, await settlement());
    expect(quote).toMatchObject({ insurerAmount: 8_500_000n, patientAmount: 5_000_000n });
  });

  it('that the contract refuses holds up no other', async () => {
    const poor = await ClaimsWorld.create();
    const other = await poor.member(12);
    const first = await poor.bill(other);
    const product = tablets(11);
    const second = await poor.bill(other, { product, prescribed: product });
    const bench = await poor.bench();
    await new Adjudicator(bench, quiet).round();
    await bench.known.look(await bench.list());
    // Nobody names the other pharmacy's payout address.
    const ledger = {
      ...bench.ledger,
      claim: async (id: string) => {
        const claim = await bench.ledger.claim(id);
        return id === first ? { ...claim, provider: institutions.otherPharmacy.id } : claim;
      },
    };
    expect(await new Payer({ ...bench, ledger }, settlement, quiet).round()).toBe(1);
    expect((await poor.claims.claim(first)).state).toBe('approved');
    expect((await poor.claims.claim(second)).state).toBe('settled');
  });

  it('that cannot be quoted holds up no other, and is told of', async () => {
    const product = tablets(11);
    const first = await world.bill(member);
    const second = await world.bill(member, { product, prescribed: product });
    const bench = await world.bench();
    await new Adjudicator(bench, quiet).round();
    await bench.known.look(await bench.list());
    const ledger = {
      ...bench.ledger,
      claim: async (id: string) => {
        const claim = await bench.ledger.claim(id);
        // More than the contract has bits for.
        const decisions = claim.decisions.map((each) => ({ ...each, patient: 1e30 }));
        return id === first ? { ...claim, decisions } : claim;
      },
    };
    const warn = vi.fn();
    const payer = new Payer({ ...bench, ledger }, settlement, { ...quiet, warn });
    expect(await payer.round()).toBe(1);
    expect((await world.claims.claim(first)).state).toBe('approved');
    expect((await world.claims.claim(second)).state).toBe('settled');
    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ claim: first }), expect.any(String));
    // It is left alone for a while.
    expect(await payer.round()).toBe(0);
    expect(warn).toHaveBeenCalledOnce();
    expect(await new Payer(bench, settlement, quiet).round()).toBe(1);
  });
});

describe('a claim that is reversed', () => {
  it('is paid by no quote of before, and ended once', async () => {
    const { id, bench, payer } = await decided();
    const quoted = await quoteFor(await world.claims.claim(id), insurer, await settlement());
    await world.claims.submit(world.claims.world.people.pharmacist, 'reverse', [id, 'billed in error']);
    bench.known.again(id);
    await bench.known.look(await bench.list());
    expect(await payer.round()).toBe(0);
    await payer.endReversed();
    expect(await billOf(id)).toMatchObject({ reversed: true, insurerPaid: 0n });
    const height = await chain.reader.getBlockNumber({ cacheTime: 0 });
    await payer.endReversed();
    await new Payer(bench, settlement, quiet).endReversed();
    expect(await chain.reader.getBlockNumber({ cacheTime: 0 })).toBe(height);
    const args = [...quoted, quoted[0].patientAmount] as const;
    const call = { ...chain.contract, functionName: 'payCoPay', args, account: chain.patient } as const;
    await expect(chain.reader.simulateContract(call)).rejects.toThrow('ClaimReversed');
  });
});

describe('a claim that is reversed and cannot be ended', () => {
  it('holds up no other', async () => {
    const product = tablets(11);
    const first = await world.bill(member);
    const second = await world.bill(member, { product, prescribed: product });
    const bench = await world.bench();
    await new Adjudicator(bench, quiet).round();
    for (const id of [first, second]) {
      await world.claims.submit(world.claims.world.people.pharmacist, 'reverse', [id, 'billed in error']);
      bench.known.again(id);
    }
    await bench.known.look(await bench.list());
    const ledger = {
      ...bench.ledger,
      claim: (id: string) => (id === first ? Promise.reject(new Error('broken')) : bench.ledger.claim(id)),
    };
    const warn = vi.fn();
    await new Payer({ ...bench, ledger }, settlement, { ...quiet, warn }).endReversed();
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ claim: first }), expect.any(String));
    expect((await billOf(first)).reversed).toBe(false);
    expect((await billOf(second)).reversed).toBe(true);
  });
});

describe('a quote', () => {
  it('is the same for the same decision, and leaves out what was taken in cash', async () => {
    const { id } = await decided();
    const client = await settlement();
    const quoted = await quoteFor(await world.claims.claim(id), insurer, client);
    expect(await quoteFor(await world.claims.claim(id), insurer, client)).toEqual(quoted);
    expect(quoted[0]).toMatchObject({ insurerAmount: 13_500_000n, patientAmount: 6_500_000n, version: 2 });
    expect(quoted[0].payee).toBe(institutionHash(institutions.pharmacy.id));
    await world.claims.submit(world.claims.world.people.pharmacist, 'cash', [id, '400']);
    const [less] = await quoteFor(await world.claims.claim(id), insurer, client);
    expect(less).toMatchObject({ patientAmount: 2_500_000n, version: 3 });
  });

  it('asks nothing of the patient where an appeal leaves less than was taken in cash', async () => {
    const { id } = await decided();
    await world.claims.submit(world.claims.world.people.pharmacist, 'cash', [id, '650']);
    const claim = await world.claims.claim(id);
    const appealed = claim.decisions.map((each) => ({ ...each, insurer: 1_900, patient: 100 }));
    const [quote] = await quoteFor(
      { ...claim, decisions: [...claim.decisions, ...appealed] },
      insurer,
      await settlement(),
    );
    expect(quote).toMatchObject({ insurerAmount: 19_000_000n, patientAmount: 0n, version: 5 });
  });

  it('is of no other insurer’s claim, and of none in what the coin does not stand for', async () => {
    const { id, payer, bench } = await decided();
    const claim = await world.claims.claim(id);
    const of = async (change: Partial<typeof claim>) => quoteFor({ ...claim, ...change }, insurer, await settlement());
    await expect(of({ insurer: 'inst-harbour-insurer' })).rejects.toMatchObject({ code: 'NOT_AUTHORISED' });
    await expect(of({ currency: 'JPY' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await payer.round();
    const ledger = { ...bench.ledger, claim: async () => ({ ...claim, currency: 'JPY' }) };
    const anchored = anchorReceipt(await receiptOf(id), { insurer, ledger, client: settlement, confirmations: 0 });
    await expect(anchored).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('is of nothing that is not to be paid', async () => {
    const { id } = await decided({ quantity: 21 });
    const quoted = quoteFor(await world.claims.claim(id), insurer, await settlement());
    await expect(quoted).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });
});

describe('a payment', () => {
  const anchor = (receipt: PaymentReceipt, bench: Bench, confirmations = 0) =>
    anchorReceipt(receipt, { insurer, ledger: bench.ledger, client: settlement, confirmations });

  it('is anchored once it is final, once, whoever says so how often', async () => {
    const { id, payer, bench } = await decided();
    await payer.round();
    const receipt = await receiptOf(id);
    const head = await chain.reader.getBlockNumber({ cacheTime: 0 });
    const needed = Number(head) - receipt.blockNumber + 2;
    await expect(anchor(receipt, bench, needed)).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await chain.controls.mine({ blocks: 2 });
    expect(await anchor(receipt, bench, needed)).toEqual({ anchored: true });
    expect(await anchor(receipt, bench, needed)).toEqual({ anchored: true });
    expect(await world.claims.claim(id)).toMatchObject({ state: 'anchored', receipts: [{ amount: 1_350 }] });
  });

  it.each<[string, Partial<PaymentReceipt>, string]>([
    ['another amount', { amount: 1_349 }, 'INVALID_ARGUMENT'],
    ['another payer', { payer: 'patient' }, 'INVALID_ARGUMENT'],
    ['a refund', { kind: 'refund' }, 'INVALID_ARGUMENT'],
    ['another entry', { logIndex: 99 }, 'INVALID_ARGUMENT'],
    ['another block', { blockHash: `0x${'12'.repeat(32)}` }, 'INVALID_ARGUMENT'],
    ['another chain', { chainId: 1 }, 'INVALID_ARGUMENT'],
    ['another contract', { contract: `0x${'12'.repeat(20)}` }, 'INVALID_ARGUMENT'],
    ['a transaction that there is not', { transactionHash: `0x${'12'.repeat(32)}` }, 'NOT_FOUND'],
  ])('of which %s is said is not anchored', async (_, change, code) => {
    const { id, payer, bench } = await decided();
    await payer.round();
    await expect(anchor(await receiptOf(id, change), bench)).rejects.toMatchObject({ code });
    expect((await world.claims.claim(id)).receipts).toEqual([]);
  });

  it('that somebody has anchored on another claim is not said to be on this one', async () => {
    const product = tablets(11);
    const other = await world.bill(member, { product, prescribed: product });
    const { id, payer, bench } = await decided();
    await payer.round();
    const receipt = await receiptOf(id);
    await world.claims.submit(world.claims.cast.adjudicator, 'anchor', [{ ...receipt, claim: other }]);
    await expect(anchor(receipt, bench)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect((await world.claims.claim(id)).receipts).toEqual([]);
  });

  it('of another claim is not anchored', async () => {
    const { id, payer, bench } = await decided();
    await payer.round();
    const receipt = await receiptOf(id);
    const other = await world.visit(member, 1_350);
    await expect(anchor({ ...receipt, claim: other }, bench)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
