import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getAddress, zeroAddress } from 'viem';
import { refuses } from '../testing/fixture.ts';
import { claimOf, coins, deploySettlement, hospital, insurer, Payer, pharmacy } from '../testing/settlement.ts';
import { permitDeadline } from '../typedData.ts';

describe('a co-pay by one signature', () => {
  it('is paid by whoever brings it, from who signed it', async (test) => {
    const { settlement, patient, coinAs, coin, quoted, permit, told } = await deploySettlement();
    const [quote, signature] = await quoted();
    const signed = await permit(quote, coins(20));
    const { events, gasUsed } = await told(await settlement.write.payCoPayWithPermit([quote, signature, signed]));
    test.diagnostic(`gas of payCoPayWithPermit: ${gasUsed}`);
    const payer = getAddress(patient.account.address);
    assert.deepEqual(events, [
      {
        eventName: 'Paid',
        args: {
          ...{ claim: quote.claim, kind: Payer.patient, payer, payee: pharmacy },
          ...{ coin: getAddress(coin.address), amount: coins(20), insurer },
        },
      },
    ]);
    assert.equal(await coinAs(patient).read.balanceOf([payer]), coins(980));
    assert.equal(await settlement.read.paidBy([quote.claim, insurer, Payer.patient, payer]), coins(20));
  });

  it('has a deadline that says what it pays for', async () => {
    const { settlement, quoteOf, domain } = await deploySettlement();
    const quote = await quoteOf();
    const deadline = await settlement.read.permitDeadline([quote, 1_234_567_890]);
    assert.equal(permitDeadline(domain, quote, 1_234_567_890), deadline);
    assert.equal(Number(deadline & 0xffffffffffn), 1_234_567_890);
    assert.notEqual(permitDeadline(domain, { ...quote, payee: hospital }, 1_234_567_890), deadline);
  });

  it('is paid although somebody brought the permit to the coin before', async () => {
    const { settlement, patient, relay, coinAs, quoted, permit, domain } = await deploySettlement();
    await coinAs(patient).write.approve([domain.verifyingContract, 0n]);
    const [quote, signature] = await quoted();
    const signed = await permit(quote, coins(20));
    const { payer, amount, deadline, v, r, s } = signed;
    await coinAs(relay).write.permit([payer, domain.verifyingContract, amount, deadline, v, r, s]);
    await settlement.write.payCoPayWithPermit([quote, signature, signed]);
    assert.equal(await coinAs(patient).read.balanceOf([payer]), coins(980));
  });

  it('pays once, whatever allowance stands', async () => {
    const { settlement, quoted, permit } = await deploySettlement();
    const [quote, signature] = await quoted();
    const signed = await permit(quote, coins(5));
    await settlement.write.payCoPayWithPermit([quote, signature, signed]);
    await refuses(settlement.write.payCoPayWithPermit([quote, signature, signed]), 'PermitUsed');
    assert.equal((await settlement.read.billOf([quote.claim, insurer])).patientPaid, coins(5));
    const next = await permit(quote, coins(15));
    await settlement.write.payCoPayWithPermit([quote, signature, next]);
    assert.equal((await settlement.read.billOf([quote.claim, insurer])).patientPaid, coins(20));
  });

  it('cannot be led to another claim, payee, price, amount, payer or time', async () => {
    const { settlement, quoted, permit, relay } = await deploySettlement();
    const [quote, signature] = await quoted();
    const signed = await permit(quote, coins(20));
    for (const change of [
      { claim: claimOf('another') },
      { payee: hospital },
      { patientAmount: coins(30) },
      { version: 2 },
    ]) {
      const [other, otherSignature] = await quoted({ ...quote, ...change });
      await refuses(settlement.write.payCoPayWithPermit([other, otherSignature, signed]), 'PermitInvalid');
    }
    for (const change of [
      { amount: coins(19) },
      { payer: relay.account.address },
      { validUntil: signed.validUntil + 1 },
      { nonce: signed.nonce + 1n },
    ])
      await refuses(settlement.write.payCoPayWithPermit([quote, signature, { ...signed, ...change }]), 'PermitInvalid');
  });

  it('is no plain permit for the settlement', async () => {
    const { settlement, quoted, permit, now } = await deploySettlement();
    const [quote, signature] = await quoted();
    const plain = await permit(quote, coins(20), { deadline: BigInt((await now()) + 600) });
    await refuses(settlement.write.payCoPayWithPermit([quote, signature, plain]), 'PermitInvalid');
  });

  it('is void after its time, and when the price has changed', async () => {
    const { settlement, as, patient, quoted, permit, increaseTo } = await deploySettlement();
    const [quote, signature] = await quoted();
    const signed = await permit(quote, coins(10));
    const late = await permit(quote, coins(10), { validUntil: signed.validUntil - 500 });
    await increaseTo(late.validUntil + 1);
    await refuses(settlement.write.payCoPayWithPermit([quote, signature, late]), 'PermitExpired', [late.validUntil]);
    const [newer, newerSignature] = await quoted({ version: 2, patientAmount: coins(30) });
    await as(patient).write.payCoPay([newer, newerSignature, coins(1)]);
    await refuses(settlement.write.payCoPayWithPermit([quote, signature, signed]), 'QuoteStale');
  });

  it('needs the coins to be there', async () => {
    const { settlement, coinAs, patient, relay, quoted, permit } = await deploySettlement();
    const [quote, signature] = await quoted();
    const signed = await permit(quote, coins(20));
    await coinAs(patient).write.transfer([relay.account.address, coins(1000)]);
    const short = settlement.write.payCoPayWithPermit([quote, signature, signed]);
    await assert.rejects(short, /ERC20InsufficientBalance|0xe450d38c/);
    assert.equal((await settlement.read.billOf([quote.claim, insurer])).patientPaid, 0n);
  });
});

describe('a co-pay by wallet', () => {
  it('is paid by anybody, in coins or ether, and no more than is owed', async () => {
    const { as, patient, quoted, settlement } = await deploySettlement();
    const [quote, signature] = await quoted();
    await refuses(as(patient).write.payCoPay([quote, signature, coins(21)]), 'NotOwed');
    await refuses(as(patient).write.payCoPay([quote, signature, coins(20)], { value: 1n }), 'WrongValue', [0n, 1n]);
    await as(patient).write.payCoPay([quote, signature, coins(20)]);
    const [inEther, etherSignature] = await quoted({ claim: claimOf('ether'), coin: zeroAddress });
    await refuses(as(patient).write.payCoPay([inEther, etherSignature, 7n], { value: 8n }), 'WrongValue', [7n, 8n]);
    await as(patient).write.payCoPay([inEther, etherSignature, 7n], { value: 7n });
    assert.equal(await settlement.read.withdrawableOf([pharmacy, zeroAddress]), 7n);
  });

  it('is of whole minor units, by permit too', async () => {
    const { as, patient, coin, quoted, permit, settlement } = await deploySettlement();
    const [quote, signature] = await quoted();
    const refusal = [getAddress(coin.address), coins(0.01), 9_999n];
    await refuses(as(patient).write.payCoPay([quote, signature, 9_999n]), 'NotWhole', refusal);
    const dust = await permit(quote, 9_999n);
    await refuses(settlement.write.payCoPayWithPermit([quote, signature, dust]), 'NotWhole', refusal);
    await as(patient).write.payCoPay([quote, signature, coins(0.01)]);
  });

  it('that an appeal makes less keeps no insurer from paying; nothing more is owed of it', async () => {
    const { as, spender, patient, payout, quoted, settlement } = await deploySettlement();
    const [quote, signature] = await quoted();
    await as(patient).write.payCoPay([quote, signature, coins(20)]);
    const [freed, freedSignature] = await quoted({ version: 2, insurerAmount: coins(100), patientAmount: 0n });
    await as(spender).write.settle([freed, freedSignature, coins(100)]);
    await refuses(as(patient).write.payCoPay([freed, freedSignature, 1n]), 'NotOwed', [quote.claim, 0n, 1n]);
    const payer = patient.account.address;
    await as(payout).write.refund([quote.claim, insurer, Payer.patient, payer, coins(20), false]);
    await refuses(as(patient).write.payCoPay([freed, freedSignature, 1n]), 'NotOwed', [quote.claim, 0n, 1n]);
    assert.equal((await settlement.read.billOf([quote.claim, insurer])).patientPaid, 0n);
  });

  it('keeps payee and coin while something is paid of it', async () => {
    const { as, spender, patient, quoted } = await deploySettlement();
    const [quote, signature] = await quoted();
    await as(patient).write.payCoPay([quote, signature, coins(5)]);
    for (const change of [{ coin: zeroAddress }, { payee: hospital }]) {
      const [moved, movedSignature] = await quoted({ version: 2, ...change });
      await refuses(as(spender).write.settle([moved, movedSignature, 1n]), 'AlreadyPaid', [quote.claim, coins(5)]);
    }
  });

  it('goes back to who paid it, from what the payee has here or from its wallet', async () => {
    const { as, patient, payout, clinic, relay, coin, coinAs, quoted, settlement } = await deploySettlement();
    const [quote, signature] = await quoted();
    const payer = patient.account.address;
    await as(patient).write.payCoPay([quote, signature, coins(20)]);
    const refund = (amount: bigint, fromWallet: boolean, by = payout) =>
      as(by).write.refund([quote.claim, insurer, Payer.patient, payer, amount, fromWallet]);
    await refuses(refund(coins(1), false, clinic), 'NotPayee', [pharmacy, getAddress(clinic.account.address)]);
    await refuses(refund(coins(21), false), 'NotPaid', [quote.claim, coins(20), coins(21)]);
    await refund(coins(5), false);
    await as(payout).write.withdraw([pharmacy, coin.address, coins(15)]);
    await refuses(refund(coins(15), false), 'TooLittleToWithdraw', [0n, coins(15)]);
    await refund(coins(15), true);
    await refuses(refund(1n, true), 'NotPaid', [quote.claim, 0n, 1n]);
    await as(relay).write.withdrawRefund([payer, coin.address]);
    await refuses(as(relay).write.withdrawRefund([payer, coin.address]), 'TooLittleToWithdraw');
    assert.equal(await coinAs(patient).read.balanceOf([payer]), coins(1000));
    assert.equal(await settlement.read.heldOf([coin.address]), coins(10_000));
    // What was paid back is owed again.
    await as(patient).write.payCoPay([quote, signature, coins(20)]);
  });

  it('stops while payments are paused; what is somebody’s is taken out all the same', async () => {
    const { as, admin, patient, spender, second, payout, treasurer, coin, quoted, permit, settlement, signReversal } =
      await deploySettlement();
    const [quote, signature] = await quoted({ insurerAmount: coins(501) });
    const signed = await permit(quote, coins(1));
    await as(patient).write.payCoPay([quote, signature, coins(10)]);
    await as(spender).write.propose([quote, signature]);
    await refuses(as(spender).write.pause(), 'AccessControlUnauthorizedAccount');
    await as(admin).write.pause();
    for (const stopped of [
      () => as(patient).write.payCoPay([quote, signature, 1n]),
      () => as(patient).write.payCoPayWithPermit([quote, signature, signed]),
      () => as(spender).write.settle([quote, signature, 1n]),
      () => as(spender).write.settleBatch([[quote], [signature]]),
      () => as(spender).write.payShare([quote, signature, 1n]),
      () => as(spender).write.propose([quote, signature]),
      () => as(second).write.release([quote.claim, insurer, 1]),
      () => as(patient).write.payAssistance([quote, signature, 1n]),
      () => as(treasurer).write.deposit([insurer, coin.address, 1n]),
    ])
      await refuses(stopped(), 'EnforcedPause');
    await as(payout).write.refund([quote.claim, insurer, Payer.patient, patient.account.address, coins(4), false]);
    await as(payout).write.withdraw([pharmacy, coin.address, coins(6)]);
    await settlement.write.withdrawRefund([patient.account.address, coin.address]);
    await as(treasurer).write.withdrawFunds([insurer, coin.address, coins(10_000)]);
    await settlement.write.reverse([quote.claim, insurer, await signReversal(quote.claim)]);
    assert.equal(await settlement.read.heldOf([coin.address]), 0n);
    await as(admin).write.unpause();
  });
});
