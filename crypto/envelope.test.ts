import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { randomBytes, utf8 } from './bytes.ts';
import { sha256 } from './derive.ts';
import { cidOf, contentHashOf, maximumEnvelope, openDocument, requireContent, sealDocument } from './envelope.ts';

const context = { documentId: 'rx-0-x', version: 1, author: 'prac-x' };
const refusal = (code: string) => expect.objectContaining({ code });

describe('a sealed document', () => {
  it('opens to what was sealed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.string(), async (plaintext, author) => {
        const key = randomBytes(32);
        const sealed = await sealDocument(key, { ...context, author }, plaintext);
        expect(await openDocument(key, { ...context, author }, sealed.bytes)).toEqual(new Uint8Array(plaintext));
      }),
      { numRuns: 30 },
    );
  });

  it('does not open when any one byte differs', async () => {
    const key = randomBytes(32);
    const { bytes } = await sealDocument(key, context, utf8('body'));
    for (let position = 0; position < bytes.length; position += 1) {
      const changed = bytes.slice();
      changed[position] = (changed[position] ?? 0) ^ 1;
      const expected = position === 0 ? 'ENVELOPE_MALFORMED' : position < 33 ? 'WRONG_KEY' : 'ALTERED';
      await expect(openDocument(key, context, changed), `byte ${position}`).rejects.toThrow(refusal(expected));
    }
  });

  it('does not open cut short, drawn out, under another key or in another context', async () => {
    const key = randomBytes(32);
    const { bytes } = await sealDocument(key, context, utf8('body'));
    await expect(openDocument(key, context, bytes.slice(0, -1))).rejects.toThrow(refusal('ALTERED'));
    await expect(openDocument(key, context, bytes.slice(0, 40))).rejects.toThrow(refusal('ENVELOPE_MALFORMED'));
    await expect(openDocument(key, context, new Uint8Array())).rejects.toThrow(refusal('ENVELOPE_MALFORMED'));
    await expect(openDocument(randomBytes(32), context, bytes)).rejects.toThrow(refusal('WRONG_KEY'));
    await expect(openDocument(randomBytes(16), context, bytes)).rejects.toThrow(refusal('KEY_LENGTH'));
    for (const other of [{ documentId: 'rx-0-y' }, { version: 2 }, { author: 'prac-y' }]) {
      await expect(openDocument(key, { ...context, ...other }, bytes)).rejects.toThrow(refusal('ALTERED'));
    }
  });

  it('fits one block', async () => {
    const largest = maximumEnvelope - 33 - 12 - 16;
    const sealed = await sealDocument(randomBytes(32), context, new Uint8Array(largest));
    expect(sealed.bytes.length).toBe(maximumEnvelope);
    await expect(sealDocument(randomBytes(32), context, new Uint8Array(largest + 1))).rejects.toThrow(
      refusal('ENVELOPE_TOO_LARGE'),
    );
    await expect(openDocument(randomBytes(32), context, new Uint8Array(maximumEnvelope + 1))).rejects.toThrow(
      refusal('ENVELOPE_TOO_LARGE'),
    );
  });
});

describe('the name of the bytes', () => {
  it('is the CID that IPFS gives one raw block', () => {
    expect(cidOf(utf8('hello'))).toBe('bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq');
    const parsed = CID.parse(cidOf(utf8('any bytes')));
    expect([parsed.version, parsed.code, parsed.multihash.code]).toEqual([1, 0x55, 0x12]);
    expect(parsed.multihash.digest).toEqual(sha256(utf8('any bytes')));
  });

  it('finds other bytes than the recorded ones', () => {
    const bytes = utf8('recorded');
    const recorded = { cid: cidOf(bytes), contentHash: contentHashOf(bytes) };
    expect(() => requireContent(bytes, recorded)).not.toThrow();
    expect(() => requireContent(utf8('others'), recorded)).toThrow(refusal('ALTERED'));
    expect(() => requireContent(bytes, { ...recorded, cid: cidOf(utf8('x')) })).toThrow(refusal('ALTERED'));
    expect(() => requireContent(bytes, { ...recorded, contentHash: '00' })).toThrow(refusal('ALTERED'));
  });
});
