import type { Hex } from 'viem';

/** EIP-712 types of what `PrescriptionToken` takes signed, for those who sign it: prescribers an issue, notaries an attestation. */

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
