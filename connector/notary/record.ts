import type { Dispense, Prescription } from '#chaincode/model/prescription.ts';
import type { DispenseRecord } from '#crypto/dispenseReceipt.ts';
import { endedStates, type ReceiptRecord } from '#crypto/receipt.ts';
import { ConnectorError } from '../errors.ts';
import type { SeenPrescription } from './peer.ts';

/**
 * What a receipt says of a prescription, from what one peer has of it: nothing of its patient, of its pharmacists, and of what
 * people wrote in free words. Throws WRONG_STATE where it is not over.
 */
export function recordOf({ prescription, before, at }: SeenPrescription): ReceiptRecord {
  const heldBy = before?.holder?.institutionId;
  return {
    ...prescribed(prescription),
    ...{ state: endOf(prescription), endedAt: at },
    ...(heldBy !== undefined && { heldBy }),
    dispenses: prescription.dispenses.map(dispensed),
  };
}

/** The same of one dispense and of the version with which it was recorded. Throws NOT_FOUND where that has no such dispense. */
export function dispenseRecordOf({ prescription }: Pick<SeenPrescription, 'prescription'>, id: string): DispenseRecord {
  const { version, quantity, dispenses } = prescription;
  const dispense = dispenses.find((each) => each.id === id);
  if (dispense === undefined) throw new ConnectorError('NOT_FOUND', id);
  const { quantity: handedOut, at, institutionId } = dispense;
  return {
    ...{ id: prescription.id, version, quantity },
    dispense: { ...{ id, quantity: handedOut }, at, institutionId },
  };
}

function prescribed(of: Prescription) {
  const { id, version, authorInstitution, authoredOn, expires, cid, contentHash, quantity, fills, left } = of;
  return { id, version, authorInstitution, authoredOn, expires, cid, contentHash, quantity, fills, left };
}

function endOf({ id, state }: Prescription): ReceiptRecord['state'] {
  const ended = endedStates.find((known) => known === state);
  if (ended === undefined) throw new ConnectorError('WRONG_STATE', `${id} is ${state}, which is not its end`);
  return ended;
}

const dispensed = ({ id, quantity, at, institutionId, cid, contentHash, packs, packsHash }: Dispense) => ({
  ...{ id, quantity, at, institutionId, cid, contentHash },
  ...(packs !== undefined && { packs }),
  ...(packsHash !== undefined && { packsHash }),
});
