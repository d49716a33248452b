import { type Hex, hashTypedData, keccak256, toHex } from 'viem';

/** EIP-712 types of what the contracts take signed. Of `PrescriptionToken`: prescribers sign an issue, notaries an attestation. */

export const issueTypes = {
  Issue: [
    { name: 'tokenId', type: 'uint256' },
    { name: 'holder', type: 'address' },
    { name: 'commitment', type: 'bytes32' },
    { name: 'expires', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
} as const;

export const attestationTypes = {
  Attestation: [
    { name: 'tokenId', type: 'uint256' },
    { name: 'channel', type: 'bytes32' },
    { name: 'blockHash', type: 'bytes32' },
    { name: 'state', type: 'uint8' },
    { name: 'version', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
} as const;

/** What a prescriber signs. */
export interface Issue {
  tokenId: bigint;
  /** One-time address. */
  holder: Hex;
  commitment: Hex;
  /** Unix seconds, as `deadline`, after which the signature is void. */
  expires: bigint;
  deadline: bigint;
}

/** One deployment of the contract. */
export interface TokenDomain {
  chainId: number;
  verifyingContract: Hex;
}

/** The domain of one deployment: a signature for it is worth nothing on another chain or for another contract. */
export const tokenDomain = (chainId: number, verifyingContract: Hex) => ({
  name: 'Medloom PrescriptionToken',
  version: '2',
  chainId,
  verifyingContract,
});

/** EIP-712 types of what `CareSettlement` takes signed by an insurer's signer. */
export const quoteTypes = {
  Quote: [
    { name: 'claim', type: 'bytes32' },
    { name: 'insurer', type: 'bytes32' },
    { name: 'payee', type: 'bytes32' },
    { name: 'coin', type: 'address' },
    { name: 'insurerAmount', type: 'uint96' },
    { name: 'patientAmount', type: 'uint96' },
    { name: 'version', type: 'uint32' },
    { name: 'expires', type: 'uint40' },
  ],
} as const;

export const reversalTypes = {
  Reversal: [
    { name: 'claim', type: 'bytes32' },
    { name: 'insurer', type: 'bytes32' },
  ],
} as const;

/** What an insurer says is to be paid for a claim. */
export interface Quote {
  /** The claim's reference. */
  claim: Hex;
  /** `institutionHash` of the insurer, and of who is paid. */
  insurer: Hex;
  payee: Hex;
  /** ERC-20 token, or zero for ether. */
  coin: Hex;
  /** Shares in the coin's smallest unit. */
  insurerAmount: bigint;
  patientAmount: bigint;
  /** From 1; rises with every change of the claim's decision. */
  version: number;
  /** Unix seconds after which nothing is paid by it. */
  expires: number;
}

/** The domain of one deployment of `CareSettlement`. */
export const settlementDomain = (chainId: number, verifyingContract: Hex) => ({
  name: 'Medloom CareSettlement',
  version: '2',
  chainId,
  verifyingContract,
});

/** By which `CareSettlement` knows an institution. */
export const institutionHash = (institution: string): Hex => keccak256(toHex(institution));

/** EIP-2612, what a payer signs on the coin's own domain. */
export const permitTypes = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;

/**
 * The deadline of a permit that pays by one quote and nothing else: 27 bytes of the quote's digest, then 5 of the Unix second until
 * which `CareSettlement` takes it. The coin itself takes it for far longer, which moves nothing: the allowance that it gives
 * serves `CareSettlement` for this quote alone.
 */
export const permitDeadline = (
  domain: ReturnType<typeof settlementDomain>,
  quote: Quote,
  validUntil: number,
): bigint => {
  const digest = hashTypedData({ domain, types: quoteTypes, primaryType: 'Quote', message: quote });
  return (BigInt.asUintN(216, BigInt(digest)) << 40n) | BigInt(validUntil);
};
