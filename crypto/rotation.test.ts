import { describe, expect, it } from 'vitest';
import { fromBase64Url, randomBytes, toBase64Url, utf8 } from './bytes.ts';
import { createPin } from './pin.ts';
import { abandonRotation, beginRotation, completeRotation } from './rotation.ts';
import { createVault, findLock, openVault, parseVaultRecord, replaceContents } from './vault.ts';
import { decodeContents, encodeContents, mostFormerSeeds, newContents, type VaultContents } from './vaultContents.ts';

const contents = newContents({
  signingKey: randomBytes(138),
  readingSeed: randomBytes(32),
  walletKey: randomBytes(32),
});

describe('the contents of a vault', () => {
  it('come back as they were, with all that they may hold', async () => {
    const full: VaultContents = {
      ...contents,
      certificate: 'PEM',
      roots: [{ mspId: 'HospitalMSP', pem: 'PEM' }],
      formerSeeds: [randomBytes(32), randomBytes(32)],
      pin: (await createPin('246810', 'medloom.example')).kept,
      pending: { signingKey: randomBytes(138), readingSeed: randomBytes(32) },
    };
    for (const each of [contents, full]) expect(decodeContents(encodeContents(each))).toEqual(each);
  });

  it('are read as they were before roots and rotation', () => {
    const { signingKey, readingSeed, walletKey } = contents;
    const before = {
      signingKey: toBase64Url(signingKey),
      readingSeed: toBase64Url(readingSeed),
      walletKey: toBase64Url(walletKey),
      certificate: 'PEM',
    };
    expect(decodeContents(utf8(JSON.stringify(before)))).toEqual({ ...contents, certificate: 'PEM' });
  });

  it.each([
    ['no JSON', '{'],
    ['another version', JSON.stringify({ version: 3 })],
    ['a short seed', JSON.stringify({ signingKey: 'AAAA', readingSeed: 'AAAA', walletKey: 'AAAA', certificate: '' })],
  ])('are not read from %s', (_, text) => {
    expect(() => decodeContents(utf8(text))).toThrow(expect.objectContaining({ code: 'VAULT_MALFORMED' }));
  });
});

describe('new keys', () => {
  it('wait in the vault, and are the same ones when they are asked for again', async () => {
    const begun = await beginRotation(contents);
    expect(begun).toMatchObject(contents);
    expect(begun.pending.readingSeed).not.toEqual(contents.readingSeed);
    expect(await beginRotation(begun)).toEqual(begun);
    expect(abandonRotation(begun)).toEqual(contents);
  });

  it('take the place of the present ones, whose seed keeps opening', async () => {
    const begun = await beginRotation(contents);
    const after = completeRotation(begun);
    expect(after).toMatchObject({ ...begun.pending, formerSeeds: [contents.readingSeed] });
    expect(after.pending).toBeUndefined();
    expect(completeRotation(after)).toEqual(after);
  });

  it('leave a bounded number of former seeds', async () => {
    let present: VaultContents = contents;
    for (let time = 0; time < mostFormerSeeds + 2; time += 1) {
      present = completeRotation({ ...present, pending: { signingKey: randomBytes(1), readingSeed: randomBytes(32) } });
    }
    expect(present.formerSeeds).toHaveLength(mostFormerSeeds);
  });
});

it('opens by a passkey, of which there may be several', async () => {
  const [one, other] = [randomBytes(32), randomBytes(32)];
  const { record, key } = await createVault(contents, [
    { kind: 'passkey', credentialId: 'one', key: one },
    { kind: 'passkey', credentialId: 'other', key: other },
  ]);
  const stored = parseVaultRecord(
    JSON.stringify(await replaceContents(record, key, { ...contents, certificate: 'PEM' })),
  );
  const opened = await openVault(stored, findLock(stored, 'passkey', 'other'), other);
  expect(opened.contents.certificate).toBe('PEM');
  await expect(openVault(stored, findLock(stored, 'passkey', 'one'), other)).rejects.toThrow(
    expect.objectContaining({ code: 'VAULT_REFUSED' }),
  );
  const renamed = { ...findLock(stored, 'passkey', 'one'), credentialId: 'renamed' };
  await expect(openVault(stored, renamed, one)).rejects.toThrow(expect.objectContaining({ code: 'VAULT_REFUSED' }));
  expect(fromBase64Url(stored.sealed).length).toBeGreaterThan(0);
});
