import { encodeAbiParameters, type Hex, keccak256, toHex } from 'viem';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { tokenStateOf, tokenStates } from '#chaincode/model/token.ts';

/** What a notary says about a prescription, in the contract's words; an attestation is this with a deadline. */
export interface Statement {
  tokenId: bigint;
  state: number;
  version: bigint;
  ledgerRef: Hex;
}

/** The reference names the very version of the ledger's state, and discloses nothing to whom does not know the id. */
export function statementOf(channel: string, prescription: Prescription): Statement {
  const reference = encodeAbiParameters(
    [{ type: 'string' }, { type: 'string' }, { type: 'uint64' }, { type: 'string' }],
    [channel, prescription.id, BigInt(prescription.version), prescription.state],
  );
  return {
    tokenId: BigInt(keccak256(toHex(prescription.id))),
    state: tokenStates.indexOf(tokenStateOf(prescription)),
    version: BigInt(prescription.version),
    ledgerRef: keccak256(reference),
  };
}
