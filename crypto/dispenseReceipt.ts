import { z } from 'zod';
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
  verifyStatement,
  writeStatement,
} from './notarised.ts';
import { receiptDispense, receiptPrescription } from './receipt.ts';
import type { HexAddress } from './token.ts';

const { id, version, quantity } = receiptPrescription;
/**
 * The receipt of one dispense of a prescription, which need not be over: what an insurer is shown without a peer on the care channel. It
 * says no more than a claim needs, since the member has allowed no more: who prescribed, until when and how often stays out. It follows from the version
 * of the prescription with which the dispense was recorded, which nothing changes any more; so it is the same whenever it is asked for.
 */
export const dispenseRecord = z.strictObject({
  ...{ id, version, quantity },
  dispense: receiptDispense.pick({ id: true, quantity: true, at: true, institutionId: true }),
});
export type DispenseRecord = z.infer<typeof dispenseRecord>;

export const signedDispense = signedBy(dispenseRecord);
export type SignedDispense = z.infer<typeof signedDispense>;
export const dispenseReceipt = notarised(dispenseRecord);
export type DispenseReceipt = z.infer<typeof dispenseReceipt>;

/** The most characters of one. */
export const largestDispenseReceipt = 16 * 1024;

/** EIP-712 type and domain of its own. */
export const dispenseReceiptTypes = {
  DispenseReceipt: [
    { name: 'tokenId', type: 'uint256' },
    { name: 'channel', type: 'bytes32' },
    { name: 'blockHash', type: 'bytes32' },
    { name: 'version', type: 'uint64' },
    { name: 'recordHash', type: 'bytes32' },
  ],
} as const;
const domainName = 'Medloom Dispense Receipt';
export const dispenseReceiptDomain = (token: NotaryToken) => domainOf(domainName, token);
export const dispenseReceiptMessage = (stated: Stated<DispenseRecord>) => messageOf(stated);
export const dispenseReceiptKind: StatementKind<DispenseRecord> = {
  ...{ domainName, primaryType: 'DispenseReceipt', members: dispenseReceiptTypes.DispenseReceipt, messageOf },
};

/** Reads what `writeDispenseReceipt` wrote. Throws `ALTERED` for anything else. */
export const readDispenseReceipt = (json: string): DispenseReceipt =>
  readStatement(dispenseReceipt, json, largestDispenseReceipt);

/** Checks it, and answers which of the notaries signed it. Throws as `verifyStatement`. */
export const verifyDispenseReceipt = (made: DispenseReceipt, trust: NotaryTrust): HexAddress[] =>
  verifyStatement(dispenseReceiptKind, made, trust);

export const writeDispenseReceipt = (made: DispenseReceipt): string => writeStatement(dispenseReceipt, made);
