import { type Address, encodeFunctionData, erc20Abi, type Hex, zeroAddress } from 'viem';
import { call, estimateFeesPerGas, estimateGas, getBalance, readContract } from 'viem/actions';
import type { WalletConfig } from '#components/wallet/config.ts';
import { WalletProblem, walletProblemOf } from './walletProblem.ts';

/** A call of a contract, as a wallet sends it. */
export interface ContractCall {
  to: Address;
  data: Hex;
  /** Ether that goes with it, in wei. */
  value?: bigint;
}

export interface WalletCall extends ContractCall {
  /**
   * Coins that the contract takes from the sender with it, in the coin's smallest unit: where it may not take so many yet, the sender
   * lets it in a transaction before, and never more. Ether goes as `value`.
   */
  takes?: { coin: Address; amount: bigint };
}

/** The portal's chain, for reading. */
export function chainOf(config: WalletConfig) {
  const [chain] = config.chains;
  return config.getClient({ chainId: chain.id });
}

/** Throws NO_COIN where an address has fewer coins than that. */
export async function requireCoins(
  config: WalletConfig,
  owner: Address,
  { coin, amount }: { coin: Address; amount: bigint },
): Promise<void> {
  const of = { address: coin, abi: erc20Abi, functionName: 'balanceOf', args: [owner] } as const;
  const has = await readContract(chainOf(config), of);
  if (has < amount) throw new WalletProblem('NO_COIN', { shortage: { has, needed: amount } });
}

/** The transaction that lets the called contract take what it takes; undefined where it may already, or takes nothing. */
export async function approvalFor(
  config: WalletConfig,
  owner: Address,
  { to, takes }: WalletCall,
): Promise<ContractCall | undefined> {
  if (takes === undefined || takes.coin === zeroAddress) return undefined;
  const { coin, amount } = takes;
  const of = { address: coin, abi: erc20Abi, functionName: 'allowance', args: [owner, to] } as const;
  if ((await readContract(chainOf(config), of)) >= amount) return undefined;
  return { to: coin, data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [to, amount] }) };
}

/** Part of a gas estimate that is given besides it, since the state may change until the block: 1/4. */
const spareGas = 4n;

/**
 * The gas that a call is given. Throws REFUSED with the contract's own error where it would not be done, and NO_GAS where the sender has
 * too little ether for it.
 */
export async function gasOf(config: WalletConfig, account: Address, { to, data, value = 0n }: ContractCall) {
  const client = chainOf(config);
  const has = await getBalance(client, { address: account });
  const short = (needed: bigint): WalletProblem => new WalletProblem('NO_GAS', { shortage: { has, needed } });
  if (has < value) throw short(value);
  const estimate = await estimateGas(client, { account, to, data, value }).catch((error: unknown) => {
    throw walletProblemOf(error);
  });
  const gas = estimate + estimate / spareGas;
  const { maxFeePerGas } = await estimateFeesPerGas(client);
  const needed = gas * maxFeePerGas + value;
  if (has < needed) throw short(needed);
  return gas;
}

/** The name of the error with which a contract has refused what is in a block: asked again as of just before it, then as of it. */
export async function refusalOf(
  config: WalletConfig,
  account: Address,
  { to, data, value = 0n }: ContractCall,
  block: bigint,
): Promise<string | undefined> {
  for (const blockNumber of [block - 1n, block]) {
    try {
      await call(chainOf(config), { account, to, data, value, blockNumber });
    } catch (error) {
      const { code, refusal } = walletProblemOf(error);
      // A node that has forgotten the block says nothing about the contract.
      if (code === 'REFUSED' && refusal !== undefined) return refusal;
    }
  }
  return undefined;
}
