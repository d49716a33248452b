import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { memberActions, memberStatementBytes, memberStatements, signedStatement } from '#chaincode/model/policy.ts';
import { randomBytes } from '../bytes.ts';
import { newIdentifier } from '../identifier.ts';
import { createReadingKey } from '../wrap.ts';
import { newDataKey } from './dataKey.ts';
import { memberKeys, openAsMember, sayAs } from './member.ts';
import { serviceKeyOf } from './service.ts';

const seed = randomBytes(32);
const policy = newIdentifier('pol');
const at = '2026-11-27T12:00:00.000Z';
const content = { cid: `b${'a'.repeat(58)}`, contentHash: '0'.repeat(64) };
/** As the ledger checks it. */
const isSaid = (
  spki: string,
  action: (typeof memberActions)[number],
  { said, signature }: { said: string; signature: string },
) => {
  const key = createPublicKey({ key: Buffer.from(spki, 'base64url'), format: 'der', type: 'spki' });
  return verify('sha256', memberStatementBytes(action, said), key, Buffer.from(signature, 'base64url'));
};

describe('a member', () => {
  it('has the same keys in every browser that opens the vault, and others for every policy and vault', async () => {
    const member = await memberKeys(seed, policy);
    const again = await memberKeys(seed, policy);
    expect([again.signingKey, again.readingKey]).toEqual([member.signingKey, member.readingKey]);
    const others = [await memberKeys(seed, newIdentifier('pol')), await memberKeys(randomBytes(32), policy)];
    for (const other of others) {
      expect(other.signingKey).not.toBe(member.signingKey);
      expect(other.readingKey).not.toBe(member.readingKey);
    }
    expect(serviceKeyOf(seed)).not.toEqual(serviceKeyOf(randomBytes(32)));
    expect(member.signing.privateKey.extractable).toBe(false);
  });

  it('applies with keys and a name that the ledger takes, and signs what it reads', async () => {
    const member = await memberKeys(seed, policy);
    const { signingKey, readingKey } = member;
    const said = { id: policy, plan: newIdentifier('plan'), signingKey, readingKey, details: content, at };
    const statement = signedStatement.parse(await sayAs(member, 'apply', said));
    expect(memberStatements.apply.parse(JSON.parse(statement.said))).toEqual(said);
    expect(isSaid(signingKey, 'apply', statement)).toBe(true);
  });

  it('says one thing, which is no other: neither another action, nor with a byte changed, nor of another key', async () => {
    const member = await memberKeys(seed, policy);
    const statement = await sayAs(member, 'leave', { policy, at });
    expect(isSaid(member.signingKey, 'leave', statement)).toBe(true);
    for (const action of memberActions.filter((each) => each !== 'leave'))
      expect(isSaid(member.signingKey, action, statement), action).toBe(false);
    for (let index = 0; index < statement.said.length; index += 1) {
      const changed = `${statement.said.slice(0, index)}~${statement.said.slice(index + 1)}`;
      expect(isSaid(member.signingKey, 'leave', { ...statement, said: changed })).toBe(false);
    }
    const other = await memberKeys(seed, newIdentifier('pol'));
    expect(isSaid(other.signingKey, 'leave', statement)).toBe(false);
  });

  it('says nothing of another policy, nor applies for keys that are not its own', async () => {
    const member = await memberKeys(seed, policy);
    const other = await memberKeys(seed, newIdentifier('pol'));
    const refused = expect.objectContaining({ code: 'KEY_UNTRUSTED' });
    await expect(sayAs(member, 'leave', { policy: other.policy, at })).rejects.toThrow(refused);
    const { signingKey, readingKey } = other;
    const said = { id: policy, plan: newIdentifier('plan'), signingKey, readingKey, details: content, at };
    await expect(sayAs(member, 'apply', said)).rejects.toThrow(refused);
    await expect(sayAs(member, 'leave', { policy: 'pol-x', at })).rejects.toThrow();
  });
});

describe('a data key', () => {
  it('is opened by each reader under its own name and id, and by nobody else', async () => {
    const member = await memberKeys(seed, policy);
    const insurer = await createReadingKey();
    const id = newIdentifier('clm');
    const readers = [
      { id: policy, readingKey: member.readingKey },
      { id: 'inst-lake-insurance', readingKey: insurer.publicKey },
    ];
    const { dataKey, wraps } = await newDataKey(id, readers);
    const wrap = wraps[policy] ?? '';
    expect(await openAsMember(member, { id, wrap })).toEqual(dataKey);
    const refused = expect.objectContaining({ code: 'WRAP_REFUSED' });
    const other = await memberKeys(seed, newIdentifier('pol'));
    await expect(openAsMember(other, { id, wrap })).rejects.toThrow(refused);
    await expect(openAsMember(member, { id: newIdentifier('clm'), wrap })).rejects.toThrow(refused);
    await expect(openAsMember(member, { id, wrap: wraps['inst-lake-insurance'] ?? '' })).rejects.toThrow(refused);
    await expect(newDataKey(id, [...readers, ...readers.slice(0, 1)])).rejects.toThrow(RangeError);
  });
});
