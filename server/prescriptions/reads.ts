import { z } from 'zod';
import { careCall, type Reads } from '../transactions/kind.ts';
import { prescriptionId } from './schema.ts';

/** What only the person's own key may ask about prescriptions. */
export const prescriptionReads = [
  z.object({ kind: z.literal('readWraps'), ids: z.array(prescriptionId).min(1).max(50) }),
  z.object({ kind: z.literal('readRelease'), id: prescriptionId }),
  /** The keys of a prescription that is offered, or was transferred, to the pharmacist's institution. */
  z.object({ kind: z.literal('readTransfer'), id: prescriptionId }),
  /** Entries of the register of controlled medicines, all of one channel. */
  z.object({ kind: z.literal('readRegister'), ids: z.array(prescriptionId).min(1).max(50) }),
] as const;
export type PrescriptionRead = z.infer<(typeof prescriptionReads)[number]>;

const contract = 'care';

export const prescriptionReadings: Reads<PrescriptionRead> = {
  readWraps: {
    contract,
    roles: ['doctor', 'patient'],
    call: ({ kind, ids }) => careCall(ids[0] ?? '', kind, [JSON.stringify(ids)]),
  },
  readRelease: { contract, roles: ['pharmacist'], call: ({ kind, id }) => careCall(id, kind, [id]) },
  readTransfer: { contract, roles: ['pharmacist'], call: ({ kind, id }) => careCall(id, kind, [id]) },
  readRegister: {
    contract,
    roles: ['regulator'],
    call: ({ kind, ids }) => careCall(ids[0] ?? '', kind, [JSON.stringify(ids)]),
  },
};
