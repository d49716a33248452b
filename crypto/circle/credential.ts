import type { Credential } from 'ts-mls';
import { z } from 'zod';
import { leafStatement } from '#chaincode/model/statements.ts';
import { type Bytes, equalBytes, fromUtf8, randomBytes, toBase64Url, toHex, utf8 } from '../bytes.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { certificateKey } from '../certificate.ts';
import { sha256Hex } from '../derive.ts';
import { CryptoError } from '../errors.ts';
import { isSigned } from '../statement.ts';
import type { CircleLeaf } from './view.ts';

/** Who joins a circle: a subject with its P-256 key, which signs its leaf once. */
export interface CircleSigner {
  /** `pt-…`, `prac-…` or `dev-…` */
  subject: string;
  certificatePem: string;
  /** ECDSA P-256 over SHA-256 of the statement; DER, low S, base64url: as `signStatement`. */
  sign(statement: Uint8Array): Promise<string>;
}

const leafId = z.string().regex(/^[0-9a-f]{32}$/);
const identityShape = z.strictObject({
  subject: z.string().min(1).max(80),
  leaf: leafId,
  certificatePem: z.string().min(1).max(8_192),
  signature: z.string().min(1).max(128),
});
type Identity = z.infer<typeof identityShape>;
const maximumIdentity = 12_288;

export type LeafCredential = CircleLeaf & { certificatePem: string };
type CircleId = { patient: string; generation: number };

export const newLeafId = (): string => toHex(randomBytes(16));

/** The credential of a new leaf: the subject's certificate and its word that the key is of one of its devices. */
export async function createCredential(
  circle: CircleId,
  signer: CircleSigner,
  leaf: string,
  mlsKey: Uint8Array,
): Promise<Credential> {
  const { subject, certificatePem } = signer;
  const signature = await signer.sign(
    leafStatement(circle.patient, circle.generation, { leaf, mlsKey: toBase64Url(mlsKey) }),
  );
  const identity: Identity = identityShape.parse({ subject, leaf, certificatePem, signature });
  return { credentialType: 'basic', identity: utf8(canonicalJson(identity)) };
}

/** Reads a credential without asking whether it is signed. Throws `CIRCLE_CREDENTIAL`. */
export function readCredential(credential: Credential, mlsKey: Uint8Array): LeafCredential & { signature: string } {
  if (credential.credentialType !== 'basic') throw new CryptoError('CIRCLE_CREDENTIAL', 'of another kind');
  const identity = identityOf(credential.identity);
  return { ...identity, keyHash: sha256Hex(mlsKey) };
}

/** Throws `CIRCLE_CREDENTIAL` unless the key of the certificate signed that the leaf is in this circle with this key. */
export async function checkCredential(circle: CircleId, credential: Credential, mlsKey: Bytes): Promise<void> {
  const { subject, leaf, certificatePem, signature } = readCredential(credential, mlsKey);
  const statement = leafStatement(circle.patient, circle.generation, { leaf, mlsKey: toBase64Url(mlsKey) });
  if (!(await isSigned(await certificateKey(certificatePem), statement, signature))) {
    throw new CryptoError('CIRCLE_CREDENTIAL', `${subject}: not signed by the key of its certificate`);
  }
}

function identityOf(bytes: Uint8Array): Identity {
  if (bytes.length > maximumIdentity) throw new CryptoError('CIRCLE_CREDENTIAL', 'too long');
  let identity: Identity;
  try {
    identity = identityShape.parse(JSON.parse(fromUtf8(bytes)));
  } catch (cause) {
    throw new CryptoError('CIRCLE_CREDENTIAL', 'not a credential of a circle', { cause });
  }
  if (!equalBytes(utf8(canonicalJson(identity)), bytes)) throw new CryptoError('CIRCLE_CREDENTIAL', 'spelling');
  return identity;
}
