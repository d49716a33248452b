import { z } from 'zod';
import { type Bytes, fromBase64Url, fromUtf8, toBase64Url, utf8 } from './bytes.ts';
import { canonicalJson } from './canonicalJson.ts';
import type { Root } from './certificate.ts';
import { requireLength } from './derive.ts';
import { CryptoError } from './errors.ts';
import type { PinCredential } from './pin.ts';

/** Keys that take the place of the present ones once the ledger has them. */
export interface PendingKeys {
  /** P-256, PKCS#8. */
  signingKey: Bytes;
  /** 32 bytes, of the X-Wing reading key. */
  readingSeed: Bytes;
}

/** A person's secret keys, and what the person trusts. */
export interface VaultContents extends PendingKeys {
  /** 32 bytes, secp256k1, of the built-in wallet. */
  walletKey: Bytes;
  /** The person's own certificate, PEM; empty until it is issued. */
  certificate: string;
  /** Authorities from which every certificate must come; empty until they are pinned. */
  roots: Root[];
  /** Seeds of reading keys from before, newest first: what was wrapped for them opens until it is wrapped anew. */
  formerSeeds: Bytes[];
  /** The signing PIN, where there is one. */
  pin?: PinCredential;
  /** Made and stored before the ledger is asked to change keys, so that no crash leaves a key there that nobody has. */
  pending?: PendingKeys;
}

/** So many former seeds are kept. */
export const mostFormerSeeds = 20;

/** Contents of a new vault. */
export const newContents = (keys: Pick<VaultContents, 'signingKey' | 'readingSeed' | 'walletKey'>): VaultContents => ({
  ...keys,
  certificate: '',
  roots: [],
  formerSeeds: [],
});

const secret = z
  .string()
  .max(1024)
  .regex(/^[A-Za-z0-9_-]+$/);
const certificate = z.string().max(8192);
const keys = { signingKey: secret, readingSeed: secret };

/** As vaults were before roots and rotation. */
const firstVersion = z.strictObject({ ...keys, walletKey: secret, certificate });
const secondVersion = firstVersion.extend({
  version: z.literal(2),
  roots: z.array(z.strictObject({ mspId: z.string().max(64), pem: certificate })).max(16),
  formerSeeds: z.array(secret).max(mostFormerSeeds),
  pin: z
    .strictObject({
      id: secret,
      rpId: z.string().max(255),
      salt: secret,
      memory: z.int(),
      iterations: z.int(),
      parallelism: z.int(),
      sealed: secret,
    })
    .optional(),
  pending: z.strictObject(keys).optional(),
});
const anyVersion = z.union([secondVersion, firstVersion]);

const encodeKeys = ({ signingKey, readingSeed }: PendingKeys) => ({
  signingKey: toBase64Url(signingKey),
  readingSeed: toBase64Url(readingSeed),
});
const decodeSeed = (text: string) => requireLength(fromBase64Url(text), 32, 'reading seed');
const decodeKeys = ({ signingKey, readingSeed }: z.infer<z.ZodObject<typeof keys>>): PendingKeys => ({
  signingKey: fromBase64Url(signingKey),
  readingSeed: decodeSeed(readingSeed),
});

/** The bytes that a vault seals; the caller wipes them. */
export function encodeContents(contents: VaultContents): Bytes {
  const { walletKey, certificate: own, roots, formerSeeds, pin, pending } = contents;
  return utf8(
    canonicalJson({
      version: 2,
      ...encodeKeys(contents),
      walletKey: toBase64Url(walletKey),
      certificate: own,
      roots: roots.map(({ mspId, pem }) => ({ mspId, pem })),
      formerSeeds: formerSeeds.map(toBase64Url),
      ...(pin !== undefined && { pin: { ...pin } }),
      ...(pending !== undefined && { pending: encodeKeys(pending) }),
    }),
  );
}

/** Reads contents of either version. Throws `VAULT_MALFORMED`. */
export function decodeContents(bytes: Uint8Array): VaultContents {
  try {
    const parsed = anyVersion.parse(JSON.parse(fromUtf8(bytes)));
    const known = {
      ...decodeKeys(parsed),
      walletKey: requireLength(fromBase64Url(parsed.walletKey), 32, 'wallet key'),
      certificate: parsed.certificate,
    };
    if (!('version' in parsed)) return { ...known, roots: [], formerSeeds: [] };
    const { roots, formerSeeds, pin, pending } = parsed;
    return {
      ...known,
      roots,
      formerSeeds: formerSeeds.map(decodeSeed),
      ...(pin !== undefined && { pin }),
      ...(pending !== undefined && { pending: decodeKeys(pending) }),
    };
  } catch (cause) {
    throw new CryptoError('VAULT_MALFORMED', 'contents', { cause });
  }
}
