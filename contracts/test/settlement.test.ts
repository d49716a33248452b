import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getAddress, hashTypedData, zeroAddress } from 'viem';
import { refuses } from '../testing/fixture.ts';
import { claimOf, coins, deploySettlement, insurer, otherInsurer, Payer, pharmacy } from '../testing/settlement.ts';
import { quoteTypes } from '../typedData.ts';

describe('settling from an insurer’s account', () => {
  it('pays what is quoted, tells of it once, and says nothing of the claim', async (test) => {
    const { as, spender, payout, coin, settlement, quoted, told, coinAs } = await deploySettlement();
    const [quote, signature] = await quoted();
    const { events, gasUsed } = await told(await as(spender).write.settle([quote, signature, coins(80)]));
    test.diagnostic(`gasSettle: ${gasUsed}`);
    assert.deepEqual(events, [
      {
        eventName: 'Paid',
        args: {
          ...{ claim: quote.claim, kind: Payer.insurer, payer: getAddress(settlement.address), payee: pharmacy },
          ...{ coin: getAddress(coin.address), amount: coins(80), insurer },
        },
      },
    ]);
    assert.equal((await settlement.read.purseOf([insurer, coin.address])).balance, coins(9920));
    await as(payout).write.withdraw([pharmacy, coin.address, coins(80)]);
    assert.equal(await coinAs(payout).read.balanceOf([payout.account.address]), coins(1080));
    assert.equal(await settlement.read.withdrawableOf([pharmacy, coin.address]), 0n);
    assert.ok(gasUsed < 220_000n);
  });

  it('says what a signer signs', async () => {
    const { quoteOf, domain, settlement } = await deploySettlement();
    const message = await quoteOf();
    const digest = hashTypedData({ domain, types: quoteTypes, primaryType: 'Quote', message });
    assert.equal(await settlement.read.quoteDigest([message]), digest);
  });

  it('pays in parts up to the share, and no more', async () => {
    const { as, spender, quoted } = await deploySettlement();
    const [quote, signature] = await quoted();
    await as(spender).write.settle([quote, signature, coins(50)]);
    await refuses(as(spender).write.settle([quote, signature, coins(31)]), 'NotOwed', [
      quote.claim,
      coins(30),
      coins(31),
    ]);
    await as(spender).write.settle([quote, signature, coins(30)]);
    await refuses(as(spender).write.settle([quote, signature, 1n]), 'NotOwed', [quote.claim, 0n, 1n]);
    await refuses(as(spender).write.settle([quote, signature, 0n]), 'NotOwed', [quote.claim, 0n, 0n]);
  });

  it('pays whole minor units of the currency, and gives such back: others could not be named on the ledger', async () => {
    const { as, spender, payout, coin, quoted } = await deploySettlement();
    const [quote, signature] = await quoted();
    const unit = coins(0.01);
    const notWhole = (amount: bigint) => [getAddress(coin.address), unit, amount];
    for (const amount of [1n, unit - 1n, unit + 1n]) {
      await refuses(as(spender).write.settle([quote, signature, amount]), 'NotWhole', notWhole(amount));
      await refuses(as(spender).write.payShare([quote, signature, amount]), 'NotWhole', notWhole(amount));
    }
    await as(spender).write.settle([quote, signature, 2n * unit]);
    const refund = (amount: bigint) =>
      as(payout).write.refund([quote.claim, insurer, Payer.insurer, zeroAddress, amount, false]);
    await refuses(refund(unit - 1n), 'NotWhole', notWhole(unit - 1n));
    await refund(unit);
    const [odd, oddSignature] = await quoted({ claim: claimOf('odd'), insurerAmount: unit + 1n });
    await refuses(as(spender).write.settleBatch([[odd], [oddSignature]]), 'NotWhole', notWhole(unit + 1n));
  });

  it('pays in a coin while it is allowed; what was paid is given back afterwards too', async () => {
    const { as, admin, spender, payout, treasurer, coin, quoted, settlement } = await deploySettlement();
    const [quote, signature] = await quoted();
    await as(spender).write.settle([quote, signature, coins(2)]);
    const stranger = as(treasurer).write.allowCoin([coin.address, 0n]);
    await refuses(stranger, 'AccessControlUnauthorizedAccount');
    await as(admin).write.allowCoin([coin.address, 0n]);
    assert.equal(await settlement.read.minorUnitOf([coin.address]), 0n);
    await refuses(as(spender).write.settle([quote, signature, coins(1)]), 'CoinNotAllowed');
    const refund = (amount: bigint) =>
      as(payout).write.refund([quote.claim, insurer, Payer.insurer, zeroAddress, amount, false]);
    await refuses(refund(coins(1) + 1n), 'NotWhole');
    await refund(coins(1));
    await as(admin).write.allowCoin([coin.address, coins(5)]);
    await refuses(as(spender).write.settle([quote, signature, coins(1)]), 'NotWhole');
    // All of it is given back by whatever unit holds then.
    await refund(coins(1));
  });

  it('pays a batch at once, all or none', async (test) => {
    const { as, spender, quoted, settlement, coin, told } = await deploySettlement();
    const gas: Record<number, bigint> = {};
    for (const size of [1, 10, 30]) {
      const all = await Promise.all(
        Array.from({ length: size }, (_, i) => quoted({ claim: claimOf(`${size} ${i}`), insurerAmount: coins(2) })),
      );
      const batch = [all.map(([quote]) => quote), all.map(([, signature]) => signature)] as const;
      const { events, gasUsed } = await told(await as(spender).write.settleBatch(batch));
      assert.equal(events.length, size);
      gas[size] = gasUsed / BigInt(size);
      await refuses(as(spender).write.settleBatch(batch), 'NotOwed');
    }
    test.diagnostic(`gasSettleBatchPerClaim: ${gas[30]} (of 10: ${gas[10]}, alone: ${gas[1]})`);
    assert.equal(await settlement.read.withdrawableOf([pharmacy, coin.address]), coins(82));
    const [quote] = await quoted();
    await refuses(as(spender).write.settleBatch([[quote], []]), 'UnequalLengths', [1n, 0n]);
  });

  it('is for the insurer’s spenders alone', async () => {
    const { as, admin, treasurer, signer, payout, relay, quoted } = await deploySettlement();
    const [quote, signature] = await quoted();
    for (const wallet of [admin, treasurer, signer, payout, relay]) {
      const refusal = [insurer, getAddress(wallet.account.address)];
      await refuses(as(wallet).write.settle([quote, signature, 1n]), 'NotSpender', refusal);
      await refuses(as(wallet).write.payShare([quote, signature, 1n]), 'NotSpender', refusal);
      await refuses(as(wallet).write.propose([quote, signature]), 'NotSpender', refusal);
    }
  });

  it('keeps to the day’s limit, and begins anew the next day', async () => {
    const { as, spender, coin, quoted, now, increaseTo } = await deploySettlement();
    const pay = async (text: string, amount: number) => {
      const [quote, signature] = await quoted({ claim: claimOf(text), insurerAmount: coins(amount) });
      return as(spender).write.settle([quote, signature, coins(amount)]);
    };
    await increaseTo((Math.floor((await now()) / 86_400) + 1) * 86_400 + 10);
    await pay('one', 500);
    await pay('two', 499);
    await refuses(pay('three', 2), 'DailyLimit', [insurer, getAddress(coin.address), coins(1), coins(2)]);
    await increaseTo((Math.floor((await now()) / 86_400) + 1) * 86_400);
    await pay('three', 2);
  });

  it('has no more than what was paid in, and gives it back to the treasurer alone', async () => {
    const { as, treasurer, spender, coin, quoted } = await deploySettlement();
    await as(treasurer).write.withdrawFunds([insurer, coin.address, coins(9950)]);
    const [quote, signature] = await quoted();
    const refusal = [insurer, getAddress(coin.address), coins(50), coins(80)];
    await refuses(as(spender).write.settle([quote, signature, coins(80)]), 'TooLittleFunds', refusal);
    await refuses(as(treasurer).write.withdrawFunds([insurer, coin.address, coins(51)]), 'TooLittleFunds');
    await refuses(as(spender).write.withdrawFunds([insurer, coin.address, 1n]), 'NotTreasurer');
  });
});

describe('a share above the threshold', () => {
  const big = { insurerAmount: coins(501) };

  it('is proposed by one person and released by another, beside the day’s limit', async () => {
    const { as, spender, second, quoted, told, settlement } = await deploySettlement();
    const [quote, signature] = await quoted({ ...big, insurerAmount: coins(5000) });
    await refuses(as(spender).write.settle([quote, signature, coins(1)]), 'NeedsRelease', [
      ...[quote.claim, coins(5000), coins(500)],
    ]);
    await refuses(as(second).write.release([quote.claim, insurer, 1]), 'NotProposed', [quote.claim, 1]);
    const proposed = await told(await as(spender).write.propose([quote, signature]));
    const of = { claim: quote.claim, insurer, version: 1 };
    const { events } = await told(await as(second).write.release([quote.claim, insurer, 1]));
    assert.deepEqual(
      [...proposed.events, ...events.slice(0, 1)],
      [
        { eventName: 'Proposed', args: { ...of, spender: getAddress(spender.account.address) } },
        { eventName: 'Released', args: { ...of, releaser: getAddress(second.account.address) } },
      ],
    );
    assert.deepEqual(
      events.slice(1).map(({ eventName }) => eventName),
      ['Paid'],
    );
    assert.equal((await settlement.read.billOf([quote.claim, insurer])).insurerPaid, coins(5000));
    await refuses(as(second).write.release([quote.claim, insurer, 1]), 'NotProposed');
  });

  it('is never released by who proposed it, nor by who may not', async () => {
    const { as, spender, second, treasurer, quoted } = await deploySettlement();
    const [quote, signature] = await quoted(big);
    await as(second).write.propose([quote, signature]);
    await refuses(as(second).write.release([quote.claim, insurer, 1]), 'SamePerson', [
      getAddress(second.account.address),
    ]);
    for (const wallet of [spender, treasurer])
      await refuses(as(wallet).write.release([quote.claim, insurer, 1]), 'NotReleaser', [
        ...[insurer, getAddress(wallet.account.address)],
      ]);
  });

  it('is released as it was proposed, or not at all', async () => {
    const { as, spender, second, signer, quoted, signReversal, relay, increaseTo } = await deploySettlement();
    const [quote, signature] = await quoted(big);
    await as(spender).write.propose([quote, signature]);
    await refuses(as(second).write.release([quote.claim, insurer, 2]), 'NotProposed');
    const [newer, newerSignature] = await quoted({ ...big, version: 2, patientAmount: 1n });
    await refuses(as(relay).write.payCoPay([newer, newerSignature, 2n]), 'NotOwed');
    await as(spender).write.propose([newer, newerSignature]);
    await refuses(as(second).write.release([quote.claim, insurer, 1]), 'NotProposed');
    await increaseTo(newer.expires + 1);
    await refuses(as(second).write.release([quote.claim, insurer, 2]), 'QuoteExpired');
    const [late, lateSignature] = await quoted({ ...big, version: 3 });
    await as(spender).write.propose([late, lateSignature]);
    await as(relay).write.reverse([late.claim, insurer, await signReversal(late.claim, signer)]);
    await refuses(as(second).write.release([late.claim, insurer, 3]), 'ClaimReversed', [late.claim]);
  });
});

describe('a quote', () => {
  it('is the insurer’s signer’s, for this contract on this chain, in these very words', async () => {
    const { as, spender, patient, treasurer, quoteOf, sign, signer, relay } = await deploySettlement();
    const quote = await quoteOf();
    const wrong = [
      await sign(quote, treasurer),
      await sign(quote, signer, { chainId: 1 }),
      await sign(quote, signer, { verifyingContract: relay.account.address }),
      await sign(quote, signer, { version: '1' }),
      await sign({ ...quote, claim: claimOf('another') }),
      await sign({ ...quote, insurer: otherInsurer }),
      await sign({ ...quote, payee: otherInsurer }),
      await sign({ ...quote, coin: zeroAddress }),
      await sign({ ...quote, insurerAmount: 1n }),
      await sign({ ...quote, patientAmount: 1n }),
      await sign({ ...quote, version: 2 }),
      await sign({ ...quote, expires: quote.expires + 1 }),
    ];
    for (const signature of wrong) {
      await refuses(as(spender).write.settle([quote, signature, 1n]), 'NotSigned');
      await refuses(as(patient).write.payCoPay([quote, signature, 1n]), 'NotSigned');
    }
  });

  it('of before is refused once a newer one is known: the price has changed', async () => {
    const { as, spender, patient, quoted } = await deploySettlement();
    const [old, oldSignature] = await quoted();
    const [newer, newerSignature] = await quoted({ version: 3, insurerAmount: coins(70), patientAmount: coins(30) });
    await as(patient).write.payCoPay([newer, newerSignature, coins(1)]);
    await refuses(as(spender).write.settle([old, oldSignature, coins(80)]), 'QuoteStale', [old.claim, 3, 1]);
    await refuses(as(patient).write.payCoPay([old, oldSignature, coins(20)]), 'QuoteStale');
    await as(spender).write.settle([newer, newerSignature, coins(70)]);
  });

  it('cannot take back what is paid, until it is paid back; after an appeal the difference is paid', async () => {
    const { as, spender, payout, coin, quoted, settlement, refundable } = await withRefunds();
    const [quote, signature] = await quoted();
    await as(spender).write.settle([quote, signature, coins(80)]);
    const [less, lessSignature] = await quoted({ version: 2, insurerAmount: coins(79) });
    await refuses(as(spender).write.settle([less, lessSignature, 1n]), 'AlreadyPaid', [quote.claim, coins(80)]);
    const [elsewhere, elsewhereSignature] = await quoted({ version: 2, coin: zeroAddress });
    await refuses(as(spender).write.settle([elsewhere, elsewhereSignature, 1n]), 'AlreadyPaid');
    const [more, moreSignature] = await quoted({ version: 3, insurerAmount: coins(90) });
    await refuses(as(spender).write.settle([more, moreSignature, coins(11)]), 'NotOwed');
    await as(spender).write.settle([more, moreSignature, coins(10)]);
    assert.equal(await settlement.read.withdrawableOf([pharmacy, coin.address]), coins(90));
    await as(payout).write.refund([quote.claim, insurer, Payer.insurer, zeroAddress, coins(90), false]);
    assert.equal(await refundable(), coins(10_000));
    const [last, lastSignature] = await quoted({ version: 4, insurerAmount: coins(70) });
    await as(spender).write.settle([last, lastSignature, coins(70)]);
    assert.equal(await settlement.read.withdrawableOf([pharmacy, coin.address]), coins(70));
  });

  it('of a known version says the same words', async () => {
    const { as, spender, quoted } = await deploySettlement();
    const [quote, signature] = await quoted();
    await as(spender).write.settle([quote, signature, coins(1)]);
    for (const change of [{ insurerAmount: coins(81) }, { patientAmount: 0n }, { expires: quote.expires + 1 }]) {
      const [other, otherSignature] = await quoted({ ...quote, ...change });
      await refuses(as(spender).write.settle([other, otherSignature, 1n]), 'QuoteConflict', [quote.claim, 1]);
    }
  });

  it('of another insurer for the same reference, brought first, takes nothing from whose the claim is', async () => {
    const { as, treasurer, patient, spender, relay, quoted, signReversal, settlement, told } = await deploySettlement();
    await as(treasurer).write.setRights([otherInsurer, spender.account.address, true, true]);
    const theirs = { insurer: otherInsurer, version: 9, patientAmount: coins(1) };
    const [squat, squatSignature] = await quoted(theirs);
    await as(spender).write.propose([squat, squatSignature]);
    await as(patient).write.payCoPay([squat, squatSignature, coins(1)]);
    const byOther = await signReversal(squat.claim, undefined, otherInsurer);
    await as(relay).write.reverse([squat.claim, otherInsurer, byOther]);

    const [quote, signature] = await quoted();
    const { events } = await told(await as(spender).write.settle([quote, signature, coins(80)]));
    assert.deepEqual(
      events.map(({ args }) => 'insurer' in args && args.insurer),
      [insurer],
    );
    await as(patient).write.payCoPay([quote, signature, coins(20)]);
    const { insurerPaid, patientPaid, version, reversed } = await settlement.read.billOf([quote.claim, insurer]);
    assert.deepEqual([insurerPaid, patientPaid, version, reversed], [coins(80), coins(20), 1, false]);
    const their = await settlement.read.billOf([quote.claim, otherInsurer]);
    assert.deepEqual([their.insurerPaid, their.patientPaid, their.version, their.reversed], [0n, coins(1), 9, true]);
    await refuses(as(spender).write.release([quote.claim, insurer, 9]), 'NotProposed', [quote.claim, 9]);
  });

  it('ends at its time, not before', async () => {
    const { as, spender, quoted, increaseTo } = await deploySettlement();
    const [quote, signature] = await quoted();
    await increaseTo(quote.expires);
    await as(spender).write.settle([quote, signature, coins(1)]);
    await increaseTo(quote.expires + 1);
    await refuses(as(spender).write.settle([quote, signature, 1n]), 'QuoteExpired', [quote.claim, quote.expires]);
  });

  it('names a payee, an insurer and a coin that are known, and a version from 1', async () => {
    const { as, spender, quoted, relay } = await deploySettlement();
    const stranger = claimOf('nobody');
    const address = relay.account.address;
    for (const [change, error] of [
      [{ payee: stranger }, 'UnknownPayee'],
      [{ insurer: stranger }, 'UnknownInsurer'],
      [{ coin: address }, 'CoinNotAllowed'],
      [{ version: 0 }, 'QuoteStale'],
    ] as const) {
      const [quote, signature] = await quoted(change);
      await refuses(as(spender).write.settle([quote, signature, 1n]), error);
    }
  });

  it('is nothing any more when it is reversed, for good, by its own insurer', async () => {
    const { as, spender, patient, relay, treasurer, payout, quoted, signReversal } = await deploySettlement();
    const stranger = claimOf('nobody');
    const [quote, signature] = await quoted();
    await as(spender).write.settle([quote, signature, coins(80)]);
    const { claim } = quote;
    await refuses(as(relay).write.reverse([claim, insurer, await signReversal(claim, treasurer)]), 'NotSigned');
    const byNobody = await signReversal(claim, undefined, stranger);
    await refuses(as(relay).write.reverse([claim, stranger, byNobody]), 'UnknownInsurer', [stranger]);
    const byOther = await signReversal(claim, undefined, otherInsurer);
    await refuses(as(relay).write.reverse([claim, insurer, byOther]), 'NotSigned');
    await as(relay).write.reverse([claim, insurer, await signReversal(claim)]);
    await refuses(as(relay).write.reverse([claim, insurer, await signReversal(claim)]), 'ClaimReversed');
    const [newer, newerSignature] = await quoted({ version: 9, insurerAmount: coins(80), patientAmount: 1n });
    await refuses(as(patient).write.payCoPay([newer, newerSignature, 1n]), 'ClaimReversed', [claim]);
    await refuses(as(patient).write.payCoPay([quote, signature, 1n]), 'ClaimReversed');
    // What was paid is given back all the same.
    await as(payout).write.refund([claim, insurer, Payer.insurer, zeroAddress, coins(80), false]);
  });
});

/** With what the insurer's account holds. */
async function withRefunds() {
  const setting = await deploySettlement();
  const refundable = async () => (await setting.settlement.read.purseOf([insurer, setting.coin.address])).balance;
  return { ...setting, refundable };
}
