import { beforeAll, describe, expect, it } from 'vitest';
import { fromBase64Url, fromUtf8, randomBytes, toBase64Url, utf8 } from './bytes.ts';
import { commitmentOf } from './commitment/commitment.ts';
import { sealRegisterEntry } from './controlledRegister.ts';
import { newIdentifier, newPrescriptionId, newPseudonym } from './identifier.ts';
import {
  composeIssue,
  composeRenewal,
  openAuthorWrap,
  openContent,
  openPatientWrap,
  openResumePacket,
  sealDispense,
} from './prescription.ts';
import { redeemHashOf } from './redeem.ts';
import { tokenHolderOf } from './token.ts';
import { createReadingKey, type ReadingKey, unwrapUnderCode } from './wrap.ts';

const patientId = newPseudonym(2);
const authorId = newIdentifier('prac');
const id = newPrescriptionId(patientId);
const document = utf8('{"resourceType":"MedicationRequest"}');
const refusal = (code: string) => expect.objectContaining({ code });
const registerEntry = {
  ...{ id, medicine: 'MP-32050', atc: 'N02AX02', name: 'tramadol 50 mg', quantity: 14, unit: 'capsule' },
  ...{ author: authorId, at: '2026-11-01T00:00:00.000Z' },
};
let patient: ReadingKey;
let author: ReadingKey;
let composed: Awaited<ReturnType<typeof composeIssue>>;

beforeAll(async () => {
  [patient, author] = await Promise.all([createReadingKey(), createReadingKey()]);
  const authority = { id: 'inst-authority', readingKey: (await createReadingKey()).publicKey, generation: 1 };
  composed = await composeIssue({
    id,
    patient: { id: patientId, readingKey: patient.publicKey },
    author: { id: authorId, readingKey: author.publicKey },
    document,
    expires: '2026-12-01T00:00:00.000Z',
    quantity: 14,
    fills: 2,
    register: await sealRegisterEntry(registerEntry, authority),
    terms: { safety: { tableVersion: '1', outcome: 'clear', hash: 'a'.repeat(64) } },
  });
});

const recorded = () => ({ ...composed.issue, author: authorId });

describe('an issued prescription', () => {
  it('is opened by patient, author and code alike', async () => {
    const { dataKey, code } = await openPatientWrap(patient.seed, id, patientId, composed.secrets.patientWrap);
    expect(await openAuthorWrap(author.seed, id, authorId, composed.secrets.authorWrap)).toEqual(dataKey);
    expect(await unwrapUnderCode(id, code, composed.secrets)).toEqual(dataKey);
    expect(redeemHashOf(code)).toBe(composed.issue.redeemHash);
    expect(tokenHolderOf(dataKey)).toBe(composed.tokenHolder);
    const opened = await openContent(dataKey, fromBase64Url(composed.envelope), recorded());
    expect(fromUtf8(opened)).toBe(fromUtf8(document));
    expect(commitmentOf(dataKey, opened)).toBe(composed.issue.commitment);
  });

  it('is not opened by anyone else, nor as another document or author', async () => {
    const { dataKey } = composed;
    const stranger = await createReadingKey();
    const { patientWrap, authorWrap } = composed.secrets;
    await expect(openPatientWrap(stranger.seed, id, patientId, patientWrap)).rejects.toThrow(refusal('WRAP_REFUSED'));
    await expect(openPatientWrap(author.seed, id, authorId, authorWrap)).rejects.toThrow(refusal('KEY_LENGTH'));
    await expect(openAuthorWrap(patient.seed, id, patientId, patientWrap)).rejects.toThrow(refusal('WRAP_REFUSED'));
    const bytes = fromBase64Url(composed.envelope);
    await expect(openContent(dataKey, bytes, { ...recorded(), author: newIdentifier('prac') })).rejects.toThrow(
      refusal('ALTERED'),
    );
    await expect(openContent(dataKey, bytes, { ...recorded(), id: newPrescriptionId(patientId) })).rejects.toThrow(
      refusal('ALTERED'),
    );
    await expect(openContent(randomBytes(32), bytes, recorded())).rejects.toThrow(refusal('WRONG_KEY'));
    await expect(openContent(dataKey, bytes.slice(1), recorded())).rejects.toThrow(refusal('ALTERED'));
  });

  it('is not opened by all that a server gets', async () => {
    const { issue, envelope, tokenHolder, resumePacket, secrets } = composed;
    const everything = JSON.stringify({ issue, envelope, tokenHolder, resumePacket, secrets });
    for (const secret of [composed.dataKey, composed.code]) expect(everything).not.toContain(toBase64Url(secret));
    // The share that the server passes on opens nothing without the code; the redeeming key is no code.
    for (const guess of [new Uint8Array(16), fromBase64Url(secrets.releaseShare).slice(0, 16)]) {
      await expect(unwrapUnderCode(id, guess, secrets)).rejects.toThrow(refusal('WRAP_REFUSED'));
    }
  });

  it('is carried on from another browser of the author', async () => {
    expect(await openResumePacket(author.seed, composed.issue, authorId, composed.resumePacket)).toEqual({
      secrets: composed.secrets,
      register: composed.register,
    });
    await expect(openResumePacket(patient.seed, composed.issue, patientId, composed.resumePacket)).rejects.toThrow(
      refusal('WRAP_REFUSED'),
    );
    await expect(openResumePacket(author.seed, composed.issue, authorId, composed.secrets.authorWrap)).rejects.toThrow(
      refusal('WRAP_REFUSED'),
    );
    const altered = { ...composed.issue, patient: newPseudonym(2) };
    await expect(openResumePacket(author.seed, altered, authorId, composed.resumePacket)).rejects.toThrow(
      refusal('ALTERED'),
    );
    expect(composed.resumePacket.length).toBeLessThan(32_768);
  });
});

describe('a renewed access code', () => {
  it('opens, and the old one opens nothing new', async () => {
    const renewed = await composeRenewal(id, composed.dataKey, { id: patientId, readingKey: patient.publicKey });
    expect(await unwrapUnderCode(id, renewed.code, renewed.secrets)).toEqual(composed.dataKey);
    await expect(unwrapUnderCode(id, composed.code, renewed.secrets)).rejects.toThrow(refusal('WRAP_REFUSED'));
    const opened = await openPatientWrap(patient.seed, id, patientId, renewed.secrets.patientWrap);
    expect(opened).toEqual({ dataKey: composed.dataKey, code: renewed.code });
    expect(redeemHashOf(renewed.code)).toBe(renewed.redeemHash);
    expect(renewed.redeemHash).not.toBe(composed.issue.redeemHash);
  });
});

it('seals a dispense to its own id and author', async () => {
  const dispense = { id: newIdentifier('disp'), author: newIdentifier('prac') };
  const sealed = await sealDispense(composed.dataKey, dispense, utf8('{}'));
  expect(fromUtf8(await openContent(composed.dataKey, sealed.bytes, { ...dispense, ...sealed }))).toBe('{}');
  await expect(
    openContent(composed.dataKey, sealed.bytes, { ...dispense, ...sealed, id: newIdentifier('disp') }),
  ).rejects.toThrow(refusal('ALTERED'));
});
