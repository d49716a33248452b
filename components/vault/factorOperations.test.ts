import { beforeAll, describe, expect, it } from 'vitest';
import { challengeOf } from '#chaincode/model/secondFactor.ts';
import { fromBase64Url, fromUtf8, randomBytes, toBase64Url } from '#crypto/bytes.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { ledgerCall, type TransactionIntent } from '#server/transactions/schema.ts';
import { createKeeper } from './keeper.ts';
import { memoryStore } from './memoryStore.ts';
import { marker, newPerson, openKeeper, type TestPerson } from './testing.ts';

const refusal = (code: string) => expect.objectContaining({ code });
/** Stretching a PIN is slow on purpose. */
const stretching = 60_000;
const host = 'medloom.example';
const origin = `https://${host}`;
const intent: TransactionIntent = { kind: 'cancel', id: `rx-1-${'a'.repeat(26)}`, reason: 'dose too high' };
let person: TestPerson;

beforeAll(async () => {
  person = await newPerson(newIdentifier('prac'));
});

describe('a signing PIN', () => {
  it('confirms an intent for the page that asks, and no wrong PIN does', { timeout: stretching }, async () => {
    const keeper = await openKeeper(person);
    const { credential, kept } = await keeper.makePin({ pin: '246810', host });
    const { record } = await keeper.putPin({ record: person.owner.record, kept });
    expect(await keeper.pinOf({ record })).toBe(credential.id);
    const confirmed = await keeper.confirmByPin({ record, intent, pin: '246810', origin });
    expect(confirmed.credentialId).toBe(credential.id);
    expect(JSON.parse(fromUtf8(fromBase64Url(confirmed.clientDataJSON)))).toMatchObject({
      type: 'webauthn.get',
      challenge: toBase64Url(challengeOf(ledgerCall(intent))),
      origin,
    });
    await expect(keeper.confirmByPin({ record, intent, pin: '246811', origin })).rejects.toThrow(refusal('PIN_WRONG'));
    await keeper.lock();
  });

  it('is missed where the vault has none, and when it was dropped', { timeout: stretching }, async () => {
    const keeper = await openKeeper(person);
    const { record: before } = person.owner;
    const asked = { intent, pin: '246810', origin };
    await expect(keeper.confirmByPin({ record: before, ...asked })).rejects.toThrow(refusal('PIN_MISSING'));
    const { kept } = await keeper.makePin({ pin: '246810', host });
    const dropped = await keeper.dropPin(await keeper.putPin({ record: before, kept }));
    expect(await keeper.pinOf(dropped)).toBeNull();
    await expect(keeper.confirmByPin({ ...dropped, ...asked })).rejects.toThrow(refusal('PIN_MISSING'));
    await expect(keeper.makePin({ pin: '12345', host })).rejects.toThrow(refusal('PIN_TOO_SHORT'));
    await keeper.lock();
  });

  it('confirms nothing while the vault is locked', async () => {
    const keeper = createKeeper({ store: memoryStore() });
    const asked = { record: person.owner.record, intent, pin: '246810', origin };
    await expect(keeper.confirmByPin(asked)).rejects.toThrow(refusal('VAULT_LOCKED'));
  });
});

describe('a passkey', () => {
  it('opens the vault by what its PRF gives, once it is added, and no other output does', async () => {
    const output = randomBytes(32);
    const keeper = await openKeeper(person);
    const added = await keeper.addPasskeyLock({
      record: person.owner.record,
      credentialId: 'one',
      output: output.slice(),
    });
    await keeper.lock();
    const open = (record: string, credentialId: string, given: Uint8Array) =>
      createKeeper({ store: memoryStore() }).open({
        owner: { ...person.owner, record },
        marker,
        unlocking: { kind: 'passkey', credentialId, output: given },
      });
    expect((await open(added.record, 'one', output)).wallet).toBe(person.wallet);
    await expect(open(added.record, 'one', randomBytes(32))).rejects.toThrow(refusal('VAULT_REFUSED'));
    await expect(open(added.record, 'two', output)).rejects.toThrow(refusal('VAULT_LOCK_MISSING'));
    await expect(open(person.owner.record, 'one', output)).rejects.toThrow(refusal('VAULT_LOCK_MISSING'));
  });
});
