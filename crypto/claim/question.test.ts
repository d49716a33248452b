import { expect, it } from 'vitest';
import { utf8 } from '../bytes.ts';
import { newIdentifier } from '../identifier.ts';
import { createReadingKey, wrapFor } from '../wrap.ts';
import {
  largestQuestion,
  largestReply,
  openQuestion,
  openReply,
  sealedQuestion,
  sealedReply,
  sealQuestion,
  sealReply,
} from './question.ts';

const refused = expect.objectContaining({ code: 'WRAP_REFUSED' });
async function made() {
  const { seed, publicKey } = await createReadingKey();
  const adjudicator = { id: newIdentifier('dev'), readingKey: publicKey };
  return { seed, adjudicator, ...(await sealQuestion(adjudicator, { policy: 'pol', item: 7 })) };
}
const changed = (text: string, at: number) =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

it('is read by the adjudicator, whose answer is read by who asked', async () => {
  const { seed, question, awaited } = await made();
  const opened = await openQuestion(seed, sealedQuestion.parse(question));
  expect(opened.question).toEqual({ policy: 'pol', item: 7 });
  const reply = sealedReply.parse(await sealReply(question, opened.replyKey, { covered: true, patient: 500 }));
  expect(await openReply(awaited, reply)).toEqual({ covered: true, patient: 500 });
});

it('is read by nobody else, in no other place, and not with a character changed', async () => {
  const { seed, question, awaited } = await made();
  const other = await made();
  await expect(openQuestion(other.seed, question)).rejects.toThrow(refused);
  for (const place of [{ id: other.question.id }, { reader: other.question.reader }])
    await expect(openQuestion(seed, { ...question, ...place })).rejects.toThrow(refused);
  for (let at = 0; at < question.sealed.length - 1; at += 211)
    await expect(openQuestion(seed, { ...question, sealed: changed(question.sealed, at) })).rejects.toThrow(refused);
  const { replyKey } = await openQuestion(seed, question);
  const reply = await sealReply(question, replyKey, 'yes');
  await expect(openReply(other.awaited, reply)).rejects.toThrow(refused);
  await expect(openReply({ ...awaited, id: other.awaited.id }, reply)).rejects.toThrow(refused);
  for (let at = 0; at < reply.sealed.length - 1; at += 211)
    await expect(openReply(awaited, { ...reply, sealed: changed(reply.sealed, at) })).rejects.toThrow(refused);
});

it('is answered by nobody who has not opened it', async () => {
  const { question, awaited, adjudicator } = await made();
  const guessed = await createReadingKey();
  for (const key of [adjudicator.readingKey, guessed.publicKey])
    await expect(openReply(awaited, await sealReply(question, key, 'yes'))).rejects.toThrow(refused);
});

it.each([
  ['no JSON', '{'],
  ['of another shape', '{"version":2}'],
  ['nested deeper than the stack', `{"version":1,"question":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
])('is refused where it is %s', async (_, plain) => {
  const { seed, adjudicator } = await made();
  const id = newIdentifier('elq');
  const context = { purpose: 'medloom/claim/question/v1', id, reader: adjudicator.id } as const;
  const sealed = await wrapFor(adjudicator.readingKey, context, utf8(plain));
  await expect(openQuestion(seed, { id, reader: adjudicator.id, sealed })).rejects.toThrow(
    expect.objectContaining({ code: 'ALTERED' }),
  );
});

it('is bounded, as its answer is', async () => {
  const { adjudicator, question, seed } = await made();
  const tooLarge = expect.objectContaining({ code: 'ENVELOPE_TOO_LARGE' });
  await expect(sealQuestion(adjudicator, 'x'.repeat(largestQuestion))).rejects.toThrow(tooLarge);
  const { replyKey } = await openQuestion(seed, question);
  await expect(sealReply(question, replyKey, 'x'.repeat(largestReply))).rejects.toThrow(tooLarge);
  const long = await sealQuestion(adjudicator, 'x'.repeat(20_000));
  expect(sealedQuestion.parse(long.question)).toEqual(long.question);
});
