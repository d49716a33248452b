import { keccak256, toHex } from 'viem';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { CryptoError } from '#crypto/errors.ts';
import type { NotaryTrust } from '#crypto/notarised.ts';
import { type Receipt, readReceipt, signersOf, verifyReceipt } from '#crypto/receipt.ts';
import type { HexAddress } from '#crypto/token.ts';
import type { VerifyChain } from './verifyDisclosure.ts';

/** What came of a receipt: `genuine` only where enough of the contract's notaries have signed all that it says. */
export type CheckedReceipt =
  | { outcome: 'genuine'; receipt: Receipt; notaries: HexAddress[]; threshold: number }
  | { outcome: 'forged' };

const notaryRole = keccak256(toHex('NOTARY_ROLE'));

/**
 * Checks a receipt in the reader's own browser: the node is asked who the notaries are, and never told what the receipt says. Throws
 * what keeps the chain from being asked.
 */
export async function checkReceipt(json: string, chain: VerifyChain): Promise<CheckedReceipt> {
  try {
    const receipt = readReceipt(json);
    const trust = await trustAmong(signersOf(receipt, receipt.token, receipt.signatures), chain);
    return { outcome: 'genuine', receipt, notaries: verifyReceipt(receipt, trust), threshold: trust.threshold };
  } catch (error) {
    if (error instanceof CryptoError) return { outcome: 'forged' };
    throw error;
  }
}

/** Whom to believe: those of the signers whom the contract has as notaries, and how many of them there have to be. */
export async function trustAmong(
  signers: readonly HexAddress[],
  { client, token: address }: VerifyChain,
): Promise<NotaryTrust> {
  const contract = { address, abi: prescriptionTokenAbi } as const;
  const [chainId, threshold, ...known] = await Promise.all([
    client.getChainId(),
    client.readContract({ ...contract, functionName: 'notaryThreshold' }),
    ...signers.map((signer) =>
      client.readContract({ ...contract, functionName: 'hasRole', args: [notaryRole, signer] }),
    ),
  ]);
  return {
    token: { chainId, contract: address },
    notaries: signers.filter((_, at) => known[at]),
    threshold: Number(threshold),
  };
}
