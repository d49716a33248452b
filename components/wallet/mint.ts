import { type Address, BaseError, type Hex, keccak256, toHex, UserRejectedRequestError } from 'viem';
import { connect, getConnection, getConnections, readContract, signTypedData, switchChain } from 'wagmi/actions';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { issueTypes, tokenDomain } from '#contracts/typedData.ts';
import { tokenIdOf } from '#crypto/token.ts';
import { signedIssueSeconds } from '#server/transactions/schema.ts';
import { builtInWalletId } from './builtInConnector.ts';
import type { WalletConfig } from './config.ts';

export const mintErrors = {
  WRONG_CHAIN: 'The wallet is on another chain and did not switch.',
  REJECTED: 'The signature was declined in the wallet.',
  EXPIRED: 'The prescription has expired, so no token is signed.',
  VAULT_LOCKED: 'Your keys are locked.',
  ETHEREUM_UNAVAILABLE: 'The Ethereum chain does not answer.',
  FAILED: 'The wallet could not sign.',
} as const;
export type MintErrorCode = keyof typeof mintErrors;

/** Why nothing was signed. The prescription is valid all the same. */
export interface MintError {
  code: MintErrorCode;
  message: string;
}

export type MintOutcome = { ok: true; signature: Hex; deadline: number } | { ok: false; error: MintError };

export interface MintInput {
  prescriptionId: string;
  /** The one-time address. */
  holder: string;
  commitment: string;
  /** ISO 8601 instant */
  expires: string;
}

const isHex = (text: string, digits: number): text is Hex => new RegExp(`^0x[0-9a-fA-F]{${digits}}$`).test(text);

/**
 * Signs a prescription's token for the portal to bring to the chain, with a connected wallet of `linked` that may prescribe (where it
 * is left out: with whichever is connected), else with the built-in one. It costs no gas and waits for no block. Asks the wallet to
 * switch when it is on another chain. Never throws: what went wrong comes back by name.
 */
export async function signToken(
  config: WalletConfig,
  tokenAddress: string,
  input: MintInput,
  linked?: readonly string[],
): Promise<MintOutcome> {
  try {
    return await sign(config, tokenAddress, input, linked);
  } catch (error) {
    return refused(mintErrorOf(error));
  }
}

const refused = (code: MintErrorCode): MintOutcome => ({ ok: false, error: { code, message: mintErrors[code] } });

async function sign(
  config: WalletConfig,
  tokenAddress: string,
  input: MintInput,
  linked: readonly string[] | undefined,
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
  const expires = Math.floor(Date.parse(input.expires) / 1000);
  if (expires * 1000 <= Date.now()) return refused('EXPIRED');
  const deadline = Math.floor(Date.now() / 1000) + signedIssueSeconds;
  const signature = await signTypedData(config, {
    account,
    connector,
    domain: tokenDomain(chain.id, tokenAddress),
    types: issueTypes,
    primaryType: 'Issue',
    message: {
      tokenId: tokenIdOf(input.prescriptionId),
      holder,
      commitment,
      expires: BigInt(expires),
      deadline: BigInt(deadline),
    },
  });
  return { ok: true, signature, deadline };
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

/** A linked wallet may not prescribe until the connector has noted it; until then the built-in one does. */
async function mayMint(config: WalletConfig, address: Address, account: Address): Promise<boolean> {
  const args = [keccak256(toHex('PRESCRIBER_ROLE')), account] as const;
  return readContract(config, { abi: prescriptionTokenAbi, address, functionName: 'hasRole', args });
}

/** The name of whatever wallet or node threw. */
export function mintErrorOf(error: unknown): MintErrorCode {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof UserRejectedRequestError) return 'REJECTED';
    const code: unknown = Reflect.get(cause, 'code');
    if (code === 4001) return 'REJECTED';
    if (code === 'VAULT_LOCKED') return 'VAULT_LOCKED';
    if (code === 'ETHEREUM_UNAVAILABLE' || code === 'OFFLINE' || code === 'RATE_LIMITED') return 'ETHEREUM_UNAVAILABLE';
    if (cause.name === 'ConnectorChainMismatchError' || cause.name === 'ChainMismatchError') return 'WRONG_CHAIN';
    if (!(cause instanceof BaseError) && cause.cause === undefined) break;
  }
  return 'FAILED';
}
