import { z } from 'zod';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { prescriptionRecord } from '#chaincode/model/records.ts';
import { blockHashOf } from '#crypto/fabric/block.ts';
import { ConnectorError } from '../errors.ts';
import type { BlockLedger } from '../ledger/connection.ts';

/** A prescription as one peer has it, with the block that made it so. */
export interface SeenPrescription {
  prescription: Prescription;
  /** SHA-256 of the block's header, which is the same on every peer of the channel. */
  blockHash: Uint8Array;
}

const history = z.array(z.object({ transactionId: z.string(), prescription: prescriptionRecord }));

/**
 * The newest version of a prescription in one organisation's own peer, and the block in which that peer has the transaction that
 * made it. The call names the organisation, so that no other's peer answers. Throws the ledger's refusals.
 */
export async function seePrescription(
  mspId: string,
  ledger: BlockLedger,
  channel: string,
  prescriptionId: string,
): Promise<SeenPrescription> {
  const own = { channel, organisations: [mspId] };
  const answer = await ledger.evaluate({ ...own, contract: 'care', function: 'history', args: [prescriptionId] });
  const versions = history.parse(JSON.parse(answer));
  const newest = versions.reduce<(typeof versions)[number] | undefined>(
    (best, entry) => (entry.prescription.version > (best?.prescription.version ?? 0) ? entry : best),
    undefined,
  );
  if (newest === undefined) throw new ConnectorError('NOT_FOUND', 'the peer has no version of it');
  const { transactionId, prescription } = newest;
  const block = { ...own, contract: 'qscc', function: 'GetBlockByTxID', args: [channel, transactionId] };
  return { prescription, blockHash: blockHashOf(await ledger.evaluateBytes(block), transactionId) };
}
