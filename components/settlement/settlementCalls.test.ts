import { randomBytes } from 'node:crypto';
import { type Address, erc20Abi, type Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { coins, insurerId, pharmacyId, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { t } from '#messages/en.ts';
import type { PaidIn, ShareTerms, Takings } from '#server/claims/schema.ts';
import { gasOf, type WalletCall } from './checkCall.ts';
import {
  depositCall,
  giveBackCall,
  giveBackOnce,
  limitsCall,
  payShareCall,
  releaseCall,
  rightsCall,
  withdrawCall,
  withdrawFundsCall,
} from './settlementCalls.ts';
import { pageOn } from './walletTesting.ts';

/** Each call as a wallet sends it, to the contract itself. */

let chain: SettlementChain;
let paidIn: PaidIn;
const insurer = institutionHash(insurerId);
const payee = institutionHash(pharmacyId);

beforeAll(async () => {
  chain = await SettlementChain.start();
  const { careSettlement: settlement, settlementCoin: coin } = chain.deployment;
  paidIn = { settlement, coin, unit: '10000', currency: 'EUR' };
}, 120_000);
afterAll(() => chain?.stop());

type Account = SettlementChain['pharmacy'];
async function send(account: Account, { to, data, takes }: WalletCall): Promise<void> {
  if (takes !== undefined) {
    const approval = { address: takes.coin, abi: erc20Abi, functionName: 'approve', args: [to, takes.amount] } as const;
    await chain.mined(await chain.as(account).writeContract(approval));
  }
  await chain.mined(await chain.as(account).sendTransaction({ to, data }));
}
const coinsOf = ({ address }: Pick<Account, 'address'>) =>
  chain.reader.readContract({ address: paidIn.coin, abi: erc20Abi, functionName: 'balanceOf', args: [address] });
const billOf = (claim: Hex) =>
  chain.reader.readContract({ ...chain.contract, functionName: 'billOf', args: [claim, insurer] });
const purse = () =>
  chain.reader.readContract({ ...chain.contract, functionName: 'purseOf', args: [insurer, paidIn.coin] });
const withdrawable = () =>
  chain.reader.readContract({ ...chain.contract, functionName: 'withdrawableOf', args: [payee, paidIn.coin] });
const fresh = () => {
  const reference = randomBytes(32).toString('hex');
  return { reference, claim: `0x${reference}` as const };
};
const takings = async (): Promise<Takings> => ({
  ...{ paidIn, payee, payout: chain.pharmacy.address, holder: null, toGiveBack: [] },
  withdrawable: `${await withdrawable()}`,
});
const owed = {
  ...{ claim: `clm-${'a'.repeat(26)}`, insurer: institutionHash(insurerId), name: 'The Insurer', currency: 'EUR' },
};

it('releases what another has proposed', async () => {
  const { reference, claim } = fresh();
  const quoted = await chain.quote(claim, { insurer: 2_000, patient: 0 });
  await chain.mined(
    await chain.as(chain.adjudicator).writeContract({ ...chain.contract, functionName: 'propose', args: quoted }),
  );
  await send(chain.releaser, releaseCall(paidIn, { reference }, insurerId, 1));
  expect((await billOf(claim)).insurerPaid).toBe(coins(2_000));
});

it('pays a share with coins of a wallet, and takes out and gives back what was paid', async () => {
  const { reference, claim } = fresh();
  const [quote, signature] = await chain.quote(claim, { insurer: 80, patient: 20 });
  await chain.mined(
    await chain.as(chain.patient).writeContract({
      ...{
        address: paidIn.coin,
        abi: erc20Abi,
        functionName: 'transfer',
        args: [chain.adjudicator.address, coins(80)],
      },
    }),
  );
  const said = { ...quote, insurerAmount: `${quote.insurerAmount}`, patientAmount: `${quote.patientAmount}` };
  const terms: ShareTerms = { paidIn, quote: said, signature, left: `${coins(80)}`, treasurer: null, own: [] };
  await send(chain.adjudicator, payShareCall(terms));
  await chain.mined(await chain.coPay([quote, signature], 20));
  expect(await billOf(claim)).toMatchObject({ insurerPaid: coins(80), patientPaid: coins(20) });

  const patient = { ...owed, reference, payer: 'patient', from: chain.patient.address, why: 'reversed' } as const;
  await send(chain.pharmacy, giveBackCall(await takings(), { ...patient, amount: 2_000 }));
  expect((await billOf(claim)).patientPaid).toBe(0n);

  const [before, there] = [await coinsOf(chain.pharmacy), await withdrawable()];
  await send(chain.pharmacy, withdrawCall(await takings()));
  expect((await coinsOf(chain.pharmacy)) - before).toBe(there);
  // Nothing lies there any more: what is given back comes from the wallet.
  const share = { ...owed, reference, payer: 'insurer', from: paidIn.settlement, why: 'reversed' } as const;
  const call = giveBackCall(await takings(), { ...share, amount: 8_000 });
  expect(call.takes).toEqual({ coin: paidIn.coin, amount: coins(80) });
  await send(chain.pharmacy, call);
  expect((await billOf(claim)).insurerPaid).toBe(0n);
});

it('gives a part of a payment back once, whatever an older list says', async () => {
  const { config } = pageOn(chain);
  const { reference, claim } = fresh();
  await chain.mined(await chain.coPay(await chain.quote(claim, { insurer: 80, patient: 20 }), 20));
  const patient = { ...owed, reference, payer: 'patient', from: chain.patient.address, why: 'tooMuch' } as const;
  const listed = { ...patient, amount: 500, paid: 2_000 };
  await send(chain.pharmacy, await giveBackOnce(config, await takings(), listed));
  const again = giveBackOnce(config, await takings(), listed);
  await expect(again).rejects.toMatchObject({ code: 'REFUSED', refusal: 'NotPaid' });
  expect((await billOf(claim)).patientPaid).toBe(coins(15));
  vi.unstubAllGlobals();
});

it('pays into an account', async () => {
  const { balance } = await purse();
  await send(chain.patient, depositCall(paidIn, insurerId, 10_050));
  expect((await purse()).balance - balance).toBe(coins(100.5));
});

describe('what a treasurer sends', () => {
  const treasurer = () => privateKeyToAccount(chain.keys.treasurer);
  const rightsOf = (account: Address) =>
    chain.reader.readContract({ ...chain.contract, functionName: 'rightsOf', args: [insurer, account] });

  it('sets the limits', async () => {
    await send(treasurer(), limitsCall(paidIn, insurerId, { perDay: 4_000_050, releaseAbove: 0 }));
    expect(await purse()).toMatchObject({ perDay: coins(40_000.5), releaseAbove: 0n });
    await send(treasurer(), limitsCall(paidIn, insurerId, { perDay: 5_000_000, releaseAbove: 100_000 }));
    expect(await purse()).toMatchObject({ perDay: coins(50_000), releaseAbove: coins(1_000) });
  });

  it('lets a wallet pay or release, and takes it away', async () => {
    const account = privateKeyToAccount(generatePrivateKey()).address;
    await send(treasurer(), rightsCall(paidIn, insurerId, account, { spends: true, releases: false }));
    expect(await rightsOf(account)).toEqual([true, false]);
    await send(treasurer(), rightsCall(paidIn, insurerId, account, { spends: false, releases: true }));
    expect(await rightsOf(account)).toEqual([false, true]);
    await send(treasurer(), rightsCall(paidIn, insurerId, account, { spends: false, releases: false }));
    expect(await rightsOf(account)).toEqual([false, false]);
  });

  it('takes money out of the account', async () => {
    const [{ balance }, before] = [await purse(), await coinsOf(treasurer())];
    await send(treasurer(), withdrawFundsCall(paidIn, insurerId, 10_050));
    expect(balance - (await purse()).balance).toBe(coins(100.5));
    expect((await coinsOf(treasurer())) - before).toBe(coins(100.5));
  });

  it('is refused to everybody else, and beyond what there is, before it is sent and in words', async () => {
    const { config } = pageOn(chain);
    const tooMuch = Number((await purse()).balance / BigInt(paidIn.unit)) + 1;
    const rights = { spends: true, releases: true };
    const refused: [Address, WalletCall, string][] = [
      [chain.releaser.address, limitsCall(paidIn, insurerId, { perDay: 1, releaseAbove: 1 }), 'NotTreasurer'],
      [chain.releaser.address, rightsCall(paidIn, insurerId, chain.releaser.address, rights), 'NotTreasurer'],
      [chain.releaser.address, withdrawFundsCall(paidIn, insurerId, 1), 'NotTreasurer'],
      [treasurer().address, withdrawFundsCall(paidIn, insurerId, tooMuch), 'TooLittleFunds'],
      [treasurer().address, limitsCall(paidIn, 'inst-nobody', { perDay: 1, releaseAbove: 1 }), 'UnknownInsurer'],
    ];
    for (const [account, call, refusal] of refused) {
      await expect(gasOf(config, account, call)).rejects.toMatchObject({ code: 'REFUSED', refusal });
      expect(t.settlement.refusals[refusal]).toBeTypeOf('string');
    }
    vi.unstubAllGlobals();
  });
});
