import { createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { decode, encode } from '@ipld/dag-cbor';
import { p256 } from '@noble/curves/nist.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bytes, copyBytes, fromHex, randomBytes, toHex } from '../bytes.ts';
import { encodeCbor } from '../cbor.ts';
import { sha256Hex } from '../derive.ts';
import { CryptoError } from '../errors.ts';
import { decodeFrame, encodeFrame, type Frame } from './frame.ts';
import { openFrame, sealFrame, verifyFrame } from './seal.ts';
import { frameSigner, frameVerifier, isLowS, withLowS } from './signature.ts';
import { testContent, testDevice } from './testFrames.ts';

const codeOf = (work: () => unknown) =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'done',
      (error: unknown) => (error instanceof CryptoError ? error.code : Promise.reject(error)),
    );

const key = copyBytes(Array.from({ length: 32 }, (_, index) => index));

describe('frames', () => {
  it('open to what was sealed, signed by the device', async () => {
    const device = testDevice();
    const { bytes, frame, hash } = await device.seal(key);
    const read = decodeFrame(bytes);
    await verifyFrame(read, device.verify);
    await verifyFrame(read, await frameVerifier(device.spki));
    expect((await openFrame(key, read)).items).toEqual(testContent.items);
    expect(frame).toEqual(read);
    expect(hash).toHaveLength(32);
    expect(await codeOf(() => verifyFrame(read, testDevice().verify))).toBe('FRAME_FOREIGN');
    expect(await codeOf(() => openFrame(randomBytes(32), read))).toBe('FRAME_SEALED');
  });

  it('has the bytes that it always had', async () => {
    const secret = copyBytes(Array.from({ length: 32 }, (_, index) => 200 - index));
    const { bytes, hash } = await sealFrame(key, testContent, (message) => copyBytes(p256.sign(message, secret)));
    expect(sha256Hex(bytes)).toBe('13d5ab86c823aba48446384cb3a3b2e704c6843a67efc12925ec35449f281511');
    expect(toHex(hash)).toBe('0987d858b9527e6c8de908bb3caabf883e0dbe0f383b7a50b53a30d0d413d85f');
  });

  it('opens by what the guide says of it, without this code', async () => {
    const { frame } = await testDevice().seal(key);
    const { r: _root, x: sealed, q: _signature, ...rootless } = frame;
    const said = Buffer.concat([
      Buffer.from('medloom/telemetry/frame/v1'),
      createHash('sha256').update(encode(rootless)).digest(),
    ]);
    const secrets = Buffer.from(hkdfSync('sha256', key, new Uint8Array(), said, 76));
    const opening = createDecipheriv('aes-256-gcm', secrets.subarray(0, 32), secrets.subarray(32, 44));
    opening.setAAD(encode({ ...rootless, r: frame.r })).setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([opening.update(sealed.subarray(0, -16)), opening.final()]);
    expect(decode(new Uint8Array(plain))).toEqual(testContent.items);
  });

  it('seals small numbers in few bytes', async () => {
    const { bytes } = await testDevice().seal(key);
    expect(bytes.length / testContent.items.length).toBeLessThan(25);
  });

  it('is refused with any field changed', async () => {
    const device = testDevice();
    const other = await device.seal(key, { number: 2, items: [[0, 1, 70]] });
    const { frame } = await device.seal(key, { kind: 'alert', alert: alertOf('critical') });
    const changes: Partial<Frame>[] = [
      { p: 'pt-0-caaaaaaaaaaaaaaaaaaaaaaaaa' },
      { d: 'dev-cbbbbbbbbbbbbbbbbbbbbbbbbb' },
      { s: fromHex('0102030405060709') },
      ...[{ n: 2 }, { g: 2 }, { e: 3 }, { c: 24 }, { f: frame.f - 1 }, { t: frame.t + 1 }],
      { r: other.frame.r },
      { a: alertOf('notice') },
      { x: copyBytes(frame.x.map((byte, at) => (at === 9 ? byte ^ 1 : byte))) },
    ];
    for (const change of changes) {
      const changed = decodeFrame(encodeFrame({ ...frame, ...change }));
      expect([change, await codeOf(() => verifyFrame(changed, device.verify))]).toEqual([change, 'FRAME_FOREIGN']);
      expect([change, await codeOf(() => openFrame(key, changed))]).toEqual([change, 'FRAME_SEALED']);
    }
    const signed = decodeFrame(encodeFrame({ ...frame, q: other.frame.q }));
    expect(await codeOf(() => verifyFrame(signed, device.verify))).toBe('FRAME_FOREIGN');
  });

  it('has one spelling', async () => {
    const { frame, bytes } = await testDevice().seal(key);
    const malformed: [string, Bytes][] = [
      ['more behind it', copyBytes([...bytes, 0])],
      ['less', bytes.slice(0, -1)],
      ['a field more', encodeCbor({ ...frame, y: 1 })],
      ['another version', encodeCbor({ ...frame, v: 2 })],
      ['a longer stream', encodeCbor({ ...frame, s: new Uint8Array(9) })],
      ['number 0', encodeCbor({ ...frame, n: 0 })],
      ['a number that is none', encodeCbor({ ...frame, n: 1.5 })],
      ['a number beyond what numbers hold', encodeCbor({ ...frame, n: 2n ** 60n })],
      ['an end before its beginning', encodeCbor({ ...frame, t: frame.f - 1 })],
      ['half a year', encodeCbor({ ...frame, t: frame.f + 180 * 86_400_000 })],
      ['nothing in it', encodeCbor({ ...frame, c: 0 })],
      ['too much in it', encodeCbor({ ...frame, c: 4_097 })],
      ['an alert without a word of it', encodeCbor({ ...frame, k: 'alert' })],
      ['readings with an alert', encodeCbor({ ...frame, a: alertOf('notice') })],
      ['the other s', encodeCbor({ ...frame, q: highS(frame.q) })],
      ['a text for bytes', encodeCbor({ ...frame, x: 'sealed' })],
      ['no map', encodeCbor([frame])],
      ['a megabyte', new Uint8Array(1_048_576)],
      ['a million lists', new Uint8Array(65_536).fill(0x81)],
    ];
    for (const [what, each] of malformed) {
      expect([what, await codeOf(() => decodeFrame(each))]).toEqual([what, 'FRAME_MALFORMED']);
    }
    expect(decodeFrame(bytes)).toEqual(frame);
  });

  it('reads whatever comes, or refuses it', async () => {
    const { bytes } = await testDevice().seal(key);
    const decoded = (given: Uint8Array) => codeOf(() => decodeFrame(given));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (given) => {
        expect(await decoded(given)).toBe('FRAME_MALFORMED');
      }),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = copyBytes(bytes.map((byte, index) => (index === at ? byte ^ change : byte)));
        const outcome = await decoded(changed);
        if (outcome === 'done') expect(toHex(encodeFrame(decodeFrame(changed)))).toBe(toHex(changed));
        else expect(outcome).toBe('FRAME_MALFORMED');
      }),
      { numRuns: 300 },
    );
  });

  it('opens to any values that it was given', async () => {
    const device = testDevice();
    // DAG-CBOR has one zero.
    const number = fc.double(finite).filter((given) => !Object.is(given, -0));
    const value = fc.oneof(fc.integer(), fc.array(fc.integer(), { maxLength: 20 }), fc.string(), number);
    const items = fc.array(fc.tuple(fc.nat(), fc.nat(), value), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(items, async (given) => {
        const { bytes } = await device.seal(key, { items: given });
        expect((await openFrame(key, decodeFrame(bytes))).items).toEqual(given);
      }),
      { numRuns: 60 },
    );
  });

  it('is not made where nobody would take it', async () => {
    const device = testDevice();
    expect(await codeOf(() => device.seal(key, { items: [] }))).toBe('FRAME_MALFORMED');
    expect(await codeOf(() => device.seal(key, { items: [new Uint8Array(70_000)] }))).toBe('FRAME_MALFORMED');
    expect(await codeOf(() => device.seal(key, { device: 'somebody' }))).toBe('FRAME_MALFORMED');
    expect(await codeOf(() => device.seal(key.slice(1)))).toBe('KEY_LENGTH');
  });

  it('is signed in one spelling by Web Crypto too', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const verify = await frameVerifier(new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)));
    for (let number = 1; number <= 8; number += 1) {
      const { frame } = await sealFrame(key, { ...testContent, number }, frameSigner(pair.privateKey));
      await verifyFrame(frame, verify);
      expect(isLowS(frame.q) && !isLowS(highS(frame.q))).toBe(true);
      expect(withLowS(highS(frame.q))).toEqual(frame.q);
    }
  });
});

const finite = { noNaN: true, noDefaultInfinity: true };
const alertOf = (level: 'critical' | 'notice') => ({
  id: 'al-0-aaaaaaaaaaaaaaaaaaaaaaaaaa',
  level,
  escalateAfter: 300,
});

function highS(signature: Uint8Array): Bytes {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const s = order - BigInt(`0x${toHex(signature.subarray(32))}`);
  return copyBytes([...signature.subarray(0, 32), ...fromHex(s.toString(16).padStart(64, '0'))]);
}
