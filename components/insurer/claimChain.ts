import { trustAmong } from '#components/verify/checkReceipt.ts';
import { isNoToken, type VerifyChain } from '#components/verify/verifyDisclosure.ts';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { type DispenseReceipt, dispenseReceiptKind } from '#crypto/dispenseReceipt.ts';
import { CryptoError } from '#crypto/errors.ts';
import { type NotaryTrust, signersOfStatement } from '#crypto/notarised.ts';
import type { HexAddress } from '#crypto/token.ts';

/** What Ethereum says of the prescription and the notaries of a claim, asked from this browser. Each throws where the node does not answer. */

/** Undefined where there is no such token. */
export async function tokenOf(
  tokenId: bigint,
  { client, token: address }: VerifyChain,
): Promise<{ commitment: string } | undefined> {
  try {
    return await client.readContract({
      ...{ address, abi: prescriptionTokenAbi, functionName: 'prescriptionOf', args: [tokenId] },
    });
  } catch (error) {
    if (isNoToken(error)) return undefined;
    throw error;
  }
}

/** Whom to believe of a dispense: those of its signers whom the contract has as notaries. */
export const trustOf = (receipt: DispenseReceipt | undefined, chain: VerifyChain): Promise<NotaryTrust> =>
  trustAmong(receipt === undefined ? [] : signersIn(receipt), chain);

/** Nobody where a signature is none: the check of the evidence says so. */
function signersIn({ token, signatures, ...stated }: DispenseReceipt): HexAddress[] {
  try {
    return signersOfStatement(dispenseReceiptKind, stated, token, signatures);
  } catch (error) {
    if (error instanceof CryptoError) return [];
    throw error;
  }
}
