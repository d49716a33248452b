import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAccessCode } from './accessCode.ts';
import { fromBase64Url, fromHex, randomBytes, toBase64Url, toHex, utf8 } from './bytes.ts';
import { sha256Hex } from './derive.ts';
import { redeemHashOf, redeemKeyOf, releaseKeyOf } from './redeem.ts';
import {
  createReadingKey,
  packPatientSecret,
  unpackPatientSecret,
  unwrapUnderCode,
  unwrapWith,
  type WrapContext,
  wrapFor,
  wrapUnderCode,
} from './wrap.ts';

const context: WrapContext = { purpose: 'medloom/prescription/data-key/v1', id: 'rx-0-x', reader: 'pt-0-x' };
const refused = expect.objectContaining({ code: 'WRAP_REFUSED' });
const flip = (text: string, position: number) => {
  const bytes = fromBase64Url(text);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  return toBase64Url(bytes);
};

it('rests on an HPKE that opens the vector of RFC 9180, appendix A.1.1', async () => {
  const kem = new DhkemX25519HkdfSha256();
  const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes128Gcm() });
  const raw = fromHex('4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8');
  const recipient = await suite.createRecipientContext({
    recipientKey: await kem.importKey('raw', raw.buffer, false),
    enc: fromHex('37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431').buffer,
    info: fromHex('4f6465206f6e2061204772656369616e2055726e').buffer,
  });
  const ciphertext = fromHex(
    'f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a',
  );
  const opened = await recipient.open(ciphertext.buffer, fromHex('436f756e742d30').buffer);
  expect(toHex(new Uint8Array(opened))).toBe('4265617574792069732074727574682c20747275746820626561757479');
});

describe('a wrap for a reader', () => {
  it('derives the same key from the same seed', async () => {
    const first = await createReadingKey(new Uint8Array(32).fill(7));
    const second = await createReadingKey(new Uint8Array(32).fill(7));
    expect(first.publicKey).toBe(second.publicKey);
    expect(fromBase64Url(first.publicKey).length).toBe(1216);
    expect(sha256Hex(fromBase64Url(first.publicKey))).toMatchInlineSnapshot(
      `"74943b4ecd441ec7f92d22c3fb377a29cd7fb96687efda8fae74ae2219a1c279"`,
    );
    expect((await createReadingKey()).publicKey).not.toBe(first.publicKey);
  });

  it('opens for its reader', async () => {
    const { seed, publicKey } = await createReadingKey();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (secret) => {
        const wrap = await wrapFor(publicKey, context, secret);
        expect(await unwrapWith(seed, context, wrap)).toEqual(new Uint8Array(secret));
      }),
      { numRuns: 10 },
    );
  });

  it('refuses another reader, another context and changed bytes of every part', async () => {
    const { seed, publicKey } = await createReadingKey();
    const wrap = await wrapFor(publicKey, context, randomBytes(32));
    await expect(unwrapWith(randomBytes(32), context, wrap)).rejects.toThrow(refused);
    for (const other of [
      { id: 'rx-0-y' },
      { reader: 'pt-0-y' },
      { purpose: 'medloom/prescription/resume/v2' as const },
    ]) {
      await expect(unwrapWith(seed, { ...context, ...other }, wrap)).rejects.toThrow(refused);
    }
    for (const position of [0, 500, 1087, 1088, 1119, 1120, 1140, 1167]) {
      await expect(unwrapWith(seed, context, flip(wrap, position)), `byte ${position}`).rejects.toThrow(refused);
    }
    await expect(unwrapWith(seed, context, toBase64Url(fromBase64Url(wrap).slice(0, -1)))).rejects.toThrow(refused);
    await expect(unwrapWith(seed, context, 'AAAA')).rejects.toThrow(refused);
  });

  it('refuses keys of another length', async () => {
    const wrongLength = expect.objectContaining({ code: 'KEY_LENGTH' });
    await expect(wrapFor(toBase64Url(randomBytes(1215)), context, randomBytes(32))).rejects.toThrow(wrongLength);
    await expect(createReadingKey(randomBytes(31))).rejects.toThrow(wrongLength);
    await expect(unwrapWith(randomBytes(33), context, 'A'.repeat(2000))).rejects.toThrow(wrongLength);
  });
});

describe('keys of the access code', () => {
  const code = fromHex('00112233445566778899aabbccddeeff');

  it('are fixed', () => {
    expect(toHex(redeemKeyOf(code))).toMatchInlineSnapshot(
      `"05c9ec2f7a2a3f2a34a0deada342e96716f81da4b225607c74f4c0cc0f00b208"`,
    );
    expect(redeemHashOf(code)).toBe(sha256Hex(redeemKeyOf(code)));
    expect(toHex(releaseKeyOf(code, new Uint8Array(32).fill(1), 'rx-0-x'))).toMatchInlineSnapshot(
      `"2658e1d30382adc4d0c96cac68c0a9f062e1986ced364b8e82ef980f27183beb"`,
    );
  });

  it('agree with Web Crypto', async () => {
    const imported = await crypto.subtle.importKey('raw', code, 'HKDF', false, ['deriveBits']);
    const parameters = {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: new Uint8Array(),
      info: utf8('medloom/prescription/redeem/v1'),
    };
    expect(new Uint8Array(await crypto.subtle.deriveBits(parameters, imported, 256))).toEqual(redeemKeyOf(code));
  });
});

describe('a wrap under the access code', () => {
  const id = 'rx-0-x';

  it('opens with code and share together', async () => {
    const code = createAccessCode();
    const dataKey = randomBytes(32);
    expect(await unwrapUnderCode(id, code, await wrapUnderCode(id, code, dataKey))).toEqual(dataKey);
  });

  it('takes a fresh share each time', async () => {
    const code = createAccessCode();
    const first = await wrapUnderCode(id, code, randomBytes(32));
    const second = await wrapUnderCode(id, code, randomBytes(32));
    expect(first.releaseShare).not.toBe(second.releaseShare);
    await expect(unwrapUnderCode(id, code, { ...first, releaseShare: second.releaseShare })).rejects.toThrow(refused);
  });

  it('refuses another code, prescription and any changed byte', async () => {
    const code = createAccessCode();
    const wrapped = await wrapUnderCode(id, code, randomBytes(32));
    await expect(unwrapUnderCode(id, createAccessCode(), wrapped)).rejects.toThrow(refused);
    await expect(unwrapUnderCode('rx-0-y', code, wrapped)).rejects.toThrow(refused);
    for (let position = 0; position < 60; position += 1) {
      const changed = { ...wrapped, codeWrap: flip(wrapped.codeWrap, position) };
      await expect(unwrapUnderCode(id, code, changed), `byte ${position}`).rejects.toThrow(refused);
    }
    await expect(unwrapUnderCode(id, code, { ...wrapped, releaseShare: 'AAAA' })).rejects.toThrow(
      expect.objectContaining({ code: 'KEY_LENGTH' }),
    );
  });
});

it('packs data key and access code for the patient', () => {
  const dataKey = randomBytes(32);
  const code = createAccessCode();
  expect(unpackPatientSecret(packPatientSecret(dataKey, code))).toEqual({ dataKey, code });
  expect(() => unpackPatientSecret(dataKey)).toThrow(expect.objectContaining({ code: 'KEY_LENGTH' }));
});
