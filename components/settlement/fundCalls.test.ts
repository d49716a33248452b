import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { assistanceFundAbi } from '#contracts/abi/assistanceFund.ts';
import { appointFundAdmins } from '#contracts/deploy/institutions.ts';
import { coins, SettlementChain } from '#contracts/testing/settlementChain.ts';
import type { HeldRules } from '#server/fund/schema.ts';
import { gasOf } from './checkCall.ts';
import { changeRules, giftCalls, rulesCall } from './fundCalls.ts';
import { pageOn } from './walletTesting.ts';

/** Each call as a wallet sends it, to the contract itself. */

let chain: SettlementChain;
const wanted: HeldRules = {
  ...{ perGrant: `${coins(40.5)}`, perBeneficiary: `${coins(120)}`, perPeriod: `${coins(9_000)}` },
  ...{ period: 7 * 86_400, grantLife: 2 * 86_400 },
};

beforeAll(async () => {
  chain = await SettlementChain.start();
}, 120_000);
afterAll(async () => {
  vi.unstubAllGlobals();
  await chain?.stop();
});

const setting = () => ({ fund: chain.deployment.assistanceFund });
const rules = () =>
  chain.reader.readContract({
    ...{ address: chain.deployment.assistanceFund, abi: assistanceFundAbi, functionName: 'rules' },
  });

it('sets the fund’s rules for a wallet that may, and none else', async () => {
  const { config } = pageOn(chain);
  const { patient: officer } = chain;
  const before = await rules();
  const call = rulesCall(setting(), wanted);
  await expect(gasOf(config, officer.address, call)).rejects.toMatchObject({
    ...{ code: 'REFUSED', refusal: 'AccessControlUnauthorizedAccount' },
  });
  expect(await rules()).toEqual(before);

  const { assistanceFund: fund } = chain.deployment;
  await appointFundAdmins({ rpcUrl: chain.url, fund, adminKey: chain.keys.deployer, admins: [officer.address] });
  await expect(gasOf(config, officer.address, rulesCall(setting(), { ...wanted, period: 0 }))).rejects.toMatchObject({
    code: 'REFUSED',
    refusal: 'NoPeriod',
  });
  await chain.mined(await chain.as(officer).sendTransaction({ to: call.to, data: call.data }));
  expect(await rules()).toEqual({
    ...{ perGrant: coins(40.5), perBeneficiary: coins(120), perPeriod: coins(9_000) },
    ...{ period: 7 * 86_400, grantLife: 2 * 86_400 },
  });
});

it('changes the rules that were shown, and none that another has set meanwhile', async () => {
  const { config } = pageOn(chain);
  const { perGrant, perBeneficiary, perPeriod, ...times } = await rules();
  const shown = {
    ...{ perGrant: `${perGrant}`, perBeneficiary: `${perBeneficiary}`, perPeriod: `${perPeriod}`, ...times },
  };
  const own = { ...shown, perGrant: `${coins(30)}` };
  expect(await changeRules(config, { ...setting(), rules: shown }, own)).toEqual(rulesCall(setting(), own));
  const changes: Partial<HeldRules>[] = [
    ...[{ perGrant: '1' }, { perBeneficiary: '1' }, { perPeriod: '1' }, { period: 1 }, { grantLife: 1 }],
  ];
  for (const change of changes) {
    const late = changeRules(config, { ...setting(), rules: { ...shown, ...change } }, own);
    await expect(late).rejects.toMatchObject({ code: 'CHANGED' });
  }
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
