import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { openDatabase } from '../gateways/db/database.ts';
import { ledgerEvents, prescriptions } from '../gateways/db/schema/ledger.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import { channelHealth } from '../ledgers/service.ts';
import { roles } from '../people/schema.ts';
import { listInstitutions, listPractitioners } from '../registry/service.ts';
import { changesOf } from '../regulator/changes.ts';
import { overview } from '../regulator/service.ts';
import { openStream } from '../regulator/stream.ts';
import { issuedState } from '../testing/fakeLedger.ts';
import { issueFor } from '../testing/intents.ts';
import { type Person, World } from '../testing/world.ts';
import { forwardRpc } from '../wallet/service.ts';
import { runIndexer } from './indexer.ts';
import { type ChangeNotice, nextBlockOf, recordBlock } from './record.ts';

let world: World;
let regulator: Person;

beforeAll(async () => {
  world = await World.start();
  regulator = await world.person('regulator', 'inst-the-authority');
}, 120_000);
afterAll(() => world?.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

let transactions = 0;
function issueBlock(number: bigint, valid = true): Block {
  const { issue } = issueFor(`pt-0-${'q'.repeat(26)}`);
  world.ledger.prescriptions.set(issue.id, issuedState(issue));
  transactions += 1;
  const payload = { id: issue.id, change: 'issue', state: 'active', version: 1, at: new Date().toISOString() };
  const transactionId = transactions.toString(16).padStart(64, '0');
  const endorsers = valid ? ['HospitalMSP', 'PharmacyMSP'] : [];
  const event = { name: 'PrescriptionChanged', payload: Buffer.from(JSON.stringify(payload)) };
  return {
    number,
    unreadable: 0,
    transactions: [{ transactionId, at: new Date(Date.now() - 40), valid, contract: 'care', endorsers, event }],
  };
}

describe('following a channel', () => {
  it('counts each block once, whatever is repeated, and in order', async () => {
    const { portal } = world;
    expect(await nextBlockOf(portal, 'care-0')).toBe(0n);
    const genesis: Block = { number: 0n, transactions: [], unreadable: 0 };
    const [first, second] = [issueBlock(1n), issueBlock(2n)];
    await recordBlock(portal, 'care-0', genesis);
    await recordBlock(portal, 'care-0', second);
    expect(await nextBlockOf(portal, 'care-0')).toBe(1n);
    await Promise.all([first, first, first].map((block) => recordBlock(portal, 'care-0', block)));
    await recordBlock(portal, 'care-0', second);
    expect(await nextBlockOf(portal, 'care-0')).toBe(3n);
    expect(await portal.db.select().from(ledgerEvents)).toHaveLength(2);
    expect(await portal.db.select().from(prescriptions)).toHaveLength(2);
  });

  it('leaves a block for later when the ledger does not tell its states', async () => {
    const { portal } = world;
    const block = issueBlock(3n);
    world.ledger.failures.set('evaluate', 'LEDGER_UNAVAILABLE');
    expect(await code(recordBlock(portal, 'care-0', block))).toBe('LEDGER_UNAVAILABLE');
    world.ledger.failures.clear();
    expect(await nextBlockOf(portal, 'care-0')).toBe(3n);
    await recordBlock(portal, 'care-0', block);
    expect(await nextBlockOf(portal, 'care-0')).toBe(4n);
  });

  it('counts what is invalid and shows nothing of it', async () => {
    const { portal } = world;
    const before = await portal.db.select().from(ledgerEvents);
    await recordBlock(portal, 'care-0', issueBlock(4n, false));
    expect(await portal.db.select().from(ledgerEvents)).toHaveLength(before.length);
    const health = (await channelHealth(portal)).find(({ channel }) => channel === 'care-0');
    expect(health).toMatchObject({ height: 5, transactions: 4, invalid: 1 });
    expect(health?.lagMs).toBeGreaterThanOrEqual(40);
    const measured = health?.lagMs;
    await recordBlock(portal, 'care-0', { number: 5n, transactions: [], unreadable: 0 });
    const old = issueBlock(6n, false).transactions.map((entry) => ({ ...entry, at: new Date(0) }));
    await recordBlock(portal, 'care-0', { number: 6n, transactions: old, unreadable: 0 }, { since: new Date() });
    expect((await channelHealth(portal)).find(({ channel }) => channel === 'care-0')?.lagMs).toBe(measured);
  });

  it('is stopped by nothing that a block holds', async () => {
    const { portal } = world;
    const before = await portal.db.select().from(ledgerEvents);
    const [one] = issueBlock(7n).transactions;
    if (one?.event === undefined) throw new Error('no transaction');
    const said = (transactionId: string, contract: string, name: string, payload: string) => ({
      ...{ ...one, transactionId, contract, event: { name, payload: Buffer.from(payload) } },
    });
    const block = {
      ...{ number: 7n, unreadable: 2 },
      transactions: [
        said('a', 'care', 'PrescriptionChanged', 'no JSON'),
        said('b', 'care', 'PrescriptionChanged', '{"id":7}'),
        said('c', 'others', 'PrescriptionChanged', '{"id":"rx-0-x","change":"issue","state":"active"}'),
        said('d', 'care', 'OtherThing', 'no JSON'),
        { ...one, transactionId: 'e', at: undefined },
      ],
    };
    await recordBlock(portal, 'care-0', block);
    expect(await nextBlockOf(portal, 'care-0')).toBe(8n);
    expect(await portal.db.select().from(ledgerEvents)).toHaveLength(before.length);
    const health = (await channelHealth(portal)).find(({ channel }) => channel === 'care-0');
    expect(health).toMatchObject({ transactions: 4 + 1 + 7, invalid: 1 + 1 + 2 });
  });

  it('tells every process of each change', async () => {
    const changes = changesOf(world.portal);
    const told = Promise.withResolvers<ChangeNotice>();
    const stop = changes.subscribe({ told: told.resolve });
    await nextBlockOf(world.portal, 'care-1');
    // Listening begins a moment after subscribing; blocks are recorded until one is told.
    let number = 0n;
    let heard: ChangeNotice | undefined;
    void told.promise.then((notice) => {
      heard = notice;
    });
    while (heard === undefined && number < 500n) await recordBlock(world.portal, 'care-1', issueBlock(number++));
    stop();
    expect(heard).toMatchObject({ channel: 'care-1', contract: 'care', function: 'issue', state: 'active' });
    expect(JSON.stringify(heard)).not.toContain('rx-');
  });
});

describe('oversight', () => {
  it('counts by channel and function and shows no subject', async () => {
    const seen = await overview(regulator.actor, world.portal);
    expect(seen.counts.find(({ channel }) => channel === 'care-0')).toEqual({
      channel: 'care-0',
      function: 'issue',
      count: 3,
    });
    const minutes = seen.series.find(({ channel }) => channel === 'care-0')?.minutes ?? [];
    expect(minutes.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    expect(JSON.stringify(seen)).not.toMatch(/rx-|pt-/);
  });

  it.each(roles.filter((role) => role !== 'regulator'))('is not for a %s', async (role) => {
    const actor = { ...regulator.actor, role };
    expect(await code(overview(actor, world.portal))).toBe('FORBIDDEN');
    expect(() => openStream(actor, new AbortController().signal, world.portal)).toThrow('FORBIDDEN');
    const foreign = listPractitioners(actor, 'inst-river-pharmacy', world.portal);
    expect(await code(foreign)).toBe('FORBIDDEN');
  });

  it('ends the stream of a session that has ended', async () => {
    const stream = openStream(regulator.actor, new AbortController().signal, world.portal);
    let text = '';
    for await (const part of stream) text += Buffer.from(part).toString();
    expect(text).toBe('retry: 2000\n\n');
  });

  it('writes no session into the log when the database is away', async () => {
    const warned = vi.spyOn(log(), 'warn');
    const away = openDatabase('postgres://nobody@127.0.0.1:1/none');
    const stream = openStream(regulator.actor, new AbortController().signal, { ...world.portal, db: away.db });
    for await (const _ of stream);
    expect(warned).toHaveBeenCalledWith(expect.objectContaining({ code: 'DATABASE_UNAVAILABLE' }), 'stream ends');
    expect(JSON.stringify(warned.mock.calls)).not.toContain(regulator.actor.sessionId);
    warned.mockRestore();
    await away.close();
  });
});

describe('the chain behind the wallet', () => {
  const call = (method: string) => ({ jsonrpc: '2.0', id: 1, method, params: [] });

  it('answers what a wallet needs, one by one and in batches', async () => {
    const answer = { jsonrpc: '2.0', id: 1, result: '0x7a69' };
    expect(await forwardRpc(regulator.actor, call('eth_chainId'), world.portal)).toEqual(answer);
    expect(await forwardRpc(regulator.actor, [call('eth_chainId')], world.portal)).toEqual([answer]);
  });

  it.each([
    'anvil_setBalance',
    'evm_mine',
    'eth_sendTransaction',
    'eth_accounts',
    'personal_sign',
    'debug_traceTransaction',
  ])('keeps %s out of reach, and says so as a node does', async (method) => {
    const forward = vi.spyOn(world.portal.ethereum, 'forward');
    const refusal = { jsonrpc: '2.0', id: 1, error: { code: -32_601, message: `${method} is not passed on` } };
    expect(await forwardRpc(regulator.actor, call(method), world.portal)).toEqual(refusal);
    expect(await forwardRpc(regulator.actor, [call(method)], world.portal)).toEqual([refusal]);
    expect(forward).not.toHaveBeenCalled();
    forward.mockRestore();
  });

  it('is limited, and counts each call of a batch', async () => {
    const send = (count: number) =>
      forwardRpc(regulator.actor, Array(count).fill(call('eth_sendRawTransaction')), world.portal);
    for (let sent = 0; sent < 60; sent += 20) await send(20);
    expect(await code(send(1))).toBe('RATE_LIMITED');
    const other = await world.person('regulator', 'inst-the-authority');
    const read = (count: number) => forwardRpc(other.actor, Array(count).fill(call('eth_chainId')), world.portal);
    for (let asked = 0; asked < 600; asked += 20) await read(20);
    expect(await code(read(1))).toBe('RATE_LIMITED');
  });
});

it('lists no institution to an unknown role', async () => {
  const actor = { ...regulator.actor, role: 'nurse' as 'doctor' };
  expect(await code(listInstitutions(actor, world.portal))).toBe('FORBIDDEN');
});

describe('a channel that is added while the portal runs', () => {
  it('is followed and shown without a restart', async () => {
    const { portal, ledger } = world;
    const stop = new AbortController();
    const patience = { timeout: 20_000 };
    const following = runIndexer(portal, stop.signal, 20);
    const [channels, kindOf] = [ledger.channels, ledger.kindOf];
    const health = async () => (await channelHealth(portal)).find(({ channel }) => channel === 'care-9');
    try {
      await vi.waitFor(
        async () => expect((await channelHealth(portal)).every((row) => row.answering)).toBe(true),
        patience,
      );
      expect(await health()).toBeUndefined();
      ledger.channels = () => [...channels(), 'care-9'];
      ledger.kindOf = (channel) => (channel === 'care-9' ? 'care' : kindOf(channel));
      await vi.waitFor(async () => expect(await health()).toMatchObject({ answering: true, kind: 'care' }), patience);
      expect((await overview(regulator.actor, portal)).series.map(({ channel }) => channel)).toContain('care-9');
    } finally {
      Object.assign(ledger, { channels, kindOf });
      stop.abort();
      await following;
    }
  }, 60_000);
});
