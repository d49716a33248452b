import { z } from 'zod';
import { deviceId, readingKey, serialId } from '#chaincode/model/identifiers.ts';
import { type Bytes, utf8 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { newIdentifier } from '../identifier.ts';
import type { Reader } from '../reader.ts';
import { createReadingKey, unwrapWith, type WrapContext, wrapFor } from '../wrap.ts';
import { readJson } from './sealed.ts';

/**
 * What somebody asks an insurer's adjudicator before serving, and its answer: sealed from browser to adjudicator and back. The key that the
 * answer is sealed to lies in the question alone, so that nobody but who opened the question can have answered it.
 */

/** As FHIR's CoverageEligibilityRequest has it (`fhir/eligibility.ts`). */
export const questionId = serialId('elq');
/** Of the adjudicator's device and the question in base64url. */
export const sealedQuestion = z.strictObject({
  id: questionId,
  reader: deviceId,
  sealed: z
    .string()
    .max(40_000)
    .regex(/^[A-Za-z0-9_-]+$/),
});
export type SealedQuestion = z.infer<typeof sealedQuestion>;
export const sealedReply = z.strictObject({
  id: questionId,
  sealed: z
    .string()
    .max(90_000)
    .regex(/^[A-Za-z0-9_-]+$/),
});
export type SealedReply = z.infer<typeof sealedReply>;

const asked = z.strictObject({ version: z.literal(1), replyKey: readingKey, question: z.json() });
const answered = z.strictObject({ version: z.literal(1), answer: z.json() });
type Json = z.infer<ReturnType<typeof z.json>>;

const questionContext = (id: string, reader: string): WrapContext => ({
  ...{ purpose: 'medloom/claim/question/v1', id, reader },
});
const replyContext = (id: string, reader: string): WrapContext => ({
  ...{ purpose: 'medloom/claim/reply/v1', id, reader },
});

/** The most bytes of a question and of an answer before they are sealed. */
export const largestQuestion = 24 * 1024;
export const largestReply = 64 * 1024;

function encode(value: object, largest: number): Bytes {
  const bytes = utf8(JSON.stringify(value));
  if (bytes.length > largest) throw new CryptoError('ENVELOPE_TOO_LARGE', `${bytes.length} bytes`);
  return bytes;
}

/** What only whoever asked can read the answer with; kept until it is there. */
export interface AwaitedReply {
  id: string;
  reader: string;
  /** 32 bytes; secret. */
  seed: Bytes;
}

/** Seals a question to an adjudicator's reading key. Throws `ENVELOPE_TOO_LARGE`. */
export async function sealQuestion(
  adjudicator: Reader,
  question: Json,
  id = newIdentifier('elq'),
): Promise<{ question: SealedQuestion; awaited: AwaitedReply }> {
  const { seed, publicKey: replyKey } = await createReadingKey();
  const bytes = encode({ version: 1, replyKey, question }, largestQuestion);
  const sealed = await wrapFor(adjudicator.readingKey, questionContext(id, adjudicator.id), bytes);
  return { question: { id, reader: adjudicator.id, sealed }, awaited: { id, reader: adjudicator.id, seed } };
}

/** Opens a question as the adjudicator. Throws `WRAP_REFUSED`, `ALTERED` for what is no question. */
export async function openQuestion(
  seed: Uint8Array,
  { id, reader, sealed }: SealedQuestion,
): Promise<{ question: Json; replyKey: string }> {
  const { question, replyKey } = readJson(
    asked,
    await unwrapWith(seed, questionContext(id, reader), sealed),
    'ALTERED',
  );
  return { question, replyKey };
}

/** Seals the answer to who asked. Throws `ENVELOPE_TOO_LARGE`. */
export async function sealReply(
  { id, reader }: Pick<SealedQuestion, 'id' | 'reader'>,
  replyKey: string,
  answer: Json,
): Promise<SealedReply> {
  const bytes = encode({ version: 1, answer }, largestReply);
  return { id, sealed: await wrapFor(replyKey, replyContext(id, reader), bytes) };
}

/** Opens the answer to one's own question. Throws `WRAP_REFUSED` for that to another or by another, `ALTERED` for what is no answer. */
export async function openReply({ id, reader, seed }: AwaitedReply, { sealed }: SealedReply): Promise<Json> {
  return readJson(answered, await unwrapWith(seed, replyContext(id, reader), sealed), 'ALTERED').answer;
}
