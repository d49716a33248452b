import { z } from 'zod';
import { careCall, type LedgerCall } from '../transactions/kind.ts';
import { prescriptionId } from './schema.ts';

/** What only the person's own key may ask about prescriptions. */
export const prescriptionReads = [
  z.object({ kind: z.literal('readWraps'), ids: z.array(prescriptionId).min(1).max(50) }),
  z.object({ kind: z.literal('readRelease'), id: prescriptionId }),
] as const;

export const prescriptionReadCalls = {
  readWraps: ({ ids }: { ids: string[] }): LedgerCall => careCall(ids[0] ?? '', 'readWraps', [JSON.stringify(ids)]),
  readRelease: ({ id }: { id: string }): LedgerCall => careCall(id, 'readRelease', [id]),
};
