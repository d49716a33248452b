import { z } from 'zod';
import { base64Url, careId, institutionId, keyWrap, patientPseudonym, serialId } from '#chaincode/model/identifiers.ts';
import { openBytes, sealBytes } from '../aead.ts';
import { type Bytes, fromBase64Url, randomBytes, toBase64Url, utf8, wipe } from '../bytes.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { CryptoError } from '../errors.ts';
import type { Reader } from '../reader.ts';
import { unwrapWith, type WrapContext, wrapFor } from '../wrap.ts';
import { readJson } from './sealed.ts';

/**
 * What a pharmacy keeps of a hand-over for its own bill: after the prescription is closed nobody there can open it again. Sealed for the
 * institution's reading key, and kept by the portal until the claim is sent or can be sent no more.
 */
export const billingNote = z.strictObject({
  version: z.literal(1),
  prescription: careId('rx'),
  dispense: serialId('disp'),
  patient: patientPseudonym,
  /** What was handed out: the FHIR CodeableConcept of its medicine. */
  medicine: z.record(z.string(), z.json()),
  quantity: z.int().min(1).max(1_300_000),
  unit: z.string().min(1).max(40),
  /** `encodeDisclosure` of all fields that a claim may ever show, base64url; a claim shows fewer (`narrowDisclosure`). */
  disclosure: base64Url(1, 21_848),
});
export type BillingNote = z.infer<typeof billingNote>;

export const sealedNote = z.strictObject({
  dispense: serialId('disp'),
  institution: institutionId,
  /** The note's key, wrapped for the institution's generation of that number. */
  generation: z.int().positive(),
  wrap: keyWrap,
  /** nonce ‖ ciphertext and tag, base64url. */
  sealed: base64Url(38, 65_536),
});
export type SealedNote = z.infer<typeof sealedNote>;

type Place = Pick<SealedNote, 'dispense' | 'institution'>;

const keyContext = ({ dispense, institution }: Place): WrapContext => ({
  purpose: 'medloom/claim/billing-note/v1',
  ...{ id: dispense, reader: institution },
});
const placeBytes = ({ dispense, institution }: Place) => utf8(canonicalJson({ dispense, institution }));

/** Throws a ZodError for what is no note. */
export async function sealBillingNote(
  note: BillingNote,
  institution: Reader & { generation: number },
): Promise<SealedNote> {
  const { id, generation } = institution;
  const place = { dispense: note.dispense, institution: id };
  const key = randomBytes(32);
  const plain = utf8(JSON.stringify(billingNote.parse(note)));
  const sealed = toBase64Url(await sealBytes(key, plain, placeBytes(place)));
  const wrap = await wrapFor(institution.readingKey, keyContext(place), key);
  wipe(key);
  return sealedNote.parse({ ...place, generation, wrap, sealed });
}

/** By the institution's seed of that generation. Throws `WRAP_REFUSED`, `ALTERED`. */
export async function openBillingNote(seed: Uint8Array, sealed: SealedNote): Promise<BillingNote> {
  const key = await unwrapWith(seed, keyContext(sealed), sealed.wrap);
  const plain: Bytes = await openBytes(key, fromBase64Url(sealed.sealed), placeBytes(sealed), 'ALTERED');
  wipe(key);
  const note = readJson(billingNote, plain, 'ALTERED');
  if (note.dispense !== sealed.dispense) throw new CryptoError('ALTERED', sealed.dispense);
  return note;
}
