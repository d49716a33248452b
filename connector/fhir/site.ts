import type { Documents } from '../ipfs/documents.ts';
import type { Delegates } from './delegates.ts';
import type { KeptPrescriptions } from './kept.ts';
import type { LedgerView } from './ledgerView.ts';

/** One institution as its software sees it here. */
export interface Site {
  /** First part of its addresses. */
  name: string;
  /** Base of its FHIR addresses, without a slash at its end. */
  base: string;
  institution: { id: string; name: string };
  /** The connector as a device of the institution, which signs. */
  device: string;
  /** Seed of the device's reading key, for what other pharmacies transfer to it. */
  readingSeed: Uint8Array;
  delegates: Delegates;
  ledger: LedgerView;
  kept: KeptPrescriptions;
  documents: Documents;
}
