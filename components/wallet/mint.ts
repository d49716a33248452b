import {
  type Address,
  BaseError,
  ContractFunctionRevertedError,
  type Hex,
  InsufficientFundsError,
  keccak256,
  toHex,
  UserRejectedRequestError,
} from 'viem';
import {
  connect,
  getConnection,
  getConnections,
  readContract,
  simulateContract,
  switchChain,
  waitForTransactionReceipt,
  writeContract,
} from 'wagmi/actions';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { tokenIdOf } from '#crypto/token.ts';
import { builtInWalletId } from './builtInConnector.ts';
import type { WalletConfig } from './config.ts';

export const mintErrors = {
  WRONG_CHAIN: 'The wallet is on another chain and did not switch.',
  REJECTED: 'The signature was declined in the wallet.',
  NO_FUNDS: 'The wallet has not enough ether to pay for the transaction.',
  NOT_PRESCRIBER: 'This wallet is not registered as a prescriber’s.',
  ALREADY_MINTED: 'The token of this prescription exists already.',
  EXPIRED: 'The prescription has expired, so no token is minted.',
  REPLACED: 'The transaction was cancelled or replaced in the wallet.',
  REVERTED: 'The token contract refused the transaction.',
  TIMEOUT: 'The transaction is sent and not yet in a block.',
  VAULT_LOCKED: 'Your keys are locked.',
  ETHEREUM_UNAVAILABLE: 'The Ethereum chain does not answer.',
  FAILED: 'The wallet could not send the transaction.',
} as const;
export type MintErrorCode = keyof typeof mintErrors;

/** Why there is no token yet. The prescription is valid all the same. */
export interface MintError {
  code: MintErrorCode;
  message: string;
  /** Of a transaction that was sent, which may still be recorded. */
  transactionHash?: Hex;
}

export type MintOutcome = { ok: true; transactionHash: Hex } | { ok: false; error: MintError };

export interface MintInput {
  prescriptionId: string;
  /** The one-time address. */
  holder: string;
  commitment: string;
  /** ISO 8601 instant */
  expires: string;
}

const receiptTimeout = 60_000;
const isHex = (text: string, digits: number): text is Hex => new RegExp(`^0x[0-9a-fA-F]{${digits}}$`).test(text);

/**
 * Mints a prescription's token with a connected wallet of `linked` that may mint (where it is left out: with whichever
 * is connected), else with the built-in one, and waits for its block. Asks the wallet to switch when it is on another
 * chain. Never throws: what went wrong comes back by name.
 */
export async function mintPrescription(
  config: WalletConfig,
  tokenAddress: string,
  input: MintInput,
  linked?: readonly string[],
): Promise<MintOutcome> {
  const progress: { hash?: Hex } = {};
  try {
    return await mint(config, tokenAddress, input, linked, progress);
  } catch (error) {
    return refused(mintErrorOf(error), progress.hash);
  }
}

const refused = (code: MintErrorCode, transactionHash?: Hex): MintOutcome => ({
  ok: false,
  error: { code, message: mintErrors[code], ...(transactionHash !== undefined && { transactionHash }) },
});

async function mint(
  config: WalletConfig,
  tokenAddress: string,
  input: MintInput,
  linked: readonly string[] | undefined,
  progress: { hash?: Hex },
): Promise<MintOutcome> {
  const { holder, commitment } = input;
  if (!isHex(tokenAddress, 40) || !isHex(holder, 40) || !isHex(commitment, 64)) return refused('FAILED');
  const [chain] = config.chains;
  const { account, connector } = await usedWallet(config, tokenAddress, linked);
  if ((await connector.getChainId()) !== chain.id) {
    try {
      await switchChain(config, { chainId: chain.id, connector });
    } catch {
      return refused('WRONG_CHAIN');
    }
  }
  const expires = BigInt(Math.floor(Date.parse(input.expires) / 1000));
  // Simulated first: the contract's own reason is worth more than a wallet's error.
  const { request } = await simulateContract(config, {
    abi: prescriptionTokenAbi,
    address: tokenAddress,
    functionName: 'mint',
    args: [tokenIdOf(input.prescriptionId), holder, commitment, expires],
    account,
    chainId: chain.id,
    connector,
  });
  progress.hash = await writeContract(config, { ...request, account, connector });
  let replaced = false;
  const receipt = await waitForTransactionReceipt(config, {
    hash: progress.hash,
    chainId: chain.id,
    timeout: receiptTimeout,
    onReplaced: ({ reason }) => {
      replaced = reason !== 'repriced';
    },
  });
  if (replaced) return refused('REPLACED', receipt.transactionHash);
  if (receipt.status !== 'success') return refused('REVERTED', receipt.transactionHash);
  return { ok: true, transactionHash: receipt.transactionHash };
}

async function usedWallet(config: WalletConfig, tokenAddress: Address, linked: readonly string[] | undefined) {
  for (const { accounts, connector } of linked === undefined ? [] : getConnections(config)) {
    const account = accounts.find((address) => linked?.includes(address.toLowerCase()));
    if (account !== undefined && (await mayMint(config, tokenAddress, account))) return { account, connector };
  }
  const connection = getConnection(config);
  const usable = linked === undefined || connection.connector?.id === builtInWalletId;
  if (usable && connection.status === 'connected')
    return { account: connection.address, connector: connection.connector };
  const connector = config.connectors.find(({ id }) => id === builtInWalletId);
  if (connector === undefined) throw new Error('no built-in wallet');
  const { accounts } = await connect(config, { connector });
  const [account] = accounts as readonly Address[];
  if (account === undefined) throw new Error('no account');
  return { account, connector };
}

/** A linked wallet may not mint until the connector has noted it; until then the built-in one does. */
async function mayMint(config: WalletConfig, address: Address, account: Address): Promise<boolean> {
  const args = [keccak256(toHex('PRESCRIBER_ROLE')), account] as const;
  return readContract(config, { abi: prescriptionTokenAbi, address, functionName: 'hasRole', args });
}

const revertCodes: Record<string, MintErrorCode> = {
  AccessControlUnauthorizedAccount: 'NOT_PRESCRIBER',
  TokenExists: 'ALREADY_MINTED',
  ExpiryNotAhead: 'EXPIRED',
};

/** The name of whatever wallet, node or contract threw. */
export function mintErrorOf(error: unknown): MintErrorCode {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof UserRejectedRequestError) return 'REJECTED';
    if (cause instanceof InsufficientFundsError) return 'NO_FUNDS';
    if (cause instanceof ContractFunctionRevertedError) {
      return revertCodes[cause.data?.errorName ?? ''] ?? 'REVERTED';
    }
    const code: unknown = Reflect.get(cause, 'code');
    if (code === 4001) return 'REJECTED';
    if (code === 'VAULT_LOCKED') return 'VAULT_LOCKED';
    if (code === 'ETHEREUM_UNAVAILABLE' || code === 'OFFLINE' || code === 'RATE_LIMITED') return 'ETHEREUM_UNAVAILABLE';
    if (/insufficient funds|insufficient balance/i.test(cause.message)) return 'NO_FUNDS';
    if (cause.name === 'WaitForTransactionReceiptTimeoutError') return 'TIMEOUT';
    if (cause.name === 'ConnectorChainMismatchError' || cause.name === 'ChainMismatchError') return 'WRONG_CHAIN';
    if (!(cause instanceof BaseError) && cause.cause === undefined) break;
  }
  return 'FAILED';
}
