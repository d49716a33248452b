import { randomBytes } from 'node:crypto';
import { erc20Abi, type Hex } from 'viem';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { coins, insurerId, pharmacyId, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import type { PaidIn, ShareTerms, Takings } from '#server/claims/schema.ts';
import type { WalletCall } from './checkCall.ts';
import { depositCall, giveBackCall, giveBackOnce, payShareCall, releaseCall, withdrawCall } from './settlementCalls.ts';
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
