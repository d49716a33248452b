import { expect, it, vi } from 'vitest';
import { fromBase64Url, randomBytes, toHex } from './bytes.ts';
import { derivePassword, passwordParameters, requirePassword } from './password.ts';

// Stretching a password is slow on purpose.
vi.setConfig({ testTimeout: 60_000 });

const salt = new Uint8Array(16).fill(3);

it('splits one stretched password into two fixed halves', async () => {
  const keys = await derivePassword('correct horse battery', salt);
  expect(toHex(fromBase64Url(keys.signInSecret))).toMatchInlineSnapshot(
    `"c4fa2e135f4f228046e1eada560f7e4c460e27c409772bd7ef2a8fbad07addfc"`,
  );
  expect(toHex(keys.wrappingKey)).toMatchInlineSnapshot(
    `"08c3d0ddce1a5c6a0132ccfe5503e8c6269e3334b4dcde49cd9eecc7c9b1e752"`,
  );
});

it('takes composed and decomposed letters as the same', async () => {
  const composed = await derivePassword('Müller-Straße', salt);
  const decomposed = await derivePassword('Mu\u0308ller-Straße', salt);
  expect(decomposed).toEqual(composed);
  expect((await derivePassword('Müller-Straße', randomBytes(16))).signInSecret).not.toBe(composed.signInSecret);
});

it.each([
  ['memory', { memory: 65_535 }],
  ['memory', { memory: 2 ** 21 }],
  ['iterations', { iterations: 2 }],
  ['iterations', { iterations: 1e9 }],
  ['parallelism', { parallelism: 0 }],
  ['parallelism', { parallelism: 1.5 }],
])('refuses a server that asks for another %s: %j', async (detail, weaker) => {
  await expect(derivePassword('x', salt, { ...passwordParameters, ...weaker })).rejects.toThrow(
    expect.objectContaining({ code: 'PASSWORD_PARAMETERS', detail }),
  );
});

it('refuses a short salt and a short new password', async () => {
  await expect(derivePassword('x', new Uint8Array(8))).rejects.toThrow(
    expect.objectContaining({ code: 'PASSWORD_PARAMETERS', detail: 'salt' }),
  );
  expect(() => requirePassword('eleven char')).toThrow(expect.objectContaining({ code: 'PASSWORD_TOO_SHORT' }));
  expect(() => requirePassword('twelve chars')).not.toThrow();
});
