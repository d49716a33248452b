import type { Hex } from 'viem';
import { z } from 'zod';
import { serialId } from '#chaincode/model/identifiers.ts';
import { prescriptionId } from '#chaincode/model/records.ts';
import { notaryToken } from '#crypto/notarised.ts';

const hex = (digits: number) =>
  z.custom<Hex>((value) => typeof value === 'string' && new RegExp(`^0x[0-9a-fA-F]{${digits}}$`).test(value));
const whole = z
  .string()
  .regex(/^[0-9]{1,78}$/)
  .transform(BigInt);

const about = { channel: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/), prescriptionId };
/** What the connector asks a notary: about which prescription, for which deployment of the contract, until when. */
export const notaryRequest = z.object({
  ...about,
  domain: z.object({ chainId: z.int().positive(), verifyingContract: hex(40) }),
  /** Unix seconds. */
  deadline: whole,
});

/** The same for a receipt, which holds for ever. */
export const receiptRequest = z.object({ ...about, token: notaryToken });
/** The same for one dispense of it. */
export const dispenseReceiptRequest = receiptRequest.extend({ dispenseId: serialId('disp') });

/** What a notary answers, numbers as decimal strings. */
export const notaryAnswer = z.object({
  attestation: z.object({
    tokenId: whole,
    channel: hex(64),
    blockHash: hex(64),
    state: z.int().min(0).max(255),
    version: whole,
    deadline: whole,
  }),
  notary: hex(40),
  signature: hex(130),
});

/** JSON has no big integers. */
export const toWire = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_name, inner) => (typeof inner === 'bigint' ? inner.toString() : inner)));
