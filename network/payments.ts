import { createPublicClient, getAddress, http, isAddressEqual } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { assistanceFundAbi } from '#contracts/abi/assistanceFund.ts';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import { testCoinAbi } from '#contracts/abi/testCoin.ts';
import type { Deployment } from '#contracts/deploy/deploy.ts';
import {
  appointFundAdmins,
  giveRights,
  giveToFund,
  mintTestCoins,
  namePayees,
  nameTreasurer,
  openInsurer,
  prefund,
  readTreasurer,
  type Unappointed,
} from '#contracts/deploy/institutions.ts';
import { institutionHash } from '#contracts/typedData.ts';
import type { House } from './demonstration/insurance/houses.ts';
import { institutions } from './demonstration/people.ts';
import { fundAccounts } from './funding.ts';
import { addressOf, type Secrets } from './secrets.ts';

/** Of the accounts that the secret words give: the payout addresses of providers begin there. */
const firstPayout = 10;
/** What a patient’s address for bills is filled up to, and below which it is filled; in the coin’s major unit, as all that follows. */
const purse = { filled: 200n, least: 50n };
/** What the assistance fund is given, where it has less left to grant. */
const gift = { given: 10_000n, least: 1_000n };
/** Likewise of who pays for an insurer. */
const till = { filled: 5_000n, least: 2_000n };
const limits = { perDay: 50_000n, releaseAbove: 1_000n, prefunded: 100_000n, least: 10_000n };

/**
 * Has the demonstration's insurer and providers known to `CareSettlement`: who signs quotes and pays, who releases, and where payments go; of test
 * coins the insurer's account and the assistance fund are filled again where little is left. What is so already is not sent again; limits
 * and rights of an account that is open already are left as they were set since.
 */
export async function openPayments(options: PaymentsOptions): Promise<void> {
  const { rpcUrl, deployment, secrets, minterKey } = options;
  const { careSettlement, settlementCoin: coin } = deployment;
  const { registrarKey, treasurerKey } = secrets;
  const providers = institutions.filter(({ kind }) => kind === 'hospital' || kind === 'pharmacy');
  const payees = Object.fromEntries(
    providers.map(({ id }, index) => [
      id,
      mnemonicToAccount(secrets.mnemonic, { addressIndex: firstPayout + index }).address,
    ]),
  );
  // A person's wallet that stands for one stays.
  await namePayees({ rpcUrl, careSettlement, registrarKey, payees, onlyNew: true });
  const client = createPublicClient({ transport: http(rpcUrl) });
  const decimals = await client.readContract({ address: coin, abi: testCoinAbi, functionName: 'decimals' });
  const unit = 10n ** BigInt(decimals);
  const treasurer = addressOf(treasurerKey);
  for (const { id: institution } of institutions.filter(({ kind }) => kind === 'insurer')) {
    await openInsurer({
      ...{ rpcUrl, careSettlement, registrarKey, treasurerKey, institution, coin },
      signer: addressOf(secrets.adjudicatorKey),
      rights: [
        { account: addressOf(secrets.adjudicatorKey), spends: true, releases: false },
        { account: treasurer, spends: false, releases: true },
      ],
      ...{ perDay: limits.perDay * unit, releaseAbove: limits.releaseAbove * unit, onlyNew: true },
    });
    if (minterKey === undefined) continue;
    const args = [institutionHash(institution), coin] as const;
    const call = { address: careSettlement, abi: careSettlementAbi, functionName: 'purseOf', args } as const;
    if ((await client.readContract(call)).balance >= limits.least * unit) continue;
    const amount = limits.prefunded * unit;
    await mintTestCoins(rpcUrl, minterKey, coin, treasurer, amount);
    await prefund({ rpcUrl, careSettlement, institution, coin, fromKey: treasurerKey, amount });
  }
  if (minterKey !== undefined) await fillFund({ rpcUrl, deployment, minterKey, unit });
}

/**
 * What keeps insurers' accounts from paying by themselves and only their treasurers can mend, in words: another key than this network's
 * adjudicator's is to sign quotes, as after it was replaced, or there are no limits for this coin, as after another was chosen.
 */
export async function accountFaults({
  rpcUrl,
  deployment: { careSettlement: address, settlementCoin: coin },
  secrets,
}: Omit<PaymentsOptions, 'minterKey'>): Promise<string[]> {
  const client = createPublicClient({ transport: http(rpcUrl) });
  const contract = { address, abi: careSettlementAbi } as const;
  const own = addressOf(secrets.adjudicatorKey);
  const found: string[] = [];
  for (const { id, name } of institutions.filter(({ kind }) => kind === 'insurer')) {
    const hash = institutionHash(id);
    const [runs, signs] = await client.readContract({ ...contract, functionName: 'insurerOf', args: [hash] });
    const { perDay, releaseAbove } = await client.readContract({
      ...{ ...contract, functionName: 'purseOf', args: [hash, coin] },
    });
    const mends = `Its treasurer, ${runs}, mends it on the page /insurer/payouts.`;
    if (!isAddressEqual(signs, own))
      found.push(`${name}: its account takes quotes of ${signs}, and its adjudicator signs with ${own}. ${mends}`);
    if (perDay === 0n && releaseAbove === 0n)
      found.push(`${name}: its account has no limits for the coin ${coin}, so that nothing is paid from it. ${mends}`);
  }
  return found;
}

export interface PaymentsOptions {
  rpcUrl: string;
  deployment: Deployment;
  secrets: Secrets;
  /** That made the test coin; undefined where another coin is paid in, which nobody here can make. */
  minterKey: `0x${string}` | undefined;
}

/** Gives the assistance fund test coins, in the name of who makes them, where it has little left. */
async function fillFund({ rpcUrl, deployment, minterKey, unit }: FundOptions): Promise<void> {
  const { assistanceFund: fund, settlementCoin: coin } = deployment;
  const client = createPublicClient({ transport: http(rpcUrl) });
  const [, , , left] = await client.readContract({ address: fund, abi: assistanceFundAbi, functionName: 'books' });
  if (left >= gift.least * unit) return;
  const amount = gift.given * unit;
  await mintTestCoins(rpcUrl, minterKey, coin, addressOf(minterKey), amount);
  await giveToFund({ rpcUrl, fund, coin, fromKey: minterKey, amount });
}

interface FundOptions {
  rpcUrl: string;
  deployment: Deployment;
  minterKey: `0x${string}`;
  /** The coin's smallest units in its major one. */
  unit: bigint;
}

/** Gives addresses test coins, where they have few left: patients' to try paying bills with. */
export async function fillPurses(
  { rpcUrl, coin, minterKey }: { rpcUrl: string; coin: `0x${string}`; minterKey: `0x${string}` },
  purses: readonly string[],
  { filled, least } = purse,
): Promise<void> {
  const client = createPublicClient({ transport: http(rpcUrl) });
  const decimals = await client.readContract({ address: coin, abi: testCoinAbi, functionName: 'decimals' });
  const unit = 10n ** BigInt(decimals);
  for (const address of purses) {
    const holder: `0x${string}` = `0x${address.slice(2)}`;
    const call = { address: coin, abi: testCoinAbi, functionName: 'balanceOf', args: [holder] } as const;
    const balance = await client.readContract(call);
    if (balance >= least * unit) continue;
    await mintTestCoins(rpcUrl, minterKey, coin, holder, filled * unit - balance);
  }
}

/**
 * Has people's wallets stand for their institutions: a provider's takes out what it was paid; the insurer's pays, releases what its
 * adjudicator proposes, and runs the account in the place of the network's own key, which may do nothing for it from then on. What its
 * treasurer has set since is left. The authority's sets the assistance fund's rules, as the fund's deployer may, too, unless that was taken
 * from it. Each gets ether for gas. Resolves to why the authority's was not let, where it was not.
 */
export async function handToPeople(
  options: PaymentsOptions & { gas: { fromKey: `0x${string}`; ether: string }; fromBlock?: bigint },
  houses: readonly House[],
): Promise<Unappointed | undefined> {
  const { rpcUrl, deployment, secrets, minterKey, gas, fromBlock = 0n } = options;
  const { careSettlement, assistanceFund: fund, settlementCoin: coin } = deployment;
  const { registrarKey, treasurerKey } = secrets;
  const held = houses.map(({ institution, address }) => ({ institution, account: getAddress(address) }));
  const accounts = held.map(({ account }) => ({ address: account, ether: gas.ether }));
  await fundAccounts(rpcUrl, gas.fromKey, accounts);
  const isInsurer = ({ institution }: { institution: string }) =>
    institutions.some(({ id, kind }) => id === institution && kind === 'insurer');
  const isAuthority = ({ institution }: { institution: string }) =>
    institutions.some(({ id, kind }) => id === institution && kind === 'authority');
  const admins = held.filter(isAuthority).map(({ account }) => account);
  const unappointed = await appointFundAdmins({ rpcUrl, fund, adminKey: gas.fromKey, admins, fromBlock });
  const providers = held.filter((house) => !isInsurer(house) && !isAuthority(house));
  const payees = providers.map(({ institution, account }) => [institution, account]);
  await namePayees({ rpcUrl, careSettlement, registrarKey, payees: Object.fromEntries(payees) });
  const own = addressOf(treasurerKey);
  for (const { institution, account } of held.filter(isInsurer)) {
    if (minterKey !== undefined) await fillPurses({ rpcUrl, coin, minterKey }, [account], till);
    if (!isAddressEqual(await readTreasurer(rpcUrl, careSettlement, institution), own)) continue;
    const rights = [
      { account, spends: true, releases: true },
      { account: own, spends: false, releases: false },
    ];
    await giveRights({ rpcUrl, careSettlement, treasurerKey, institution, rights });
    await nameTreasurer({ rpcUrl, careSettlement, registrarKey, institution, treasurer: account });
  }
  return unappointed;
}
