import { beforeAll, describe, expect, it } from 'vitest';
import { rotationStatement } from '#chaincode/model/statements.ts';
import { randomBytes } from '#crypto/bytes.ts';
import { certificateKeyHash } from '#crypto/certificateRequest.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { importSigningKey } from '#crypto/signingKey.ts';
import { isSigned } from '#crypto/statement.ts';
import { unwrapWith, wrapFor } from '#crypto/wrap.ts';
import { createKeeper } from './keeper.ts';
import { memoryStore } from './memoryStore.ts';
import { bySeed, openState } from './openVault.ts';
import { certify, marker, newPerson, openKeeper, type TestPerson } from './testing.ts';

const refusal = (code: string) => expect.objectContaining({ code });
let person: TestPerson;

beforeAll(async () => {
  person = await newPerson(newIdentifier('prac'));
});

/** Opens a record with the vault key, as another browser would by password. */
const reopened = (change: Partial<TestPerson['owner']>) =>
  openState({ ...person.owner, ...change }, new Uint8Array(person.vaultKey));

/** A record with keys that wait, and what is asked for them. */
async function begun() {
  const keeper = await openKeeper(person);
  const { record } = await keeper.beginRotation({ record: person.owner.record });
  const pending = await keeper.pendingRotation({ record });
  if (pending === null) throw new Error('no keys wait');
  return { keeper, record, pending, certificatePem: await certify(pending.csrPem, person.owner.subjectId) };
}

describe('new keys', () => {
  it('are asked for on the present key’s word, and stay the same when they are asked for again', async () => {
    const { keeper, record, pending, certificatePem } = await begun();
    expect(pending.keys).toMatchObject({ wallet: person.wallet, signingKeyHash: certificateKeyHash(certificatePem) });
    expect(pending.keys.readingKey).not.toBe(person.readingKey);
    const { publicKey } = await importSigningKey(person.contents.signingKey);
    const said = rotationStatement(person.owner.subjectId, pending.keys);
    expect(await isSigned(publicKey, said, pending.proof)).toBe(true);
    expect(pending.taken).toBe(false);
    expect([await keeper.hasPendingKeys({ record }), await keeper.hasPendingKeys(person.owner)]).toEqual([true, false]);
    const again = await keeper.beginRotation({ record });
    expect((await keeper.pendingRotation(again))?.keys).toEqual(pending.keys);
    expect(await keeper.pendingRotation({ record: person.owner.record })).toBeNull();
  });

  it('change nothing while the certificate is the present one', async () => {
    const { keeper, record } = await begun();
    expect((await reopened({ record })).readingKey).toBe(person.readingKey);
    const { certificatePem } = person.owner;
    await expect(keeper.completeRotation({ record, certificatePem })).rejects.toThrow(refusal('LEDGER_UNDECIDED'));
  });

  it('count as soon as the certificate is theirs, also where the vault was not brought in line', async () => {
    const { keeper, record, pending, certificatePem } = await begun();
    const complete = await keeper.completeRotation({ record, certificatePem });
    for (const stored of [record, complete.record]) {
      const state = await reopened({ record: stored, certificatePem });
      expect(state.readingKey).toBe(pending.keys.readingKey);
      expect(state.signing.hash).toBe(pending.keys.signingKeyHash);
    }
    await expect(reopened({ record: complete.record })).rejects.toThrow(refusal('CERTIFICATE_FOREIGN'));
    await keeper.refresh({ owner: { ...person.owner, record, certificatePem }, marker });
    expect((await keeper.pendingRotation({ record }))?.taken).toBe(true);
    const opened = await keeper.refresh({ owner: { ...person.owner, ...complete, certificatePem }, marker });
    expect(opened.readingKey).toBe(pending.keys.readingKey);
    expect(await keeper.pendingRotation(complete)).toBeNull();
  });

  it('leave open what was wrapped for the key before, and nothing of anybody else', async () => {
    const { keeper, record, certificatePem } = await begun();
    const complete = await keeper.completeRotation({ record, certificatePem });
    const state = await reopened({ ...complete, certificatePem });
    const context = { purpose: 'medloom/prescription/data-key/v1', id: 'rx', reader: 'me' } as const;
    const secret = randomBytes(32);
    for (const readingKey of [person.readingKey, state.readingKey]) {
      const wrap = await wrapFor(readingKey, context, secret);
      expect(await bySeed(state, (seed) => unwrapWith(seed, context, wrap))).toEqual(secret);
    }
    const foreign = await wrapFor((await newPerson(newIdentifier('prac'))).readingKey, context, secret);
    await expect(bySeed(state, (seed) => unwrapWith(seed, context, foreign))).rejects.toThrow(refusal('WRAP_REFUSED'));
  });

  it('are dropped without a trace where the ledger does not have them', async () => {
    const { keeper, record, certificatePem } = await begun();
    const dropped = await keeper.abandonRotation({ record });
    expect(await keeper.pendingRotation(dropped)).toBeNull();
    expect((await reopened(dropped)).readingKey).toBe(person.readingKey);
    await expect(reopened({ ...dropped, certificatePem })).rejects.toThrow(refusal('CERTIFICATE_FOREIGN'));
  });
});

describe('a record that came into the open one’s place', () => {
  it('is refused where the vault key opens it not, and the vault stays open', async () => {
    const keeper = await openKeeper(person);
    const stranger = await newPerson(newIdentifier('prac'));
    const owner = { ...person.owner, record: stranger.owner.record };
    await expect(keeper.refresh({ owner, marker })).rejects.toThrow(refusal('VAULT_REFUSED'));
    expect(await keeper.walletAddress()).toBe(person.wallet);
    const locked = createKeeper({ store: memoryStore() });
    await expect(locked.refresh({ owner: person.owner, marker })).rejects.toThrow(refusal('VAULT_LOCKED'));
  });
});
