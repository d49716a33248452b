import { z } from 'zod';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { prescriptionRecord } from '#chaincode/model/records.ts';
import { blockHashOf } from '#crypto/fabric/block.ts';
import { ConnectorError } from '../errors.ts';
import type { BlockLedger } from '../ledger/connection.ts';

/** A prescription as one peer has it, with the block that made it so. */
export interface SeenPrescription {
  prescription: Prescription;
  /** The version before it; undefined where this is the first. */
  before: Prescription | undefined;
  /** ISO 8601 time of the transaction that made this version. */
  at: string;
  /** SHA-256 of the block's header, which is the same on every peer of the channel. */
  blockHash: Uint8Array;
}

const history = z.array(
  z.object({ transactionId: z.string(), at: z.iso.datetime(), prescription: prescriptionRecord }),
);
type Version = z.infer<typeof history>[number];

/**
 * The newest version of a prescription in one organisation's own peer, and the block in which that peer has the transaction that
 * made it. The call names the organisation, so that no other's peer answers. Throws the ledger's refusals.
 */
export const seePrescription = (
  mspId: string,
  ledger: BlockLedger,
  channel: string,
  prescriptionId: string,
): Promise<SeenPrescription> => see(mspId, ledger, channel, prescriptionId, (versions) => versions.at(-1));

/** The version with which a dispense was recorded, as `seePrescription`: nothing that came after it changes what is seen. */
export const seeDispense = (
  mspId: string,
  ledger: BlockLedger,
  channel: string,
  prescriptionId: string,
  dispenseId: string,
): Promise<SeenPrescription> =>
  see(mspId, ledger, channel, prescriptionId, (versions) =>
    versions.find(({ prescription }) => prescription.dispenses.some(({ id }) => id === dispenseId)),
  );

/** `choose`: of all versions, oldest first. */
async function see(
  mspId: string,
  ledger: BlockLedger,
  channel: string,
  prescriptionId: string,
  choose: (versions: readonly Version[]) => Version | undefined,
): Promise<SeenPrescription> {
  const own = { channel, organisations: [mspId] };
  const answer = await ledger.evaluate({ ...own, contract: 'care', function: 'history', args: [prescriptionId] });
  const versions = history
    .parse(JSON.parse(answer))
    .sort((one, other) => one.prescription.version - other.prescription.version);
  const chosen = choose(versions);
  if (chosen === undefined) throw new ConnectorError('NOT_FOUND', 'the peer has no such version of it');
  const { transactionId, at, prescription } = chosen;
  const before = versions.find((entry) => entry.prescription.version === prescription.version - 1)?.prescription;
  const block = { ...own, contract: 'qscc', function: 'GetBlockByTxID', args: [channel, transactionId] };
  return { prescription, before, at, blockHash: blockHashOf(await ledger.evaluateBytes(block), transactionId) };
}
