import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { giveFactor, submitConfirmed } from '../testing/factors.ts';
import { refusal } from '../testing/ledger.ts';
import { controlledTerms, giveAuthorityKey, sealedEntry } from '../testing/register.ts';
import { bytesOf, issueOf, secretsOf } from '../testing/samples.ts';
import { type AssertionChange, confirmed, createCredential, type TestCredential } from '../testing/signing.ts';
import { Care, createWorld, type World } from '../testing/world.ts';

/** Shown on `issue` of a controlled medicine, which brings other transient data too. */

let world: World;
let care: Care;
let factor: TestCredential;
const secrets = bytesOf(secretsOf());
const register = bytesOf(sealedEntry);
const terms = controlledTerms();
const order = (change: object = terms, seed = 1) =>
  care.order(
    world.people.doctor,
    'issue',
    [JSON.stringify(issueOf(seed, change))],
    'controlled' in change ? { secrets, register } : { secrets },
  );

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
  factor = await giveFactor(world, 'doctor');
  await giveAuthorityKey(world);
});

describe('a call that needs a second factor', () => {
  it('passes with the assertion of a credential over this very call', async () => {
    await submitConfirmed(world, factor, order());
    expect(await care.read(issueOf(1).id)).toMatchObject({ controlled: true });
  });

  it('is refused without an assertion, and one that needs none passes', async () => {
    expect(await refusal(world.ledger.submit(order()))).toBe('SECOND_FACTOR_REQUIRED');
    await world.ledger.submit(order({}));
  });

  it('is refused where the person has no credential', async () => {
    const { otherDoctor: caller } = world.people;
    expect(await refusal(submitConfirmed(world, createCredential(), { ...order(), caller }))).toBe(
      'SECOND_FACTOR_REQUIRED',
    );
  });

  it('is refused with somebody else’s credential', async () => {
    const others = await giveFactor(world, 'otherDoctor');
    expect(await refusal(submitConfirmed(world, others, order()))).toBe('SECOND_FACTOR_INVALID');
  });

  const { privateKey: otherKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  it.each<[string, AssertionChange]>([
    ['whose user was not verified', { flags: 0x01 }],
    ['whose user was not there', { flags: 0x04 }],
    ['for another site', { rpId: 'medloom.example.org' }],
    ['of a registration', { type: 'webauthn.create' }],
    ['over another challenge', { challenge: Buffer.alloc(32) }],
    ['signed by another key', { key: otherKey }],
  ])('is refused with an assertion %s', async (_what, change) => {
    expect(await refusal(submitConfirmed(world, factor, order(), change))).toBe('SECOND_FACTOR_INVALID');
  });

  it.each<[string, (transient: Record<string, Uint8Array>) => object]>([
    ['another argument', () => ({ args: order(terms, 2).args })],
    ['another channel', () => ({ channel: 'care-1' })],
    ['the name with its contract', () => ({ function: 'prescriptions:issue' })],
    ['other transient data', () => ({ transient: { secrets: bytesOf(secretsOf('y')), register } })],
    ['one more transient field', (transient) => ({ transient: { ...transient, more: Buffer.from('x') } })],
  ])('is refused with an assertion for %s', async (_what, change) => {
    const signed = order();
    const transient = confirmed(factor, { ...signed, ...change(signed.transient) });
    const sent = { ...signed, transient: { ...signed.transient, assertion: transient.assertion ?? secrets } };
    expect(await refusal(world.ledger.submit(sent))).toBe('SECOND_FACTOR_INVALID');
  });

  it('is refused with an assertion in which a byte has changed', async () => {
    const { assertion } = confirmed(factor, order());
    const said = JSON.parse(Buffer.from(assertion ?? secrets).toString());
    for (const member of ['authenticatorData', 'clientDataJSON', 'signature']) {
      const bytes = Buffer.from(said[member], 'base64url');
      const last = bytes.length - 1;
      bytes[last] = (bytes[last] ?? 0) ^ 1;
      const changed = bytesOf({ ...said, [member]: bytes.toString('base64url') });
      const sent = { ...order(), transient: { secrets, register, assertion: changed } };
      expect(await refusal(world.ledger.submit(sent)), member).toBe('SECOND_FACTOR_INVALID');
    }
  });

  it('is refused with what is no assertion', async () => {
    const sent = (assertion: Uint8Array) =>
      world.ledger.submit({ ...order(), transient: { secrets, register, assertion } });
    expect(await refusal(sent(Buffer.from('x')))).toBe('INVALID_ARGUMENT');
    expect(await refusal(sent(bytesOf({ credentialId: factor.credential.id })))).toBe('INVALID_ARGUMENT');
  });
});
