import { createHash, randomBytes } from 'node:crypto';
import type { PrescriptionIssue } from '../../../chaincode/model/prescription.ts';
import type { Workload } from './contract.ts';
import { workloadOf } from './workload.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const validForMs = 90 * 24 * 60 * 60 * 1000;

const randomSerial = () => Array.from(randomBytes(26), (byte) => alphabet[byte % 32]).join('');

/** In the sizes of the portal's own: 1.6 kB for each wrap of an X-Wing key, a short one for the code, a share of the key. */
const wrap = 'w'.repeat(1_600);
export const secrets = JSON.stringify({
  ...{ patientWrap: wrap, authorWrap: wrap },
  ...{ codeWrap: 'c'.repeat(120), releaseShare: 's'.repeat(43) },
});

/** A new prescription for a patient of a care channel, as the contract takes it. */
export function prescriptionFor(channel: number, patient: string): PrescriptionIssue {
  const id = `rx-${channel}-${randomSerial()}`;
  const hash = createHash('sha256').update(id).digest('hex');
  return {
    ...{ id, patient, expires: new Date(Date.now() + validForMs).toISOString(), cid: `b${'a'.repeat(58)}` },
    ...{ contentHash: hash, redeemHash: hash, commitment: `0x${hash}`, quantity: 30, fills: 2 },
  };
}

/** Issues prescriptions, one transaction for each, with their secrets beside the block. */
export const createWorkloadModule = (): Workload =>
  workloadOf(({ channel, patient, doctor }) => ({
    ...{ channel: `care-${channel}`, contractId: 'care', contractFunction: 'issue' },
    contractArguments: [JSON.stringify(prescriptionFor(channel, patient))],
    transientMap: { secrets },
    ...{ invokerMspId: 'HospitalMSP', invokerIdentity: doctor, readOnly: false },
  }));
