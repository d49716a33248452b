import type { Prescription } from './prescription.ts';

/** States of `PrescriptionToken` on Ethereum; the place of each here is its number there. */
export const tokenStates = ['active', 'partial', 'dispensed', 'cancelled'] as const;
export type TokenState = (typeof tokenStates)[number];

/**
 * The token's state for the ledger's: who holds a prescription is no business of a public chain, and a prescription that
 * a pharmacy returned after a part was dispensed stays partial, since tokens never go back.
 */
export function tokenStateOf(prescription: Pick<Prescription, 'state' | 'left' | 'quantity' | 'fills'>): TokenState {
  if (prescription.state === 'completed') return 'dispensed';
  if (prescription.state === 'cancelled') return 'cancelled';
  return prescription.left < prescription.quantity * prescription.fills ? 'partial' : 'active';
}
