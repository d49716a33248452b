import { bytesToHex, type Hex, keccak256, toHex } from 'viem';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { tokenStateOf, tokenStates } from '#chaincode/model/token.ts';

/** What a notary says about a prescription, in the contract's words; an attestation is this with a deadline. */
export interface Statement {
  tokenId: bigint;
  channel: Hex;
  blockHash: Hex;
  state: number;
  version: bigint;
}

/** `blockHash`: of the header of the block that holds the transaction which made this version. */
export function statementOf(channel: string, prescription: Prescription, blockHash: Uint8Array): Statement {
  return {
    tokenId: BigInt(keccak256(toHex(prescription.id))),
    channel: keccak256(toHex(channel)),
    blockHash: bytesToHex(blockHash),
    state: tokenStates.indexOf(tokenStateOf(prescription)),
    version: BigInt(prescription.version),
  };
}
