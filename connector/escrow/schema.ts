import { z } from 'zod';
import { seedWrap } from '#chaincode/model/healthRecord.ts';
import { patientPseudonym, practitionerId } from '#chaincode/model/identifiers.ts';

/** Body of `POST /escrow/shares`: an organisation's sealed shares of a patient's categories, for a person. */
export const shareRequest = z.object({
  mspId: z.string().max(64),
  patient: patientPseudonym,
  /** Who shall have them; the ledger says whether, and with which reading key. */
  person: z.union([practitionerId, patientPseudonym]),
  /** As `access:readEscrow` answers them, at most one of each category. */
  shares: z
    .array(seedWrap.pick({ category: true, epoch: true, wrap: true }))
    .min(1)
    .max(10),
});
export type ShareRequest = z.infer<typeof shareRequest>;
