import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  documentSecrets,
  indexHead,
  type OpenableDocument,
  recordDocument,
  storedDocument,
} from '#chaincode/model/healthRecord.ts';
import { indexStatement } from '#chaincode/model/statements.ts';
import { type Bytes, randomBytes, toBase64Url, utf8 } from './bytes.ts';
import { type CategoryKey, createCategoryKey } from './categoryKey.ts';
import { cidOf } from './envelope.ts';
import { composeDocument, openBundle, openDataKey } from './healthRecord.ts';
import { newCareId, newIdentifier, newPseudonym } from './identifier.ts';
import { composeIndex, openHead, openSegment, sealSegment } from './recordIndex.ts';
import { generateSigningKey, importSigningKey, type SigningKey } from './signingKey.ts';
import { isSigned } from './statement.ts';

const patient = newPseudonym(0);
const author = newIdentifier('prac');
const refusal = (code: string) => expect.objectContaining({ code });
let key: CategoryKey;
let doctor: SigningKey;
let stranger: SigningKey;
beforeAll(async () => {
  key = await createCategoryKey({ patient, category: 'clinical', epoch: 1 });
  doctor = await importSigningKey(await generateSigningKey());
  stranger = await importSigningKey(await generateSigningKey());
});

async function compose(bundle: Bytes, dataKey = randomBytes(32)) {
  const composed = await composeDocument(doctor.privateKey, {
    id: newCareId('doc', patient),
    patient,
    author,
    category: key,
    bundle,
    attachments: [cidOf(utf8('attachment'))],
    dataKey,
  });
  const { document, secrets, sealed } = composed;
  const stored = storedDocument.parse({
    ...document,
    author,
    state: 'current',
    at: new Date().toISOString(),
    version: 1,
  });
  const openable: OpenableDocument = { document: stored, epoch: secrets.epoch, wrap: secrets.wrap };
  return { ...composed, stored, openable, bytes: sealed.bytes };
}

describe('a document of a record', () => {
  it('has the shapes of the ledger', async () => {
    const { document, secrets } = await compose(utf8('{}'));
    expect(recordDocument.parse(document)).toEqual(document);
    expect(documentSecrets.parse(secrets)).toEqual(secrets);
  });

  it('opens to the bundle that its author signed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bundle) => {
        const { openable, stored, bytes } = await compose(Uint8Array.from(bundle));
        const dataKey = await openDataKey(key, openable, [doctor.publicKey]);
        expect(await openBundle(dataKey, stored, bytes)).toEqual(Uint8Array.from(bundle));
      }),
      { numRuns: 10 },
    );
  });

  it('is refused with any word changed that its author signed', async () => {
    const { openable } = await compose(utf8('{}'));
    const { document } = openable;
    const changes: Partial<typeof document>[] = [
      { id: newCareId('doc', patient) },
      { cid: cidOf(utf8('other')) },
      { contentHash: '0'.repeat(64) },
      { attachments: [] },
      { attachments: [cidOf(utf8('other'))] },
      { replaces: newCareId('doc', patient) },
      { keyCommitment: toBase64Url(randomBytes(32)) },
      { author: newIdentifier('prac') },
    ];
    for (const change of changes) {
      const changed = { ...openable, document: { ...document, ...change } };
      await expect(openDataKey(key, changed, [doctor.publicKey]), JSON.stringify(change)).rejects.toThrow(
        refusal('SIGNATURE_FOREIGN'),
      );
    }
    await expect(openDataKey(key, openable, [stranger.publicKey])).rejects.toThrow(refusal('SIGNATURE_FOREIGN'));
    await expect(openDataKey(key, openable, [])).rejects.toThrow(refusal('SIGNATURE_FOREIGN'));
  });

  it('is refused under another category, epoch or patient, and with another’s wrap', async () => {
    const { openable } = await compose(utf8('{}'));
    const elsewhere = [
      { ...key, category: 'hiv' as const },
      { ...key, epoch: 2 },
      { ...key, patient: newPseudonym(0) },
    ];
    for (const other of elsewhere) await expect(openDataKey(other, openable, [doctor.publicKey])).rejects.toThrow();
    const { openable: second } = await compose(utf8('{}'));
    await expect(openDataKey(key, { ...openable, wrap: second.wrap }, [doctor.publicKey])).rejects.toThrow(
      refusal('WRAP_REFUSED'),
    );
  });

  it('is refused with any byte of its ciphertext changed', async () => {
    const { openable, stored, bytes } = await compose(utf8('{"resourceType":"Bundle"}'));
    const dataKey = await openDataKey(key, openable, [doctor.publicKey]);
    for (let position = 0; position < bytes.length; position += 1) {
      const changed = bytes.slice();
      changed[position] = (changed[position] ?? 0) ^ 1;
      await expect(openBundle(dataKey, stored, changed), `byte ${position}`).rejects.toThrow(refusal('ALTERED'));
    }
  });
});

describe('the index of a category', () => {
  const content = utf8(JSON.stringify(Array.from({ length: 500 }, (_, at) => ({ code: `code ${at % 7}` }))));

  it('opens to what was written, smaller than that', async () => {
    const segment = await sealSegment(key, content);
    const { head, sealed } = await composeIndex(doctor.privateKey, key, {
      version: 3,
      by: author,
      content,
      segments: [segment.cid],
    });
    expect(indexHead.parse(head)).toEqual(head);
    expect(sealed.bytes.length).toBeLessThan(content.length / 4);
    const { signature, ...unsigned } = head;
    expect(await isSigned(doctor.publicKey, indexStatement(patient, author, unsigned), signature)).toBe(true);
    expect(await openHead(key, { ...head, by: author }, sealed.bytes)).toEqual(content);
    expect(await openSegment(key, segment.bytes)).toEqual(content);
  });

  it('is refused in another version, of another author, category, or with changed bytes', async () => {
    const input = { version: 1, by: author, content, segments: [] };
    const { head, sealed } = await composeIndex(doctor.privateKey, key, input);
    const stored = { ...head, by: author };
    await expect(openHead(key, { ...stored, version: 2 }, sealed.bytes)).rejects.toThrow(refusal('ALTERED'));
    await expect(openHead(key, { ...stored, by: newIdentifier('prac') }, sealed.bytes)).rejects.toThrow(
      refusal('ALTERED'),
    );
    await expect(openHead({ ...key, category: 'hiv' }, stored, sealed.bytes)).rejects.toThrow(refusal('ALTERED'));
    const other = await createCategoryKey(key);
    await expect(openHead(other, stored, sealed.bytes)).rejects.toThrow(refusal('WRONG_KEY'));
    await expect(openHead(key, stored, sealed.bytes.slice(1))).rejects.toThrow(refusal('ALTERED'));
    await expect(openSegment(key, sealed.bytes)).rejects.toThrow(refusal('ALTERED'));
  });

  it('does not fill a reader’s memory', async () => {
    const bomb = await sealSegment(key, new Uint8Array(17 * 1024 * 1024));
    await expect(openSegment(key, bomb.bytes)).rejects.toThrow(refusal('ENVELOPE_TOO_LARGE'));
  });
});
