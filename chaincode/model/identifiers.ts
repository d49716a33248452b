import { z } from 'zod';

/** Shapes of ids. Those of a care channel carry its number, so that everybody knows where they belong. */

export const base64Url = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/);
/** Hex of 8, 16 and 32 bytes. */
export const hex8 = z.string().regex(/^[0-9a-f]{16}$/);
export const hex16 = z.string().regex(/^[0-9a-f]{32}$/);
export const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
/** CIDv1, base32, sha2-256, codec raw, dag-pb or dag-cbor. */
export const cid = z.string().regex(/^b[a-z2-7]{58}$/);

/** An id of a care channel: prefix, channel number and 26 lower-case base32 characters. */
export const careId = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-(?:0|[1-9][0-9]{0,3})-[a-z2-7]{26}$`));
/** An id that belongs to no channel. */
export const serialId = (prefix: string) => z.string().regex(new RegExp(`^${prefix}-[a-z2-7]{26}$`));

export const institutionId = z.string().regex(/^inst-[a-z0-9-]{8,40}$/);
export const practitionerId = serialId('prac');
export const deviceId = serialId('dev');
export const patientPseudonym = careId('pt');
export const documentId = careId('doc');

/** X-Wing public key: 1216 bytes. */
export const readingKey = base64Url(1622, 1622);
/** HPKE wrap of 32 bytes: encapsulation of 1120, ciphertext and tag of 48; 1558 characters. */
export const keyWrap = base64Url(1558, 1558);
/** DER ECDSA P-256 signature of a statement (`crypto/statement.ts`). */
export const signature = base64Url(60, 128);
/** 32 bytes. */
export const commitment = base64Url(43, 43);
