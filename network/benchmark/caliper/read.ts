import type { Workload } from './contract.ts';
import { workloadOf } from './workload.ts';

/** Reads prescriptions that are there: an evaluated call on one peer for each. */
export const createWorkloadModule = (): Workload =>
  workloadOf(({ channel, prescription, doctor }) => ({
    ...{ channel: `care-${channel}`, contractId: 'care', contractFunction: 'read' },
    contractArguments: [prescription],
    ...{ invokerMspId: 'HospitalMSP', invokerIdentity: doctor, readOnly: true },
  }));
