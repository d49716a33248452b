import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getAddress, zeroAddress, zeroHash } from 'viem';
import { refuses } from '../testing/fixture.ts';
import {
  claimOf,
  coins,
  deploySettlement,
  hospital,
  insurer,
  otherInsurer,
  Payer,
  pharmacy,
} from '../testing/settlement.ts';

const day = 86_400;
const beneficiary = claimOf('a blinded number');

/** With 500 coins given and rules: 30 a grant, 50 a beneficiary and 100 in all a week, grants of at most ten days. */
async function deployFund() {
  const setting = await deploySettlement();
  const { fundAs, admin, donor, now } = setting;
  const rules = {
    ...{ perGrant: coins(30), perBeneficiary: coins(50), perPeriod: coins(100) },
    ...{ period: 7 * day, grantLife: 10 * day },
  };
  await fundAs(admin).write.setRules([rules]);
  await fundAs(donor).write.give([coins(500), claimOf('a tag')]);
  const grant = async (text: string, amount: number, of = beneficiary, deadline?: number) =>
    fundAs(admin).write.grant([
      claimOf(text),
      insurer,
      pharmacy,
      of,
      coins(amount),
      deadline ?? (await now()) + 5 * day,
    ]);
  return { ...setting, rules, grant };
}

describe('the assistance fund', () => {
  it('pays what was granted to the claim it was granted for, and shows donors what became of gifts', async () => {
    const { fund, grant, quoted, told, settlement, coin } = await deployFund();
    await grant('a claim', 15);
    assert.deepEqual(await fund.read.books(), [coins(500), coins(15), 0n, coins(485)]);
    const [quote, signature] = await quoted();
    const { events } = await told(await fund.write.pay([quote, signature]));
    const payer = getAddress(fund.address);
    assert.equal(events.length, 1);
    assert.deepEqual(
      [events[0]?.eventName, events[0]?.args],
      ['Paid', { ...events[0]?.args, claim: quote.claim, kind: Payer.assistance, payer, amount: coins(15) }],
    );
    assert.deepEqual(await fund.read.books(), [coins(500), 0n, coins(15), coins(485)]);
    assert.equal(await fund.read.givenUnder([claimOf('a tag')]), coins(500));
    await refuses(fund.write.pay([quote, signature]), 'NoGrant');
    assert.equal(await settlement.read.withdrawableOf([pharmacy, coin.address]), coins(15));
  });

  it('pays no more than is open of the patient’s share', async () => {
    const { as, fund, fundAs, admin, patient, grant, quoted } = await deployFund();
    await grant('a claim', 15);
    const [quote, signature] = await quoted();
    await as(patient).write.payCoPay([quote, signature, coins(12)]);
    await fund.write.pay([quote, signature]);
    assert.deepEqual(await fund.read.books(), [coins(500), coins(7), coins(8), coins(492 - 7)]);
    await refuses(fund.write.pay([quote, signature]), 'NothingOwed');
    await fundAs(admin).write.endGrant([quote.claim]);
    assert.deepEqual(await fund.read.books(), [coins(500), 0n, coins(8), coins(492)]);
  });

  it('keeps to its rules', async () => {
    const { fund, fundAs, admin, patient, grant, rules, now, mineAt } = await deployFund();
    await mineAt((Math.floor((await now()) / rules.period) + 1) * rules.period + 10);
    const stranger = fundAs(patient).write.grant([claimOf('x'), insurer, pharmacy, beneficiary, 1n, 2 ** 32]);
    await refuses(stranger, 'AccessControlUnauthorizedAccount');
    await refuses(grant('one', 31), 'AboveGrantLimit', [coins(30), coins(31)]);
    await refuses(grant('one', 0), 'AboveGrantLimit');
    await refuses(grant('one', 1, beneficiary, (await now()) - 1), 'DeadlineRefused');
    await refuses(grant('one', 1, beneficiary, (await now()) + 11 * day), 'DeadlineRefused');
    await grant('one', 30);
    await refuses(grant('one', 1), 'GrantExists', [claimOf('one')]);
    await refuses(grant('two', 21), 'AboveBeneficiaryLimit', [coins(20), coins(21)]);
    await grant('two', 20);
    await grant('three', 30, claimOf('another'));
    await refuses(grant('four', 21, claimOf('a third')), 'AboveBudget', [coins(20), coins(21)]);
    await mineAt((Math.floor((await now()) / rules.period) + 1) * rules.period);
    await grant('four', 30);
    assert.deepEqual(await fund.read.grantedIn([Math.floor((await now()) / rules.period), beneficiary]), [
      coins(30),
      coins(30),
    ]);
    await refuses(fundAs(admin).write.setRules([{ ...rules, period: 0 }]), 'NoPeriod');
    await refuses(fundAs(patient).write.setRules([rules]), 'AccessControlUnauthorizedAccount');
  });

  it('takes a grant back that is not used by its deadline, into the budget it came from', async () => {
    const { fund, fundAs, patient, grant, quoted, now, increaseTo } = await deployFund();
    const deadline = (await now()) + 2 * day;
    await grant('a claim', 15, beneficiary, deadline);
    const { inPeriod } = await fund.read.grantOf([claimOf('a claim')]);
    await refuses(fundAs(patient).write.endGrant([claimOf('a claim')]), 'GrantStands');
    await increaseTo(deadline + 1);
    const [quote, signature] = await quoted();
    await refuses(fund.write.pay([quote, signature]), 'GrantOver', [quote.claim, deadline]);
    await increaseTo(deadline + 2);
    await fundAs(patient).write.endGrant([quote.claim]);
    assert.deepEqual(await fund.read.books(), [coins(500), 0n, 0n, coins(500)]);
    assert.deepEqual(await fund.read.grantedIn([inPeriod, beneficiary]), [0n, 0n]);
    await refuses(fund.write.endGrant([quote.claim]), 'NoGrant');
  });

  it('pays nobody but the payee it was granted for, by its insurer’s quote, in its own coin', async () => {
    const { fund, grant, quoted } = await deployFund();
    await grant('a claim', 15);
    const [theirs, theirSignature] = await quoted({ insurer: otherInsurer });
    await refuses(fund.write.pay([theirs, theirSignature]), 'OtherInsurer', [theirs.claim, insurer, otherInsurer]);
    const [elsewhere, elsewhereSignature] = await quoted({ payee: hospital });
    await refuses(fund.write.pay([elsewhere, elsewhereSignature]), 'OtherPayee');
    const [inEther, etherSignature] = await quoted({ coin: zeroAddress });
    await refuses(fund.write.pay([inEther, etherSignature]), 'OtherCoin');
  });

  it('gets back what a payee gives back, and hands over what is not granted', async () => {
    const { as, fund, fundAs, admin, payout, relay, coinAs, grant, quoted } = await deployFund();
    await grant('a claim', 15);
    const [quote, signature] = await quoted();
    await fund.write.pay([quote, signature]);
    await as(payout).write.refund([quote.claim, insurer, Payer.assistance, fund.address, coins(10), false]);
    await fund.write.takeRefund();
    assert.deepEqual(await fund.read.books(), [coins(500), 0n, coins(5), coins(495)]);
    await grant('another', 20);
    await refuses(fundAs(admin).write.handOver([relay.account.address, coins(476)]), 'TooLittleFunds', [
      ...[coins(475), coins(476)],
    ]);
    await refuses(fundAs(relay).write.handOver([relay.account.address, 1n]), 'AccessControlUnauthorizedAccount');
    await fundAs(admin).write.handOver([relay.account.address, coins(475)]);
    assert.equal(await coinAs(relay).read.balanceOf([fund.address]), coins(20));
  });

  it('takes gifts of something, and only coins that arrive', async () => {
    const { fundAs, donor, relay } = await deployFund();
    await refuses(fundAs(donor).write.give([0n, zeroHash]), 'NothingGiven');
    await assert.rejects(fundAs(relay).write.give([1n, zeroHash]), /ERC20InsufficientAllowance|0xfb8f41b2/);
  });

  it('alone may pay for patients as assistance', async () => {
    const { as, patient, quoted } = await deployFund();
    const [quote, signature] = await quoted();
    await refuses(as(patient).write.payAssistance([quote, signature, 1n]), 'AccessControlUnauthorizedAccount');
  });
});
