import { regulatorMsp } from '#chaincode/model/registry.ts';
import type { Topology } from '../gateways/ledger/topology.ts';

const insurerMsp = 'InsurerMSP';

/** Who only may see the transient data of a care channel, where the ledger profile does not name them. */
const defaultSecretHolders = ['HospitalMSP', 'PharmacyMSP'];

/**
 * The organisations that alone endorse what has transient data. On the registry it is the authority, which endorses
 * everything there and keeps nothing of what is encrypted to others, and the person's own; of the authority's people the one
 * that it needs beside itself, which keeps nothing of theirs either. On `claims` it is the insurers' and the provider's own.
 */
export function secretHolders(
  ledger: Pick<Topology, 'kindOf' | 'secretHolders'>,
  channel: string,
  mspId: string,
): string[] {
  if (ledger.kindOf(channel) === 'registry') return [regulatorMsp, mspId === regulatorMsp ? 'HospitalMSP' : mspId];
  if (ledger.kindOf(channel) === 'claims') {
    return ledger.secretHolders(channel) ?? [insurerMsp, mspId === insurerMsp ? 'HospitalMSP' : mspId];
  }
  return ledger.secretHolders(channel) ?? defaultSecretHolders;
}
