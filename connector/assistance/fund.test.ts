import { randomBytes } from 'node:crypto';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assistanceFundAbi } from '#contracts/abi/assistanceFund.ts';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import { giveToFund, mintTestCoins } from '#contracts/deploy/institutions.ts';
import { coins, insurerId, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { ConnectorError } from '../errors.ts';
import { createQueue } from '../ethereum/queue.ts';
import { type FundOffice, openFundOffice } from './fund.ts';

/** The fund's officer against the contracts on Anvil. */
let chain: SettlementChain;
let office: FundOffice;

beforeAll(async () => {
  chain = await SettlementChain.start();
  const { assistanceFund: fund, settlementCoin: coin } = chain.deployment;
  const own = { rpcUrl: chain.url, fund, coin, fromKey: chain.keys.deployer };
  await mintTestCoins(chain.url, chain.keys.deployer, coin, privateKeyToAccount(own.fromKey).address, coins(1_000));
  await giveToFund({ ...own, amount: coins(1_000) });
  office = officeOf(chain.keys.registrar);
}, 120_000);
afterAll(() => chain?.stop());

const officeOf = (key: Hex, rpcUrl = chain.url) =>
  openFundOffice({ rpcUrl, address: chain.deployment.assistanceFund, key, inTurn: createQueue() });
const hex = (): Hex => `0x${randomBytes(32).toString('hex')}`;
const fund = () => ({ address: chain.deployment.assistanceFund, abi: assistanceFundAbi }) as const;
const books = () => chain.reader.readContract({ ...fund(), functionName: 'books' });
const paidOf = async (claim: Hex) => {
  const contract = { address: chain.deployment.careSettlement, abi: careSettlementAbi } as const;
  const args = [claim, institutionHash(insurerId)] as const;
  return (await chain.reader.readContract({ ...contract, functionName: 'billOf', args })).patientPaid;
};
async function request(amount: number, beneficiary = hex()) {
  const [quote, signature] = await chain.quote(hex(), { insurer: 80, patient: 20 });
  return { quote, signature, beneficiary, amount: coins(amount) };
}
const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof ConnectorError ? [error.code, error.detail] : error),
  );

describe('help of the fund', () => {
  it('is granted and paid once, however often it is asked for', async () => {
    const [, , before] = await books();
    const asked = await request(20);
    const [first, second] = await Promise.all([office.help(asked), office.help(asked)]);
    expect(first).toMatchObject({ amount: `${coins(20)}` });
    expect(second).toEqual(first);
    expect(await officeOf(chain.keys.registrar).help(asked)).toEqual(first);
    expect(await paidOf(asked.quote.claim)).toBe(coins(20));
    const [, granted, paid] = await books();
    expect([granted, paid - before]).toEqual([0n, coins(20)]);
  });

  it('is paid by whoever goes on after a crash between grant and payment', async () => {
    const asked = await request(15);
    const { claim, insurer, payee } = asked.quote;
    const deadline = Number((await chain.reader.getBlock()).timestamp) + 3_600;
    const args = [claim, insurer, payee, asked.beneficiary, asked.amount, deadline] as const;
    const registrar = chain.as(privateKeyToAccount(chain.keys.registrar));
    await chain.mined(await registrar.writeContract({ ...fund(), functionName: 'grant', args }));
    expect(await office.help(asked)).toMatchObject({ amount: `${coins(15)}` });
    expect(await paidOf(claim)).toBe(coins(15));
  });

  it('pays no more than is open, and frees the rest', async () => {
    const asked = await request(20);
    await chain.mined(await chain.coPay([asked.quote, asked.signature], 12));
    expect(await office.help(asked)).toMatchObject({ amount: `${coins(8)}` });
    expect(await office.help(asked)).toMatchObject({ amount: `${coins(8)}` });
    expect((await books())[1]).toBe(0n);
  });

  it('leaves nothing granted where nothing is open', async () => {
    const asked = await request(20);
    await chain.mined(await chain.coPay([asked.quote, asked.signature], 20));
    expect(await refusalOf(office.help(asked))).toEqual(['WRONG_STATE', 'NothingOwed']);
    expect((await books())[1]).toBe(0n);
    const grant = await chain.reader.readContract({ ...fund(), functionName: 'grantOf', args: [asked.quote.claim] });
    expect(grant.deadline).toBe(0);
  });

  it('is held to the limits of the rules, for a person over all claims', async () => {
    expect(await refusalOf(office.help(await request(101)))).toEqual(['WRONG_STATE', 'AboveGrantLimit']);
    const person = hex();
    for (let nth = 0; nth < 5; nth += 1) {
      const [quote, signature] = await chain.quote(hex(), { insurer: 0, patient: 100 });
      await office.help({ quote, signature, beneficiary: person, amount: coins(100) });
    }
    expect(await refusalOf(office.help(await request(1, person)))).toEqual(['WRONG_STATE', 'AboveBeneficiaryLimit']);
  });

  it('is paid by nobody’s key but the officer’s, and by no quote but the insurer’s', async () => {
    expect(await refusalOf(officeOf(chain.keys.treasurer).help(await request(20)))).toEqual([
      'WRONG_STATE',
      'AccessControlUnauthorizedAccount',
    ]);
    const asked = await request(20);
    const forged = { ...asked, quote: { ...asked.quote, patientAmount: coins(90) } };
    expect(await refusalOf(office.help(forged))).toMatchObject(['WRONG_STATE', expect.any(String)]);
    expect((await books())[1]).toBe(0n);
  });

  it('waits where the chain is away', async () => {
    const away = officeOf(chain.keys.registrar, 'http://127.0.0.1:1');
    expect(await refusalOf(away.help(await request(1)))).toMatchObject(['ETHEREUM_UNAVAILABLE', expect.any(String)]);
  });
});
