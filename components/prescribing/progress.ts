import type { Problem } from '#components/ui/errors.ts';
import type { StepState } from '#components/ui/Steps.tsx';

/** Where signing a prescription stands, in the person's steps. */
export interface IssueProgress {
  stage: 'idle' | 'running' | 'signed' | 'done' | 'stopped';
  steps: Record<'encrypt' | 'sign' | 'mint', StepState>;
  /** Of a series: how many prescriptions, how many of them signed and minted. */
  parts?: { of?: number; signed?: number; minted?: number };
  sagaId?: string;
  prescriptionId?: string;
  channel?: string;
  blockNumber?: string;
  transactionId?: string;
  cid?: string;
  contentHash?: string;
  commitment?: string;
  mintHash?: string;
  problem?: Problem;
}

export const notBegun: IssueProgress = {
  stage: 'idle',
  steps: { encrypt: 'pending', sign: 'pending', mint: 'pending' },
};
