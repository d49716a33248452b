import { BaseError, ContractFunctionRevertedError, type Hex } from 'viem';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { type DispenseReceipt, dispenseReceiptKind } from '#crypto/dispenseReceipt.ts';
import { CryptoError } from '#crypto/errors.ts';
import { type NotaryTrust, signersOfStatement } from '#crypto/notarised.ts';
import { ConnectorError } from '../errors.ts';
import { openChain, type TokenAccess } from '../ethereum/chain.ts';
import { appointedBy } from '../notary/appointed.ts';
import { readTokenTerms } from '../notary/attest.ts';

/** What Ethereum says of prescriptions and their notaries. Throws ETHEREUM_UNAVAILABLE. */
export interface Tokens {
  /** Undefined where there is no such token. */
  tokenOf(tokenId: bigint): Promise<{ commitment: string } | undefined>;
  /** Whom to believe of a dispense: those of its signers whom the contract has as notaries. */
  trustFor(receipt: DispenseReceipt | undefined): Promise<NotaryTrust>;
}

export function openTokens(token: TokenAccess): Tokens {
  const appointed = appointedBy(token);
  return {
    tokenOf: async (tokenId) => {
      try {
        const chain = await openChain(token.rpcUrl);
        const contract = { address: token.address, abi: prescriptionTokenAbi } as const;
        return await chain.readContract({ ...contract, functionName: 'prescriptionOf', args: [tokenId] });
      } catch (cause) {
        if (isNoToken(cause)) return undefined;
        throw new ConnectorError('ETHEREUM_UNAVAILABLE', 'the token contract does not answer', { cause });
      }
    },
    trustFor: async (receipt) => {
      const { domain, threshold } = await readTokenTerms(token);
      const signers = receipt === undefined ? [] : signersIn(receipt);
      const notaries: Hex[] = [];
      for (const signer of signers) if (await appointed(signer)) notaries.push(signer);
      return { token: { chainId: domain.chainId, contract: domain.verifyingContract }, notaries, threshold };
    },
  };
}

/** The contract's own answer: a node's failure reads like a revert too, and is none. */
function isNoToken(error: unknown): boolean {
  const reverted =
    error instanceof BaseError ? error.walk((cause) => cause instanceof ContractFunctionRevertedError) : null;
  return reverted instanceof ContractFunctionRevertedError && reverted.data?.errorName === 'ERC721NonexistentToken';
}

/** Nobody where a signature is none: the check of the evidence says so. */
function signersIn({ token, signatures, ...stated }: DispenseReceipt): Hex[] {
  try {
    return signersOfStatement(dispenseReceiptKind, stated, token, signatures);
  } catch (error) {
    if (error instanceof CryptoError) return [];
    throw error;
  }
}
