import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peer } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signaturePolicyEnvelope } from '../policy/envelope.ts';
import { parsePolicy } from '../policy/language.ts';
import { TestLedger } from '../testing/ledger.ts';
import { auditLedger } from './audit.ts';
import * as keys from './keys.ts';
import { decodeMetadata, validationParameter } from './metadata.ts';
import type { ReadWriteSet } from './rwset.ts';

const { VALID, ENDORSEMENT_POLICY_FAILURE, MVCC_READ_CONFLICT } = peer.TxValidationCode;
let folder: string;
let ledger: TestLedger;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-key-policies-'));
  ledger = await TestLedger.open(folder);
});

afterEach(async () => {
  // History, state and private values must be what the blocks say, whatever the case was.
  await auditLedger('one', ledger.channel.store.database, ledger.ordererRootPem);
  await ledger.channel.close();
  await rm(folder, { recursive: true, force: true });
});

/** The chaincode's own policy asks for Alpha and Beta. */
type By = 'alpha' | 'beta' | 'both';

function transaction(by: By, write: (set: ReadWriteSet) => void) {
  const [alpha, beta] = ledger.peers;
  const endorsers = { alpha: [alpha], beta: [beta], both: [alpha, beta] }[by].filter((signer) => signer !== undefined);
  return ledger.transaction(write, { endorsers });
}

const put = (by: By, key = 'k') => transaction(by, (set) => set.write('probe', key, Buffer.from('x')));
const remove = (by: By) => transaction(by, (set) => set.write('probe', 'k', Buffer.alloc(0)));
const parameter = (policy: string) =>
  new Map([[validationParameter, signaturePolicyEnvelope(parsePolicy(policy)).serializeBinary()]]);
const setPolicy = (by: By, policy: string, key = 'k') =>
  transaction(by, (set) => set.writeMetadata('probe', key, parameter(policy)));
const onlyAlpha = "OR('AlphaMSP.peer')";

const stored = () => {
  const { store } = ledger.channel;
  const metadata = store.metadata(keys.stateKey('probe', 'k'));
  return { version: store.state('probe', 'k')?.version, hasPolicy: decodeMetadata(metadata).has(validationParameter) };
};

describe('the endorsement policy of a key', () => {
  it('takes the place of the chaincode policy for that key alone, also for changes of the policy', async () => {
    await ledger.commit(
      transaction('both', (set) => {
        set.write('probe', 'k', Buffer.from('x'));
        set.writeMetadata('probe', 'k', parameter(onlyAlpha));
      }),
    );
    expect(await ledger.commit(put('beta'), put('alpha', 'other'), put('alpha'))).toEqual([
      ENDORSEMENT_POLICY_FAILURE,
      ENDORSEMENT_POLICY_FAILURE,
      VALID,
    ]);
    expect(await ledger.commit(setPolicy('beta', "OR('BetaMSP.peer')"))).toEqual([ENDORSEMENT_POLICY_FAILURE]);
    expect(await ledger.commit(setPolicy('alpha', "OR('BetaMSP.peer')"))).toEqual([VALID]);
    expect(await ledger.commit(put('alpha'), put('beta'))).toEqual([ENDORSEMENT_POLICY_FAILURE, VALID]);
  });

  it('needs every policy of the keys that a transaction writes', async () => {
    await ledger.commit(put('both'));
    await ledger.commit(setPolicy('both', onlyAlpha));
    const two = (by: By) =>
      transaction(by, (set) => {
        set.write('probe', 'k', Buffer.from('y'));
        set.write('probe', 'other', Buffer.from('y'));
      });
    expect(await ledger.commit(two('alpha'), two('both'))).toEqual([ENDORSEMENT_POLICY_FAILURE, VALID]);
  });

  it('gives the key a new version, stays when the value is written, and goes with the key', async () => {
    await ledger.commit(put('both'));
    await ledger.commit(setPolicy('both', onlyAlpha));
    expect(stored()).toEqual({ version: { block: 2, tx: 0 }, hasPolicy: true });
    await ledger.commit(put('alpha'));
    expect(stored()).toEqual({ version: { block: 3, tx: 0 }, hasPolicy: true });
    const read = transaction('both', (set) => set.read('probe', 'k', { block: 1, tx: 0 }));
    expect(await ledger.commit(read)).toEqual([MVCC_READ_CONFLICT]);
    expect(await ledger.commit(remove('alpha'))).toEqual([VALID]);
    expect(stored()).toEqual({ version: undefined, hasPolicy: false });
    expect(await ledger.commit(put('alpha'))).toEqual([ENDORSEMENT_POLICY_FAILURE]);
  });

  it('is nothing for a key that is not there', async () => {
    expect(await ledger.commit(setPolicy('both', onlyAlpha))).toEqual([VALID]);
    expect(stored()).toEqual({ version: undefined, hasPolicy: false });
    // The key was not touched, so that nobody who read it conflicts.
    const absent = transaction('both', (set) => set.read('probe', 'k', undefined));
    expect(await ledger.commit(setPolicy('both', onlyAlpha), absent)).toEqual([VALID, VALID]);
    expect(await ledger.commit(put('both'), remove('both'), put('both'))).toEqual([VALID, VALID, VALID]);
  });

  it('lets nobody write the key in the block that changes it', async () => {
    await ledger.commit(put('both'));
    expect(await ledger.commit(put('both'), setPolicy('both', onlyAlpha), put('both'), put('alpha'))).toEqual([
      VALID,
      VALID,
      ENDORSEMENT_POLICY_FAILURE,
      ENDORSEMENT_POLICY_FAILURE,
    ]);
    expect(await ledger.commit(put('alpha'))).toEqual([VALID]);
    // A change that fails for its endorsements changes nothing; one that fails for its reads is not known to fail yet.
    expect(await ledger.commit(setPolicy('beta', onlyAlpha), put('alpha'))).toEqual([
      ENDORSEMENT_POLICY_FAILURE,
      VALID,
    ]);
    const stale = transaction('both', (set) => {
      set.read('probe', 'other', { block: 9, tx: 9 });
      set.writeMetadata('probe', 'k', parameter(onlyAlpha));
    });
    expect(await ledger.commit(stale, put('alpha'))).toEqual([MVCC_READ_CONFLICT, ENDORSEMENT_POLICY_FAILURE]);
  });

  it('fails who writes the key when it is no policy', async () => {
    await ledger.commit(put('both'));
    const broken = new Map([[validationParameter, Buffer.from('no policy')]]);
    expect(await ledger.commit(transaction('both', (set) => set.writeMetadata('probe', 'k', broken)))).toEqual([VALID]);
    expect(await ledger.commit(put('both'))).toEqual([ENDORSEMENT_POLICY_FAILURE]);
  });

  it('holds for private keys by their hash, and renews the version of the value', async () => {
    const secret = (by: By, value: string) =>
      transaction(by, (set) => set.writePrivate('probe', 'secrets', 'k', Buffer.from(value)));
    const { store } = ledger.channel;
    const first = secret('both', 'first');
    await ledger.keep(first);
    expect(await ledger.commit(first)).toEqual([VALID]);
    const policy = transaction('both', (set) =>
      set.writePrivateMetadata('probe', 'secrets', 'k', parameter(onlyAlpha)),
    );
    await ledger.keep(policy);
    expect(await ledger.commit(policy)).toEqual([VALID]);
    expect(store.privateState('probe', 'secrets', 'k')?.version).toEqual({ block: 2, tx: 0 });
    expect(store.privateState('probe', 'secrets', 'k')?.value.toString()).toBe('first');
    const second = secret('alpha', 'second');
    await ledger.keep(second);
    expect(await ledger.commit(secret('beta', 'wrong'), second)).toEqual([ENDORSEMENT_POLICY_FAILURE, VALID]);
    expect(store.privateState('probe', 'secrets', 'k')?.value.toString()).toBe('second');
  });

  it('of a collection is the collection policy, and an undefined collection has none', async () => {
    const write = (collection: string, by: By) =>
      transaction(by, (set) => set.writePrivate('probe', collection, 'k', Buffer.from('x')));
    expect(
      await ledger.commit(
        write('secrets', 'alpha'),
        write('_implicit_org_AlphaMSP', 'alpha'),
        write('_implicit_org_BetaMSP', 'alpha'),
        write('_implicit_org_NobodyMSP', 'both'),
        write('nowhere', 'both'),
      ),
    ).toEqual([
      ENDORSEMENT_POLICY_FAILURE,
      VALID,
      ENDORSEMENT_POLICY_FAILURE,
      ENDORSEMENT_POLICY_FAILURE,
      ENDORSEMENT_POLICY_FAILURE,
    ]);
  });
});
