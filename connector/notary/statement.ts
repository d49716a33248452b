import { encodeAbiParameters, type Hex, keccak256, toHex } from 'viem';
import type { Prescription } from '#chaincode/model/prescription.ts';

/** States of `PrescriptionToken`, by their numbers there. */
export const tokenStates = { active: 0, partial: 1, dispensed: 2, cancelled: 3 } as const;

/** What a notary says about a prescription, in the contract's words; an attestation is this with a deadline. */
export interface Statement {
  tokenId: bigint;
  state: number;
  version: bigint;
  ledgerRef: Hex;
}

/**
 * The token's state for the ledger's: who holds a prescription is no business of a public chain, and a prescription that
 * a pharmacy returned after a part was dispensed stays partial, since tokens never go back.
 */
export function tokenStateOf(prescription: Pick<Prescription, 'state' | 'left' | 'quantity' | 'fills'>): number {
  if (prescription.state === 'completed') return tokenStates.dispensed;
  if (prescription.state === 'cancelled') return tokenStates.cancelled;
  return prescription.left < prescription.quantity * prescription.fills ? tokenStates.partial : tokenStates.active;
}

/** The reference names the very version of the ledger's state, and discloses nothing to whom does not know the id. */
export function statementOf(channel: string, prescription: Prescription): Statement {
  const reference = encodeAbiParameters(
    [{ type: 'string' }, { type: 'string' }, { type: 'uint64' }, { type: 'string' }],
    [channel, prescription.id, BigInt(prescription.version), prescription.state],
  );
  return {
    tokenId: BigInt(keccak256(toHex(prescription.id))),
    state: tokenStateOf(prescription),
    version: BigInt(prescription.version),
    ledgerRef: keccak256(reference),
  };
}
