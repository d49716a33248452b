import type { Dispense, Prescription } from '#chaincode/model/prescription.ts';
import { endedStates, type ReceiptRecord } from '#crypto/receipt.ts';
import { ConnectorError } from '../errors.ts';
import type { SeenPrescription } from './peer.ts';

/**
 * What a receipt says of a prescription, from what one peer has of it: nothing of its patient, of its pharmacists, and of what
 * people wrote in free words. Throws WRONG_STATE where it is not over.
 */
export function recordOf({ prescription, before, at }: SeenPrescription): ReceiptRecord {
  const { id, version, authorInstitution, authoredOn, expires, cid, contentHash, quantity, fills, left } = prescription;
  const heldBy = before?.holder?.institutionId;
  return {
    ...{ id, version, state: endOf(prescription), endedAt: at },
    ...(heldBy !== undefined && { heldBy }),
    ...{ authorInstitution, authoredOn, expires, cid, contentHash, quantity, fills, left },
    dispenses: prescription.dispenses.map(dispensed),
  };
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
