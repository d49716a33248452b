import { verifyMessage } from 'viem';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newIdentifier } from '#crypto/identifier.ts';
import { createKeeper } from './keeper.ts';
import { memoryStore } from './memoryStore.ts';
import { marker, newPerson, openKeeper, passwordOpener, type TestPerson } from './testing.ts';

const refusal = (code: string) => expect.objectContaining({ code });
const password = 'a long enough password';
/** Stretching a password is slow on purpose. */
const stretching = 60_000;
let person: TestPerson;
let passwordKey: Uint8Array<ArrayBuffer>;
let stranger: TestPerson;

beforeAll(async () => {
  const opener = await passwordOpener(password);
  passwordKey = opener.key.slice() as typeof passwordKey;
  person = await newPerson(newIdentifier('prac'), 'HospitalMSP', { openers: [opener] });
  stranger = await newPerson(newIdentifier('prac'));
}, stretching);
afterEach(() => {
  vi.useRealTimers();
});

describe('opening the vault', () => {
  it(
    'takes the password and refuses another',
    async () => {
      const keeper = createKeeper({ store: memoryStore() });
      const open = (typed: string) =>
        keeper.open({ owner: person.owner, marker, unlocking: { kind: 'password', password: typed } });
      await expect(open('another long password')).rejects.toThrow(refusal('VAULT_REFUSED'));
      await expect(keeper.walletAddress()).rejects.toThrow(refusal('VAULT_LOCKED'));
      const opened = await open(password);
      const { wallet, readingKey } = person;
      expect(opened).toEqual({ wallet, readingKey, pinned: true });
      await keeper.lock();
    },
    stretching,
  );

  it('refuses a certificate for another key', async () => {
    const keeper = createKeeper({ store: memoryStore() });
    const owner = { ...person.owner, certificatePem: stranger.owner.certificatePem };
    const unlocking = { kind: 'recovery' as const, phrase: person.recoveryPhrase };
    await expect(keeper.open({ owner, marker, unlocking })).rejects.toThrow(refusal('CERTIFICATE_FOREIGN'));
    await expect(keeper.walletAddress()).rejects.toThrow(refusal('VAULT_LOCKED'));
  });
});

describe('a reload', () => {
  it('opens again without a password, for the same person and tab only', async () => {
    const store = memoryStore();
    const before = createKeeper({ store });
    const unlocking = { kind: 'recovery' as const, phrase: person.recoveryPhrase };
    await before.open({ owner: person.owner, marker, unlocking });
    const after = createKeeper({ store });
    expect(await after.resume({ owner: person.owner, marker: 'another tab' })).toBeNull();
    expect((await after.resume({ owner: person.owner, marker }))?.wallet).toBe(person.wallet);
    expect(await createKeeper({ store }).resume({ owner: stranger.owner, marker })).toBeNull();
    expect(store.kept.size).toBe(0);
  });

  it('opens by what signing in left, and keeps the vault key from then on', async () => {
    const store = memoryStore();
    await store.put(marker, { kind: 'password', personId: '', secret: passwordKey });
    const keeper = createKeeper({ store });
    expect((await keeper.resume({ owner: person.owner, marker }))?.wallet).toBe(person.wallet);
    expect(store.kept.get(marker)?.kind).toBe('vault');
    await keeper.lock();
    await store.put(marker, { kind: 'password', personId: '', secret: new Uint8Array(32) });
    expect(await keeper.resume({ owner: person.owner, marker })).toBeNull();
  });
});

describe('locking', () => {
  it('forgets the keys and what was kept for a reload, and says so', async () => {
    const store = memoryStore();
    const onLock = vi.fn();
    const keeper = createKeeper({ store, onLock });
    const unlocking = { kind: 'recovery' as const, phrase: person.recoveryPhrase };
    await keeper.open({ owner: person.owner, marker, unlocking });
    await keeper.lock();
    expect(onLock).toHaveBeenCalledOnce();
    expect(store.kept.size).toBe(0);
    await expect(keeper.signWalletMessage({ message: 'x' })).rejects.toThrow(refusal('VAULT_LOCKED'));
    await expect(keeper.redeem({ text: 'x', origin: 'https://a.example' })).rejects.toThrow(refusal('VAULT_LOCKED'));
  });

  it('comes by itself when the keys are not used, and each use puts it off', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const onLock = vi.fn();
    const keeper = createKeeper({ store: memoryStore(), onLock, idle: 1000 });
    const unlocking = { kind: 'recovery' as const, phrase: person.recoveryPhrase };
    await keeper.open({ owner: person.owner, marker, unlocking });
    await vi.advanceTimersByTimeAsync(900);
    await keeper.walletAddress();
    await vi.advanceTimersByTimeAsync(900);
    expect(onLock).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(onLock).toHaveBeenCalledOnce();
    await expect(keeper.walletAddress()).rejects.toThrow(refusal('VAULT_LOCKED'));
  });
});

describe('the built-in wallet', () => {
  it('signs messages as its address', async () => {
    const keeper = await openKeeper(person);
    const signature = await keeper.signWalletMessage({ message: 'hello' });
    expect(await verifyMessage({ address: person.wallet, message: 'hello', signature })).toBe(true);
    await keeper.lock();
  });

  it('sends no money, creates no contract and signs for a named chain only', async () => {
    const keeper = await openKeeper(person);
    const call = { type: 'eip1559' as const, chainId: 31337, to: person.wallet, nonce: 0 };
    expect(await keeper.signWalletTransaction({ transaction: call })).toMatch(/^0x02/);
    for (const change of [{ value: 1n }, { to: undefined }, { to: null }, { chainId: undefined }]) {
      const transaction = { ...call, ...change } as typeof call;
      await expect(keeper.signWalletTransaction({ transaction })).rejects.toThrow(refusal('WALLET_REFUSED'));
    }
    await keeper.lock();
  });

  it('never answers a secret key', async () => {
    const keeper = await openKeeper(person);
    const { contents, vaultKey } = person;
    const answers = [await keeper.walletAddress(), await keeper.signWalletMessage({ message: 'x' })].join();
    for (const secret of [contents.walletKey, contents.readingSeed, vaultKey]) {
      expect(answers).not.toContain(Buffer.from(secret).toString('hex'));
    }
    await keeper.lock();
  });
});
