import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { assistanceFundAbi } from '#contracts/abi/assistanceFund.ts';
import { appointFundAdmins } from '#contracts/deploy/institutions.ts';
import { coins, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { gasOf } from './checkCall.ts';
import { type FundLimits, giftCalls, rulesCall } from './fundCalls.ts';
import { pageOn } from './walletTesting.ts';

/** Each call as a wallet sends it, to the contract itself. */

let chain: SettlementChain;
const limits: FundLimits = {
  ...{ perGrant: 4_050, perBeneficiary: 12_000, perPeriod: 900_000 },
  ...{ periodDays: 7, grantLifeDays: 2 },
};

beforeAll(async () => {
  chain = await SettlementChain.start();
}, 120_000);
afterAll(async () => {
  vi.unstubAllGlobals();
  await chain?.stop();
});

const setting = () => ({ fund: chain.deployment.assistanceFund, unit: '10000' });
const rules = () =>
  chain.reader.readContract({
    ...{ address: chain.deployment.assistanceFund, abi: assistanceFundAbi, functionName: 'rules' },
  });

it('sets the fund’s rules for a wallet that may, and none else', async () => {
  const { config } = pageOn(chain);
  const { patient: officer } = chain;
  const before = await rules();
  const call = rulesCall(setting(), limits);
  await expect(gasOf(config, officer.address, call)).rejects.toMatchObject({
    ...{ code: 'REFUSED', refusal: 'AccessControlUnauthorizedAccount' },
  });
  expect(await rules()).toEqual(before);

  const { assistanceFund: fund } = chain.deployment;
  await appointFundAdmins({ rpcUrl: chain.url, fund, adminKey: chain.keys.deployer, admins: [officer.address] });
  await expect(
    gasOf(config, officer.address, rulesCall(setting(), { ...limits, periodDays: 0 })),
  ).rejects.toMatchObject({ code: 'REFUSED', refusal: 'NoPeriod' });
  await chain.mined(await chain.as(officer).sendTransaction({ to: call.to, data: call.data }));
  expect(await rules()).toEqual({
    ...{ perGrant: coins(40.5), perBeneficiary: coins(120), perPeriod: coins(9_000) },
    ...{ period: 7 * 86_400, grantLife: 2 * 86_400 },
  });
});

it('gives under a tag by which the gift is found again, and nothing before the coins may be taken', async () => {
  const { config } = pageOn(chain);
  const { patient: donor } = chain;
  const { assistanceFund: address, settlementCoin: coinAddress } = chain.deployment;
  const tag = `0x${'5a'.repeat(32)}` as const;
  const fund = { address, abi: assistanceFundAbi } as const;
  const under = () => chain.reader.readContract({ ...fund, functionName: 'givenUnder', args: [tag] });
  const { approve, give, amount } = giftCalls({ address, coinAddress, unit: '10000' }, 1_050, tag);
  expect(amount).toBe(coins(10.5));
  await expect(gasOf(config, donor.address, give)).rejects.toMatchObject({
    ...{ code: 'REFUSED', refusal: 'ERC20InsufficientAllowance' },
  });
  for (const { to, data } of [approve, give]) await chain.mined(await chain.as(donor).sendTransaction({ to, data }));
  expect(await under()).toBe(coins(10.5));
  const [given] = await chain.reader.readContract({ ...fund, functionName: 'books' });
  expect(given).toBe(coins(10.5));
});
