import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import { openBytes, sealBytes } from './aead.ts';
import { type Bytes, concat, copyBytes, fromBase64Url, randomBytes, toBase64Url, utf8, wipe } from './bytes.ts';
import { canonicalJson } from './canonicalJson.ts';
import { requireLength } from './derive.ts';
import { CryptoError } from './errors.ts';
import { releaseKeyOf } from './redeem.ts';

/** HPKE (RFC 9180), base mode: X25519 + ML-KEM-768, since ciphertext outlives today's curves. */
const suite = () => new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const encapsulationLength = 1120;
const publicKeyLength = 1216;

/** What a wrap is for; bound into it, so that it serves no other purpose, document or reader. */
export interface WrapContext {
  purpose:
    | 'medloom/prescription/data-key/v1'
    | 'medloom/prescription/resume/v2'
    /** The entry of a controlled medicine in the authority's register. */
    | 'medloom/prescription/register/v1'
    /** Data key and access code, for the pharmacy to which it is transferred. */
    | 'medloom/prescription/transfer/v1'
    /** A document's data key, for the holders of a category's seed. */
    | 'medloom/record/data-key/v1'
    /** A document's data key, for its author alone while the upload lasts. */
    | 'medloom/record/upload/v1'
    /** The seed of a category's epoch. */
    | 'medloom/record/seed/v1'
    /** A share of such a seed for an organisation's connector, and from there for who may have it. */
    | 'medloom/escrow/share/v1'
    | 'medloom/escrow/release/v1'
    /** The key of an epoch of a patient's circle, for the holders of the seed of `results`. */
    | 'medloom/telemetry/archive/v1'
    /** The key of a report of an adverse event, for the authority and for who reports. */
    | 'medloom/report/data-key/v1'
    /** What a pharmacy keeps of a hand-over for its bill, for the institution. */
    | 'medloom/claim/billing-note/v1'
    /** The key of a claim, of a policy's details or of an insurance card, by its id. */
    | 'medloom/claim/data-key/v1'
    /** What somebody asks an insurer's adjudicator before serving, and what that answers. */
    | 'medloom/claim/question/v1'
    | 'medloom/claim/reply/v1'
    /** The seed of an institution's reading key, for a member of staff. */
    | 'medloom/institution/seed/v1';
  /** Id of the document; of a category `epochName`; of an institution `<id>/<generation>`. */
  id: string;
  /** Ledger id of the reader: `pt-…`, `prac-…`, `inst-…`, `dev-…`, `pol-…`, an MSP id, or a category's `epochName`. */
  reader: string;
}

const contextBytes = ({ purpose, id, reader }: WrapContext) => utf8(canonicalJson({ purpose, id, reader }));

export interface ReadingKey {
  /** 32 bytes; secret. */
  seed: Bytes;
  /** X-Wing public key, base64url. */
  publicKey: string;
}

/** Makes a reading key, or derives the one that belongs to `seed`. */
export async function createReadingKey(seed: Uint8Array = randomBytes(32)): Promise<ReadingKey> {
  const pair = await recipientKeyOf(seed);
  const publicKey = toBase64Url(new Uint8Array(await new XWing().serializePublicKey(pair.publicKey)));
  return { seed: copyBytes(seed), publicKey };
}

/** Wraps `secret` for the holder of `readingKey` (base64url): encapsulation ‖ ciphertext, base64url. */
export async function wrapFor(readingKey: string, context: WrapContext, secret: Uint8Array): Promise<string> {
  const { kem } = suite();
  const raw = requireLength(fromBase64Url(readingKey), publicKeyLength, 'reading key');
  const recipientPublicKey = await kem.deserializePublicKey(raw.buffer);
  const sender = await suite().createSenderContext({ recipientPublicKey, info: contextBytes(context).buffer });
  const ciphertext = await sender.seal(copyBytes(secret).buffer);
  return toBase64Url(concat(new Uint8Array(sender.enc), new Uint8Array(ciphertext)));
}

/** The key pair of a seed, for whoever opens several wraps one after the other: to derive it is a third of opening one. */
export type RecipientKey = Awaited<ReturnType<typeof recipientKeyOf>>;

export const recipientKeyOf = (seed: Uint8Array) =>
  new XWing().generateKeyPairDerand(requireLength(seed, 32, 'reading seed'));

/** Opens a wrap with the reader's seed, or the key pair of it. Throws `WRAP_REFUSED` for another reader, context or any changed byte. */
export async function unwrapWith(
  reader: Uint8Array | RecipientKey,
  context: WrapContext,
  wrap: string,
): Promise<Bytes> {
  const whole = fromBase64Url(wrap);
  if (whole.length <= encapsulationLength) throw new CryptoError('WRAP_REFUSED', 'too short');
  const recipientKey = reader instanceof Uint8Array ? await recipientKeyOf(reader) : reader;
  try {
    const recipient = await suite().createRecipientContext({
      recipientKey,
      enc: whole.slice(0, encapsulationLength).buffer,
      info: contextBytes(context).buffer,
    });
    return new Uint8Array(await recipient.open(whole.slice(encapsulationLength).buffer));
  } catch (cause) {
    throw new CryptoError('WRAP_REFUSED', '', { cause });
  }
}

export interface CodeWrap {
  /** The data key under the releasing key, base64url. */
  codeWrap: string;
  /** 32 fresh random bytes, base64url, which the ledger gives only to the holding pharmacy. */
  releaseShare: string;
}

/** Wraps the data key under access code and a fresh release share: neither alone opens it. */
export async function wrapUnderCode(prescriptionId: string, code: Uint8Array, dataKey: Uint8Array): Promise<CodeWrap> {
  const share = randomBytes(32);
  const key = releaseKeyOf(code, share, prescriptionId);
  const sealed = await sealBytes(key, requireLength(dataKey, 32, 'data key'), utf8(prescriptionId));
  wipe(key);
  return { codeWrap: toBase64Url(sealed), releaseShare: toBase64Url(share) };
}

/** Opens what `wrapUnderCode` made. Throws `WRAP_REFUSED`. */
export async function unwrapUnderCode(prescriptionId: string, code: Uint8Array, wrapped: CodeWrap): Promise<Bytes> {
  const key = releaseKeyOf(code, fromBase64Url(wrapped.releaseShare), prescriptionId);
  const dataKey = await openBytes(key, fromBase64Url(wrapped.codeWrap), utf8(prescriptionId), 'WRAP_REFUSED');
  wipe(key);
  return requireLength(dataKey, 32, 'data key');
}

const patientSecretLength = 48;

/** The patient's wrap carries the access code beside the data key, so that the patient can show it as a QR code. */
export function packPatientSecret(dataKey: Uint8Array, code: Uint8Array): Bytes {
  return concat(requireLength(dataKey, 32, 'data key'), requireLength(code, 16, 'access code'));
}

/** Takes apart what `packPatientSecret` joined. */
export function unpackPatientSecret(secret: Uint8Array): { dataKey: Bytes; code: Bytes } {
  const whole = requireLength(secret, patientSecretLength, "patient's secret");
  return { dataKey: whole.slice(0, 32), code: whole.slice(32) };
}
