import { z } from 'zod';
import {
  type RegisterReference,
  type SealedRegisterEntry,
  sealedRegisterEntry,
} from '#chaincode/model/controlledRegister.ts';
import type { PrescriptionIssue } from '#chaincode/model/prescription.ts';
import { createAccessCode } from './accessCode.ts';
import { type Bytes, fromUtf8, randomBytes, toBase64Url, utf8 } from './bytes.ts';
import { canonicalJson } from './canonicalJson.ts';
import { commitmentOf } from './commitment/commitment.ts';
import { type DocumentContext, openDocument, requireContent, type SealedDocument, sealDocument } from './envelope.ts';
import { CryptoError } from './errors.ts';
import type { Reader } from './reader.ts';
import { redeemHashOf } from './redeem.ts';
import { type HexAddress, tokenHolderOf } from './token.ts';
import {
  packPatientSecret,
  unpackPatientSecret,
  unwrapWith,
  type WrapContext,
  wrapFor,
  wrapUnderCode,
} from './wrap.ts';

/** Secrets of a prescription, in the words of the ledger's model; each is useless alone. */
export interface IssueSecrets {
  patientWrap: string;
  authorWrap: string;
  codeWrap: string;
  releaseShare: string;
}

/** How a prescription is to be filled, and what it answers; each where it has it. */
export type IssueTerms = Pick<
  PrescriptionIssue,
  'validFrom' | 'series' | 'fillEveryDays' | 'replaces' | 'renews' | 'safety' | 'register'
>;

export interface ComposedIssue {
  issue: PrescriptionIssue & { commitment: HexAddress };
  /** Encrypted document, base64url. */
  envelope: string;
  tokenHolder: HexAddress;
  /** The secrets with all that the ledger records, sealed to the author, for carrying on from another browser. */
  resumePacket: string;
  secrets: IssueSecrets;
  /** Of a controlled medicine. */
  register?: SealedRegisterEntry;
}

const documentVersion = 1;
const dataKeyContext = (id: string, reader: string): WrapContext => ({
  purpose: 'medloom/prescription/data-key/v1',
  id,
  reader,
});
const resumeContext = (id: string, reader: string): WrapContext => ({
  purpose: 'medloom/prescription/resume/v2',
  id,
  reader,
});

/** An issue as it is sealed with its secrets; what is undefined is not there. */
const sealedText = (issue: object): string => canonicalJson(JSON.parse(JSON.stringify(issue)));

/** The context that a prescription's or a dispense's ciphertext is bound to. */
export const documentContext = (documentId: string, author: string): DocumentContext => ({
  documentId,
  version: documentVersion,
  author,
});

/**
 * Encrypts a new prescription with a fresh data key and a fresh access code, wraps the key for patient and author and
 * under code and release share, and computes all that ledger and token record about it.
 */
export async function composeIssue(input: {
  id: string;
  patient: Reader;
  author: Reader;
  /** The FHIR MedicationRequest, UTF-8 JSON. */
  document: Uint8Array;
  /** ISO 8601 instant */
  expires: string;
  quantity: number;
  fills: number;
  terms?: IssueTerms | undefined;
  /** Of a controlled medicine: the ledger demands the author's second factor and this, pharmacies the declaration. */
  register?: { sealed: SealedRegisterEntry; reference: RegisterReference };
}): Promise<ComposedIssue & { dataKey: Bytes; code: Bytes }> {
  const { id, patient, author, register } = input;
  const dataKey = randomBytes(32);
  const code = createAccessCode();
  const [sealed, patientWrap, authorWrap, byCode] = await Promise.all([
    sealDocument(dataKey, documentContext(id, author.id), input.document),
    wrapFor(patient.readingKey, dataKeyContext(id, patient.id), packPatientSecret(dataKey, code)),
    wrapFor(author.readingKey, dataKeyContext(id, author.id), dataKey),
    wrapUnderCode(id, code, dataKey),
  ]);
  const secrets = { patientWrap, authorWrap, ...byCode };
  const issue = {
    id,
    patient: patient.id,
    expires: input.expires,
    cid: sealed.cid,
    contentHash: sealed.contentHash,
    redeemHash: redeemHashOf(code),
    commitment: commitmentOf(dataKey, input.document),
    quantity: input.quantity,
    fills: input.fills,
    ...input.terms,
    ...(register && { controlled: true as const, register: register.reference }),
  };
  const packet = utf8(
    JSON.stringify({ ...secrets, issue: sealedText(issue), ...(register && { register: register.sealed }) }),
  );
  return {
    issue,
    envelope: toBase64Url(sealed.bytes),
    tokenHolder: tokenHolderOf(dataKey),
    resumePacket: await wrapFor(author.readingKey, resumeContext(id, author.id), packet),
    secrets,
    ...(register && { register: register.sealed }),
    dataKey,
    code,
  };
}

/**
 * Opens the author's own resume packet, for the issue that is to be carried on. Throws `WRAP_REFUSED`, and `ALTERED`
 * where the issue is not the very one that was sealed with the secrets.
 */
export async function openResumePacket(
  seed: Uint8Array,
  issue: { id: string },
  authorId: string,
  packet: string,
): Promise<{ secrets: IssueSecrets; register?: SealedRegisterEntry }> {
  const opened: unknown = JSON.parse(fromUtf8(await unwrapWith(seed, resumeContext(issue.id, authorId), packet)));
  const text = (name: keyof IssueSecrets | 'issue'): string => {
    const value: unknown = typeof opened === 'object' && opened !== null ? Reflect.get(opened, name) : undefined;
    if (typeof value !== 'string') throw new CryptoError('WRAP_REFUSED', name);
    return value;
  };
  if (text('issue') !== sealedText(issue)) throw new CryptoError('ALTERED', 'another issue than was sealed');
  const secrets = {
    patientWrap: text('patientWrap'),
    authorWrap: text('authorWrap'),
    codeWrap: text('codeWrap'),
    releaseShare: text('releaseShare'),
  };
  const { register } = z.object({ register: sealedRegisterEntry.optional() }).parse(opened);
  return { secrets, ...(register && { register }) };
}

/** The data key out of the author's wrap. Throws `WRAP_REFUSED`. */
export async function openAuthorWrap(seed: Uint8Array, id: string, authorId: string, wrap: string): Promise<Bytes> {
  const dataKey = await unwrapWith(seed, dataKeyContext(id, authorId), wrap);
  if (dataKey.length !== 32) throw new CryptoError('WRAP_REFUSED', 'length');
  return dataKey;
}

/** Data key and access code out of the patient's wrap. Throws `WRAP_REFUSED`. */
export async function openPatientWrap(
  seed: Uint8Array,
  id: string,
  patientId: string,
  wrap: string,
): Promise<{ dataKey: Bytes; code: Bytes }> {
  return unpackPatientSecret(await unwrapWith(seed, dataKeyContext(id, patientId), wrap));
}

/**
 * Opens the ciphertext of a prescription or dispense after comparing it with what the ledger recorded.
 * Throws `ALTERED`, `WRONG_KEY`, `ENVELOPE_MALFORMED`.
 */
export async function openContent(
  dataKey: Uint8Array,
  bytes: Uint8Array,
  recorded: { id: string; author: string; cid: string; contentHash: string },
): Promise<Bytes> {
  requireContent(bytes, recorded);
  return openDocument(dataKey, documentContext(recorded.id, recorded.author), bytes);
}

/** Encrypts a dispense under its prescription's data key, bound to its own id and author. */
export function sealDispense(
  dataKey: Uint8Array,
  dispense: { id: string; author: string },
  document: Uint8Array,
): Promise<SealedDocument> {
  return sealDocument(dataKey, documentContext(dispense.id, dispense.author), document);
}

/** A new access code for a prescription: the old one and its release share are worthless once it is recorded. */
export async function composeRenewal(
  id: string,
  dataKey: Uint8Array,
  patient: Reader,
): Promise<{ redeemHash: string; secrets: Omit<IssueSecrets, 'authorWrap'>; code: Bytes }> {
  const code = createAccessCode();
  const [byCode, patientWrap] = await Promise.all([
    wrapUnderCode(id, code, dataKey),
    wrapFor(patient.readingKey, dataKeyContext(id, patient.id), packPatientSecret(dataKey, code)),
  ]);
  return { redeemHash: redeemHashOf(code), secrets: { ...byCode, patientWrap }, code };
}
