import { X509Certificate } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Device } from '#chaincode/model/registry.ts';
import { ConnectorError } from '../errors.ts';
import type { ActingConnection, LedgerCall } from '../ledger/connection.ts';
import type { LedgerIdentity } from '../ledger/identity.ts';
import { createAuthority } from '../testing/authority.ts';
import { createFakeLedger } from '../testing/ledger.ts';
import type { CaptureRequest } from './schema.ts';
import { createSystems, type Systems } from './systems.ts';

const system = `dev-${'a'.repeat(26)}`;
const mspId = 'SupplyMSP';

let device: Device;
let systems: Systems;
/** Names in which the gateway was used. */
let identities: LedgerIdentity[];
/** What the contract answers for an event of this text; others are accepted. */
let said: Record<string, string>;
let endorsed: LedgerCall[];
let submitted: string[];
/** Errors that the next submissions throw, those of a channel first to last. */
let failures: Record<string, Error[]>;

const connection: ActingConnection = {
  evaluate: async () => {
    throw new Error('nothing is asked in these tests');
  },
  endorse: async (call) => {
    endorsed.push(call);
    const events: string[] = JSON.parse(call.args[0] ?? '');
    const outcomes = events.map((hash) => {
      const [outcome = 'accepted', code] = (said[hash] ?? 'accepted').split(' ');
      return { hash, outcome, ...(code !== undefined && { code }) };
    });
    return {
      result: JSON.stringify({ outcomes }),
      submit: async () => {
        const failure = failures[call.channel]?.shift();
        if (failure) throw failure;
        submitted.push(call.channel);
        for (const hash of events) said[hash] ??= 'duplicate';
      },
    };
  },
};

beforeEach(async () => {
  identities = [];
  endorsed = [];
  submitted = [];
  said = {};
  failures = {};
  const registry = createFakeLedger();
  systems = createSystems(mspId, {
    authority: await createAuthority(mspId),
    seed: new Uint8Array(32).fill(9),
    ledger: { ...registry, evaluate: async () => JSON.stringify(device) },
    connectAs: (identity) => {
      identities.push(identity);
      return connection;
    },
  });
  device = {
    ...{ id: system, institutionId: 'inst-the-maker-x', mspId, model: 'Warehouse system', serialHash: 'a'.repeat(64) },
    keys: await systems.keysOf({ mspId, system, institutionId: 'inst-the-maker-x' }),
    ...{ status: 'active', version: 1 },
  };
});

const part = (channel: string, ...events: string[]) => ({ channel, events: JSON.stringify(events) });
const capture = (mode: CaptureRequest['mode'], ...parts: CaptureRequest['parts']) =>
  systems.capture({ mspId, system, mode, parts });
const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof ConnectorError ? error.code : Promise.reject(error)),
  );

describe('a partner’s system', () => {
  it('signs in its own name with a certificate of its organisation, which is issued once', async () => {
    await capture('proceed', part('supply-0', 'a'));
    await capture('proceed', part('supply-0', 'b'));
    expect(identities).toHaveLength(1);
    const certificate = new X509Certificate(identities[0]?.certificatePem ?? '');
    expect(certificate.subject).toContain(system);
    expect(certificate.checkPrivateKey(identities[0]?.privateKey ?? Object.create(null))).toBe(true);
    expect(endorsed[0]).toEqual({ channel: 'supply-0', contract: 'supply', function: 'capture', args: ['["a"]'] });
  });

  it('signs nothing unless the registry has it active, of this organisation, with the key that is here', async () => {
    const registered = device;
    for (const [change, refused] of [
      [{ status: 'suspended' }, 'SUSPENDED'],
      [{ status: 'revoked' }, 'SUSPENDED'],
      [{ mspId: 'PharmacyMSP' }, 'NOT_AUTHORISED'],
      [{ keys: { ...registered.keys, signingKeyHash: 'b'.repeat(64) } }, 'NOT_AUTHORISED'],
    ] as const) {
      device = { ...registered, ...change };
      expect(await code(capture('proceed', part('supply-0', 'a')))).toBe(refused);
    }
    expect(endorsed).toEqual([]);
    // Also one that signed before: the registry is asked each time.
    device = registered;
    await capture('proceed', part('supply-0', 'a'));
    device = { ...registered, status: 'suspended' };
    expect(await code(capture('proceed', part('supply-0', 'b')))).toBe('SUSPENDED');
  });
});

describe('a capture', () => {
  it('records what is accepted beside what is refused', async () => {
    said = { b: 'refused' };
    const answer = await capture('proceed', part('supply-0', 'a', 'b'), part('supply-1', 'c'));
    expect(answer.recorded).toBe(true);
    expect(answer.parts.map(({ outcomes }) => outcomes.map(({ outcome }) => outcome))).toEqual([
      ['accepted', 'refused'],
      ['accepted'],
    ]);
    expect(submitted.sort()).toEqual(['supply-0', 'supply-1']);
  });

  it('that is to be all or nothing submits to no channel where one event would be refused', async () => {
    said = { c: 'refused' };
    const answer = await capture('rollback', part('supply-0', 'a'), part('supply-1', 'b', 'c'));
    expect(answer.recorded).toBe(false);
    expect(answer.parts[1]?.outcomes).toEqual([
      { hash: 'b', outcome: 'accepted' },
      { hash: 'c', outcome: 'refused' },
    ]);
    expect(submitted).toEqual([]);
  });

  it('takes what was refused before, and would be again, for refused', async () => {
    said = { b: 'duplicate EXPIRED', c: 'duplicate' };
    expect((await capture('rollback', part('supply-0', 'a', 'b'))).recorded).toBe(false);
    expect((await capture('rollback', part('supply-0', 'a', 'c'))).recorded).toBe(true);
  });

  it('begins anew where another transaction was first, and what is recorded already is said to be', async () => {
    failures = { 'supply-1': [new ConnectorError('LEDGER_CONFLICT', 'another was first')] };
    const answer = await capture('rollback', part('supply-0', 'a'), part('supply-1', 'b'));
    expect(answer.parts.map(({ outcomes }) => outcomes[0]?.outcome)).toEqual(['duplicate', 'accepted']);
    expect(submitted).toEqual(['supply-0', 'supply-0', 'supply-1']);
  });

  it('tells the contract’s refusal of the whole call, and anything that is no answer', async () => {
    failures = { 'supply-0': [new ConnectorError('CLOCK_SKEW', 'too far')] };
    expect(await code(capture('proceed', part('supply-0', 'a')))).toBe('CLOCK_SKEW');
    said = { a: 'perhaps' };
    expect(await code(capture('proceed', part('supply-0', 'a')))).toBe('INTERNAL');
  });
});
