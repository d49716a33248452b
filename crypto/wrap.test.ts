import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
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

describe('the HPKE that wraps rest on', () => {
  const hex = (text: string) => fromHex(text).buffer;
  const info = hex('4f6465206f6e2061204772656369616e2055726e');
  const message = '4265617574792069732074727574682c20747275746820626561757479';

  it('gives the vectors of RFC 9180, appendix A.1.1 (base mode)', async () => {
    const kem = new DhkemX25519HkdfSha256();
    const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes128Gcm() });
    const enc = '37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431';
    const ciphertexts = [
      'f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a',
      'af2d7e9ac9ae7e270f46ba1f975be53c09f8d875bdc8535458c2494e8a6eab251c03d0c22a56b8ca42c2063b84',
    ];
    const exported = {
      '': '3853fe2b4035195a573ffc53856e77058e15d9ea064de3e59f4961d0095250ee',
      '00': '2e8f0b54673c7029649d4eb9d5e33bf1872cf76d623ff164ac185da9e88c21a5',
      '54657374436f6e74657874': 'e9e43065102c3836401bed8c3c3c75ae46be1639869391d62c61f1ec7af54931',
    };
    const receiver = await kem.deriveKeyPair(hex('6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037'));
    const sender = await suite.createSenderContext({
      recipientPublicKey: receiver.publicKey,
      info,
      ekm: await kem.deriveKeyPair(hex('7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234')),
    });
    expect(toHex(new Uint8Array(sender.enc))).toBe(enc);
    const recipient = await suite.createRecipientContext({
      recipientKey: await kem.importKey(
        'raw',
        hex('4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8'),
        false,
      ),
      enc: hex(enc),
      info,
    });
    for (const [at, ciphertext] of ciphertexts.entries()) {
      const associated = utf8(`Count-${at}`).buffer;
      expect(toHex(new Uint8Array(await sender.seal(hex(message), associated)))).toBe(ciphertext);
      expect(toHex(new Uint8Array(await recipient.open(hex(ciphertext), associated)))).toBe(message);
    }
    for (const [context, value] of Object.entries(exported)) {
      expect(toHex(new Uint8Array(await recipient.export(hex(context), 32)))).toBe(value);
      expect(toHex(new Uint8Array(await sender.export(hex(context), 32)))).toBe(value);
    }
  });

  it.each([
    {
      seed: '7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26',
      eseed:
        '3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2',
      shared: 'd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384',
      publicKey: [
        'e2236b35a8c24b39b10aa1323a96a919a2ced88400633a7b07131713fc14b2b5b19cfc3d',
        '4ba32d9abac8cd049040ef6534',
      ],
      ciphertext: [
        'b83aa828d4d62b9a83ceffe1d3d3bb1ef31264643c070c5798927e41fb07914a273f8f96',
        '41d354274a079d3e6fb2e15',
      ],
    },
    {
      seed: 'badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea',
      eseed:
        '17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdefaee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d',
      shared: 'f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150',
      publicKey: [
        '0333285fa253661508c9fb444852caa4061636cb060e69943b431400134ae1fbc0228724',
        'c953926d96ea8a160b8843f1c89c62',
      ],
      ciphertext: [
        'c93beb22326705699bbc3d1d0aa6339be7a405debe61a7c337e1a91453c097a6f77c1306',
        '98bea4127ae66312f4ae3ea155b67',
      ],
    },
  ])('gives the vectors of X-Wing (draft-connolly-cfrg-xwing-kem, appendix C): $seed', async (vector) => {
    const kem = new XWing();
    const pair = await kem.generateKeyPairDerand(fromHex(vector.seed));
    const ends = (text: string, [head = '', tail = '']: string[]) => text.startsWith(head) && text.endsWith(tail);
    const publicKey = toHex(new Uint8Array(await kem.serializePublicKey(pair.publicKey)));
    expect(ends(publicKey, vector.publicKey), publicKey).toBe(true);
    const { enc, sharedSecret } = await kem.encap({ recipientPublicKey: pair.publicKey, ekm: fromHex(vector.eseed) });
    expect(ends(toHex(new Uint8Array(enc)), vector.ciphertext)).toBe(true);
    expect(toHex(new Uint8Array(sharedSecret))).toBe(vector.shared);
    expect(toHex(new Uint8Array(await kem.decap({ recipientKey: pair, enc })))).toBe(vector.shared);
  });
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
