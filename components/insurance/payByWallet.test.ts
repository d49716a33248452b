import { randomBytes } from 'node:crypto';
import { type Hex, toHex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BrowserWallet, pageOn } from '#components/settlement/walletTesting.ts';
import { coPayToSign, quoteOf } from '#components/vault/coPayPermit.ts';
import type { CoPayWays } from '#components/vault/memberships.ts';
import { testCoinAbi } from '#contracts/abi/testCoin.ts';
import { mintTestCoins } from '#contracts/deploy/institutions.ts';
import { coins, insurerId, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import type { CoPayTerms } from '#server/claims/schema.ts';
import { type PayStep, payByWallet } from './payByWallet.ts';

/** A patient's share paid from a wallet of the browser by one signature, on a real chain. */

const quoting = institutionHash(insurerId);
let chain: SettlementChain;
let page: ReturnType<typeof pageOn>;
let share: Hex;
let wallet: BrowserWallet;

beforeAll(async () => {
  chain = await SettlementChain.start();
}, 120_000);
afterAll(() => chain?.stop());
beforeEach(async () => {
  page = pageOn(chain);
  share = toHex(randomBytes(32));
  wallet = await newWallet();
});
afterEach(() => vi.unstubAllGlobals());

/** Without any ether: it only signs. */
async function newWallet({ owned = 50, chainId = 31_337 } = {}): Promise<BrowserWallet> {
  const account = privateKeyToAccount(generatePrivateKey());
  await mintTestCoins(chain.url, chain.keys.deployer, chain.deployment.settlementCoin, account.address, coins(owned));
  return new BrowserWallet(chain, account, chainId);
}

/** As the portal and the vault do it, of a bill of 100.00 with a share of 20.00. */
function ways(change: { bring?: CoPayWays['bring'] } = {}): CoPayWays {
  const { settlementCoin: address, careSettlement: settlement } = chain.deployment;
  const coin = { address, abi: testCoinAbi } as const;
  let terms: CoPayTerms;
  return {
    async terms(payer) {
      const [[quote, signature], bill, balance, nonce, [, name, version, chainId]] = await Promise.all([
        chain.quote(share, { insurer: 80, patient: 20 }),
        chain.reader.readContract({ ...chain.contract, functionName: 'billOf', args: [share, quoting] }),
        chain.reader.readContract({ ...coin, functionName: 'balanceOf', args: [payer] }),
        chain.reader.readContract({ ...coin, functionName: 'nonces', args: [payer] }),
        chain.reader.readContract({ ...coin, functionName: 'eip712Domain' }),
      ]);
      terms = {
        quote: { ...quote, insurerAmount: `${quote.insurerAmount}`, patientAmount: `${quote.patientAmount}` },
        ...{ signature, left: `${coins(20) - bill.patientPaid}`, chainId: Number(chainId), settlement },
        coin: {
          ...{ address, name, version, chainId: Number(chainId), symbol: 'MEUR', decimals: 6 },
          ...{ balance: `${balance}`, nonce: `${nonce}` },
        },
      };
      return terms;
    },
    toSign: async (asked, payer) => coPayToSign(asked, payer),
    async bring(permit) {
      const { signature } = terms;
      const hash = await chain.as(privateKeyToAccount(chain.submitterKey)).writeContract({
        ...{ ...chain.contract, functionName: 'payCoPayWithPermit' },
        args: [
          quoteOf(terms),
          signature as Hex,
          { ...permit, amount: BigInt(permit.amount), nonce: BigInt(permit.nonce) },
        ],
      });
      await chain.mined(hash);
      return hash;
    },
    ...change,
  };
}
const pay = async (with_: CoPayWays = ways()) => {
  const steps: PayStep[] = [];
  const work = payByWallet(page.config, wallet.connectorIn(page.config), with_, (step) => steps.push(step));
  return work.then(
    (hash) => ({ hash, steps }),
    ({ code, refusal, shortage }) => ({ code, refusal, shortage, steps }),
  );
};
const paid = () => {
  const args = [share, quoting, 1, wallet.account.address] as const;
  return chain.reader.readContract({ ...chain.contract, functionName: 'paidBy', args });
};

describe('a share paid from another wallet', () => {
  it('is signed for once, by a wallet without ether, and counts as paid from its address', async () => {
    expect(await pay()).toMatchObject({ steps: ['connecting', 'checking', 'signing', 'bringing'] });
    expect(await paid()).toBe(coins(20));
    expect(wallet.asked).toContain('eth_signTypedData_v4');
    expect(wallet.sends).toBe(0);
    // There is nothing left to sign for.
    expect(await pay()).toMatchObject({ code: 'REFUSED', refusal: 'NotOwed' });
    expect(await paid()).toBe(coins(20));
  });

  it('asks a wallet on another chain to change before it signs, and says where it does not', async () => {
    wallet = await newWallet({ chainId: 1 });
    wallet.declines.add('wallet_switchEthereumChain');
    expect(await pay()).toMatchObject({ code: 'WRONG_CHAIN' });
    expect(wallet.asked).not.toContain('eth_signTypedData_v4');
    wallet.declines.clear();
    const { steps } = await pay();
    expect(steps).toEqual(['connecting', 'switching', 'checking', 'signing', 'bringing']);
    expect(await paid()).toBe(coins(20));
  });

  it('is declined, and signed when the person is ready', async () => {
    wallet.declines.add('eth_signTypedData_v4');
    expect(await pay()).toMatchObject({ code: 'REJECTED', steps: ['connecting', 'checking', 'signing'] });
    wallet.declines.clear();
    expect(await pay()).toMatchObject({ hash: expect.stringMatching(/^0x/) });
  });

  it('is not signed for without the coins', async () => {
    wallet = await newWallet({ owned: 5 });
    expect(await pay()).toMatchObject({ code: 'NO_COIN', shortage: { has: coins(5), needed: coins(20) } });
    expect(wallet.asked).not.toContain('eth_signTypedData_v4');
  });

  it('is not brought where the contract would refuse it, by its own error: paid meanwhile, or not signed by its payer', async () => {
    const meanwhile = ways();
    const { toSign } = meanwhile;
    meanwhile.toSign = async (terms, payer) => {
      await chain.mined(await chain.coPay(await chain.quote(share, { insurer: 80, patient: 20 }), 15));
      return toSign(terms, payer);
    };
    expect(await pay(meanwhile)).toMatchObject({ code: 'REFUSED', refusal: 'NotOwed' });
    const another = ways();
    another.toSign = async (terms) => coPayToSign(terms, chain.pharmacy.address);
    expect(await pay(another)).toMatchObject({ code: 'REFUSED', refusal: 'PermitInvalid' });
    expect(await paid()).toBe(0n);
  });

  it('is brought again after the portal’s answer was lost, and never counts twice', async () => {
    const { bring, ...rest } = ways();
    const lost = async (permit: Parameters<typeof bring>[0]) => {
      await bring(permit);
      throw Object.assign(new Error(''), { code: 'OFFLINE' });
    };
    expect(await pay({ ...rest, bring: lost })).toMatchObject({ code: 'OFFLINE' });
    expect(await pay()).toMatchObject({ code: 'REFUSED', refusal: 'NotOwed' });
    expect(await paid()).toBe(coins(20));
  });
});
