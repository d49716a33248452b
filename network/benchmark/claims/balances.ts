import { privateKeyToAccount } from 'viem/accounts';
import { testCoinAbi } from '#contracts/abi/testCoin.ts';
import { mintTestCoins, namePayees, openInsurer, prefund } from '#contracts/deploy/institutions.ts';
import { institutionHash } from '#contracts/typedData.ts';
import type { SettlementPayment } from '#server/gateways/ethereum/settlementEvents.ts';
import type { Account } from './books.ts';
import type { PaymentChain } from './chain.ts';
import type { MemoryLedger } from './memoryLedger.ts';

/** Of the coin's smallest unit: enough for every claim. */
const plenty = 1_000_000n * 10n ** 6n;
const releaseAbove = 1_000n * 10n ** 6n;

type Institutions = Pick<MemoryLedger, 'insurer' | 'pharmacy'>;

/** Names the ledger's institutions on the chain, fills the insurer's account, and gives the patients coins. */
export async function prepareAccounts({ chain, holder }: PaymentChain, { insurer, pharmacy }: Institutions) {
  const { careSettlement, settlementCoin: coin } = chain.deployment;
  const { keys, url: rpcUrl } = chain;
  const base = { rpcUrl, careSettlement };
  await namePayees({ ...base, registrarKey: keys.registrar, payees: { [pharmacy]: chain.pharmacy.address } });
  await openInsurer({
    ...{ ...base, registrarKey: keys.registrar, treasurerKey: keys.treasurer, institution: insurer, coin },
    signer: chain.adjudicator.address,
    rights: [
      { account: chain.adjudicator.address, spends: true, releases: false },
      { account: chain.releaser.address, spends: false, releases: true },
    ],
    ...{ perDay: plenty, releaseAbove },
  });
  const treasurer = privateKeyToAccount(keys.treasurer).address;
  for (const to of [treasurer, chain.patient.address, holder.address])
    await mintTestCoins(rpcUrl, keys.deployer, coin, to, plenty);
  await prefund({ ...base, institution: insurer, coin, fromKey: keys.treasurer, amount: plenty });
  const approval = {
    address: coin,
    abi: testCoinAbi,
    functionName: 'approve',
    args: [careSettlement, plenty],
  } as const;
  await chain.mined(await chain.as(chain.patient).writeContract(approval));
}

/** What lies where, in the coin's smallest unit. */
export interface Balances {
  purse: bigint;
  payee: bigint;
  patient: bigint;
  holder: bigint;
  /** Given back to them, and not taken out yet. */
  patientBack: bigint;
  holderBack: bigint;
  /** The contract's own coins, and what it says it holds for everybody. */
  coins: bigint;
  held: bigint;
}

export async function readBalances({ chain, client, holder }: PaymentChain, of: Institutions): Promise<Balances> {
  const { settlementCoin: coin, careSettlement } = chain.deployment;
  const { contract, patient } = chain;
  const insurer = institutionHash(of.insurer);
  const payee = institutionHash(of.pharmacy);
  const coinsOf = (account: `0x${string}`) =>
    client.readContract({ address: coin, abi: testCoinAbi, functionName: 'balanceOf', args: [account] });
  const backTo = (account: `0x${string}`) =>
    client.readContract({ ...contract, functionName: 'refundableOf', args: [account, coin] });
  return {
    purse: (await client.readContract({ ...contract, functionName: 'purseOf', args: [insurer, coin] })).balance,
    payee: await client.readContract({ ...contract, functionName: 'withdrawableOf', args: [payee, coin] }),
    patient: await coinsOf(patient.address),
    holder: await coinsOf(holder.address),
    patientBack: await backTo(patient.address),
    holderBack: await backTo(holder.address),
    coins: await coinsOf(careSettlement),
    held: await client.readContract({ ...contract, functionName: 'heldOf', args: [coin] }),
  };
}

/** Each balance with what the events say has come and gone. */
export function accountsOf(
  before: Balances,
  after: Balances,
  events: readonly SettlementPayment[],
  { settlement, patient, holder }: { settlement: string; patient: string; holder: string },
): Account[] {
  const sum = (kind: SettlementPayment['kind'], from?: string) =>
    events
      .filter((event) => event.kind === kind && (from === undefined || event.from === from.toLowerCase()))
      .reduce((total, { amount }) => total + amount, 0n);
  const moved: Record<keyof Balances, bigint> = {
    purse: sum('refund', settlement) - sum('payment', settlement),
    payee: sum('payment') - sum('refund'),
    patient: -sum('payment', patient),
    holder: -sum('payment', holder),
    patientBack: sum('refund', patient),
    holderBack: sum('refund', holder),
    // What an insurer pays from its account stays here; what patients bring comes in.
    coins: sum('payment', patient) + sum('payment', holder),
    held: sum('payment', patient) + sum('payment', holder),
  };
  const names = Object.keys(moved) as (keyof Balances)[];
  return names.map((name) => ({ name, before: before[name], after: after[name], moved: moved[name] }));
}
