import { type Abi, BaseError, decodeErrorResult, type Hex, InsufficientFundsError, isHex } from 'viem';
import { isRejection, problemOf } from '#components/ui/errors.ts';
import { assistanceFundAbi } from '#contracts/abi/assistanceFund.ts';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import { testCoinAbi } from '#contracts/abi/testCoin.ts';

/** What prevents something that a person sends by a wallet; words for it are in `messages/en/settlement.ts`. */
export type WalletProblemCode =
  | 'WRONG_CHAIN'
  | 'WRONG_ACCOUNT'
  | 'NO_COIN'
  | 'NO_GAS'
  | 'REJECTED'
  | 'REFUSED'
  | 'CHANGED'
  | 'REVERTED'
  | 'CANCELLED'
  | 'REPLACED'
  | 'DROPPED'
  | 'UNKNOWN'
  | 'ELSEWHERE'
  | 'WALLET_LIMITED'
  | 'WALLET_FAILED';

/** What the wallet lacks, in smallest units. */
export interface Shortage {
  has: bigint;
  needed: bigint;
}

/** Why something was not sent or not done. `code` is a `WalletProblemCode`, or the portal's own. */
export class WalletProblem extends Error {
  readonly code: string;
  /** The name of the contract's own error, where it has given one. */
  readonly refusal: string | undefined;
  readonly shortage: Shortage | undefined;

  constructor(
    code: string,
    { words = '', ...why }: { words?: string; refusal?: string | undefined; shortage?: Shortage; cause?: unknown } = {},
  ) {
    super(words, { cause: why.cause });
    this.name = 'WalletProblem';
    this.code = code;
    this.refusal = why.refusal;
    this.shortage = why.shortage;
  }
}

const contracts: readonly Abi[] = [careSettlementAbi, testCoinAbi, assistanceFundAbi];

/** The data with which a contract has refused a call; undefined where it was not the contract that failed it. */
function revertDataOf(error: BaseError): Hex | undefined {
  let found: Hex | undefined;
  error.walk((cause) => {
    const data: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'data') : undefined;
    const within: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'data') : data;
    if (!isHex(within)) return false;
    found = within;
    return true;
  });
  return found;
}

/** The name of a contract's error by its data, or the text that a contract gave instead; undefined where neither is known. */
function refusalNameOf(data: Hex): string | undefined {
  for (const abi of contracts) {
    try {
      const { errorName, args } = decodeErrorResult({ abi, data });
      return errorName === 'Error' ? String(args?.[0]) : errorName;
    } catch {
      // Another contract's, or none that is known here.
    }
  }
  return undefined;
}

/**
 * What an error of wallet or chain means, beforehand (`REFUSED` where the contract would refuse) or of what was sent. Codes of the portal
 * and of the vault stay what they are.
 */
export function walletProblemOf(thrown: unknown): WalletProblem {
  if (thrown instanceof WalletProblem) return thrown;
  if (isRejection(thrown)) return new WalletProblem('REJECTED', { cause: thrown });
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) {
    const { code } = problemOf(cause);
    if (code === 'VAULT_LOCKED') return new WalletProblem(code, { cause: thrown });
    // By itself it is the vault's word on what was to be signed; from within a wallet, on what the wallet does.
    if (code === 'WALLET_REFUSED' && cause !== thrown) return new WalletProblem('WALLET_LIMITED', { cause: thrown });
    if (code === 'ETHEREUM_UNAVAILABLE' || code === 'OFFLINE' || code === 'RATE_LIMITED')
      return new WalletProblem(code, { cause: thrown });
    if (cause.name === 'ConnectorChainMismatchError' || cause.name === 'ChainMismatchError')
      return new WalletProblem('WRONG_CHAIN', { cause: thrown });
    if (cause instanceof InsufficientFundsError) return new WalletProblem('NO_GAS', { cause: thrown });
  }
  if (thrown instanceof BaseError) {
    const data = revertDataOf(thrown);
    if (data !== undefined) return new WalletProblem('REFUSED', { refusal: refusalNameOf(data), cause: thrown });
    if (/\brevert(ed)?\b/i.test(thrown.message)) return new WalletProblem('REFUSED', { cause: thrown });
    if (/insufficient funds/i.test(thrown.message)) return new WalletProblem('NO_GAS', { cause: thrown });
  }
  const { code, message } = problemOf(thrown, 'WALLET_FAILED');
  // A wallet's own numbers say nothing to the person; what a server said by name does.
  const isNamed = code !== 'WALLET_FAILED' && /^[A-Z_]+$/.test(code);
  return new WalletProblem(isNamed ? code : 'WALLET_FAILED', { cause: thrown, ...(isNamed && { words: message }) });
}
