import type { Proof } from './ProofDrawer.tsx';

/** The proof that signing just gave; the rest stands on the prescription's own page. */
export function proofOfIssue(progress: {
  prescriptionId?: string;
  channel?: string;
  blockNumber?: string;
  transactionId?: string;
  cid?: string;
  contentHash?: string;
  commitment?: string;
  mintHash?: string;
}): Proof {
  return {
    prescriptionId: progress.prescriptionId ?? '',
    channel: progress.channel ?? '',
    blockNumber: progress.blockNumber,
    transactionId: progress.transactionId,
    cid: progress.cid,
    contentHash: progress.contentHash,
    commitment: progress.commitment,
    tokenTransaction: progress.mintHash,
  };
}
