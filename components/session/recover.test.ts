import { beforeEach, expect, it, vi } from 'vitest';
import { newPerson } from '#components/vault/testing.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { recoverySecretOf } from '#crypto/recovery.ts';
import { parseVaultRecord, putLock } from '#crypto/vault.ts';
import { discard, provePhrase, replacePassword } from './recover.ts';

const server = vi.hoisted(() => ({ startRecovery: vi.fn(), finishRecovery: vi.fn() }));
vi.mock('#server/people/actions.ts', () => server);

/** Stretching a password is slow on purpose. */
const stretching = 60_000;
const next = 'another long password';
const address = `0x${'ab'.repeat(20)}`;
const person = await newPerson(newIdentifier('pt'), 'PatientMSP');
const vaultKey = Uint8Array.from(person.vaultKey);
const wallet = { kind: 'wallet' as const, address, key: new Uint8Array(32).fill(7) };
const record = await putLock(parseVaultRecord(person.owner.record), vaultKey, wallet);

beforeEach(() => {
  server.startRecovery.mockReset().mockResolvedValue({
    ok: true,
    data: { token: 'token', version: 4, record: JSON.stringify(record) },
  });
  server.finishRecovery.mockReset().mockResolvedValue({ ok: true, data: { version: 5 } });
});

const prove = () => provePhrase('ina@example.org', person.recoveryPhrase);

it(
  'replaces the password with what the phrase has opened, may be repeated, and names the wallets that still open it',
  async () => {
    const proven = await prove();
    const recoverySecret = recoverySecretOf(person.recoveryPhrase);
    expect(server.startRecovery.mock.calls).toEqual([[{ email: 'ina@example.org', recoverySecret }]]);
    server.finishRecovery.mockRejectedValueOnce(new TypeError('fetch failed'));
    await expect(replacePassword(proven, next)).rejects.toThrow('fetch failed');
    expect(await replacePassword(proven, next)).toEqual([address]);
    expect(server.finishRecovery.mock.lastCall?.[0]).toMatchObject({ token: 'token', baseVersion: 4 });
    expect(proven.vaultKey).toEqual(vaultKey);
  },
  stretching,
);

it(
  'sends nothing once the proof is discarded',
  async () => {
    const proven = await prove();
    discard(proven);
    expect(proven.vaultKey.every((byte) => byte === 0)).toBe(true);
    await expect(replacePassword(proven, next)).rejects.toMatchObject({ code: 'VAULT_REFUSED' });
    expect(server.finishRecovery).not.toHaveBeenCalled();
  },
  stretching,
);
