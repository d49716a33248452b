import { z } from 'zod';
import { careId, cid, hex32, institutionId, serialId } from '#chaincode/model/identifiers.ts';
import { tokenStateOf, tokenStates } from '#chaincode/model/token.ts';
import {
  domainOf,
  messageOf,
  type NotaryToken,
  type NotaryTrust,
  notarised,
  readStatement,
  type Stated,
  type StatementKind,
  signedBy,
  signersOfStatement,
  verifyStatement,
  writeStatement,
} from './notarised.ts';
import type { HexAddress } from './token.ts';

/**
 * The receipt of a prescription that came to its end: what its care channel has of it for everybody there, without medicine and
 * without persons, and the notaries' signatures over that. It holds for ever, and is checked without any network by the notaries' addresses.
 */

const instant = z.iso.datetime();
const packs = z.int().min(1).max(100);
/** A dispense as its care channel has it for everybody there. */
export const receiptDispense = z.strictObject({
  id: serialId('disp'),
  quantity: z.int().min(1).max(1_300_000),
  /** When it was recorded, and by which pharmacy. */
  at: instant,
  institutionId,
  /** CID and hex SHA-256 of the encrypted MedicationDispense. */
  cid,
  contentHash: hex32,
  /** Scanned packs and the salted commitment to which; absent where none was scanned. */
  packs: packs.optional(),
  packsHash: hex32.optional(),
});
/** A prescription as its care channel has it for everybody there, whatever became of it. */
export const receiptPrescription = {
  id: careId('rx'),
  /** Of the prescription's entry. */
  version: z.int().positive(),
  authorInstitution: institutionId,
  authoredOn: instant,
  expires: instant,
  /** CID and hex SHA-256 of the encrypted MedicationRequest. */
  cid,
  contentHash: hex32,
  /** Units of one fill, fills, and units that are not dispensed. */
  quantity: z.int().min(1).max(100_000),
  fills: z.int().min(1).max(13),
  left: z.int().min(0).max(1_300_000),
};
/** States that nothing follows; an expiry is stored on no ledger. */
export const endedStates = ['completed', 'cancelled'] as const;
/** What the notaries vouch for: the last version of a prescription. */
export const receiptRecord = z.strictObject({
  ...receiptPrescription,
  state: z.enum(endedStates),
  endedAt: instant,
  /** The pharmacy that held it when it ended; absent where none did. */
  heldBy: institutionId.optional(),
  /** In the order of the ledger. */
  dispenses: z.array(receiptDispense).max(100),
});
export type ReceiptRecord = z.infer<typeof receiptRecord>;

export const signedRecord = signedBy(receiptRecord);
export type SignedRecord = z.infer<typeof signedRecord>;
export const receipt = notarised(receiptRecord);
export type Receipt = z.infer<typeof receipt>;

/** The most characters of a receipt: a hundred dispenses with room to spare. */
export const largestReceipt = 128 * 1024;

/** EIP-712 type and domain of what notaries sign: their own, so that no contract takes a receipt, and no reader of receipts an attestation. */
export const receiptTypes = {
  Receipt: [
    { name: 'tokenId', type: 'uint256' },
    { name: 'channel', type: 'bytes32' },
    { name: 'blockHash', type: 'bytes32' },
    { name: 'state', type: 'uint8' },
    { name: 'version', type: 'uint64' },
    { name: 'recordHash', type: 'bytes32' },
  ],
} as const;
const domainName = 'Medloom Receipt';
export const receiptDomain = (token: NotaryToken) => domainOf(domainName, token);

/** The message that a notary signs. */
export const receiptMessage = (stated: Stated<ReceiptRecord>) => ({
  ...messageOf(stated),
  state: tokenStates.indexOf(tokenStateOf(stated.record)),
});
export const receiptKind: StatementKind<ReceiptRecord> = {
  ...{ domainName, primaryType: 'Receipt', members: receiptTypes.Receipt, messageOf: receiptMessage },
};

/** As `signersOfStatement`. */
export const signersOf = (
  stated: Stated<ReceiptRecord>,
  token: NotaryToken,
  signatures: readonly string[],
): HexAddress[] => signersOfStatement(receiptKind, stated, token, signatures);

/** Reads what `writeReceipt` wrote. Throws `ALTERED` for anything else, a receipt of what has not ended among it. */
export const readReceipt = (json: string): Receipt => readStatement(receipt, json, largestReceipt);

/** Checks a receipt, and answers which of the notaries signed it. Throws as `verifyStatement`. */
export const verifyReceipt = (made: Receipt, trust: NotaryTrust): HexAddress[] =>
  verifyStatement(receiptKind, made, trust);

export const writeReceipt = (made: Receipt): string => writeStatement(receipt, made);
