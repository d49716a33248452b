import { EventEmitter, on } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { institutions } from '#chaincode/testing/samples.ts';
import { testTrust } from '#crypto/claim/testClaim.ts';
import { ConnectorError } from '../errors.ts';
import type { LedgerEvent } from '../ledger/connection.ts';
import { ClaimsWorld, type InsuredMember } from '../testing/claimsWorld.ts';
import { createBench } from './bench.ts';
import { openClaimsLedger } from './claimsLedger.ts';
import { runAdjudicator } from './run.ts';

/** The process's work before a ledger whose events come as a peer's do. */

const quiet = { info: () => {}, warn: () => {}, error: () => {} };
let world: ClaimsWorld;
let member: InsuredMember;
let stopping: AbortController;
let running: Promise<void>;
let isHidden: boolean;
/** How often the past was asked for in vain. */
let asked: number;
const announced = new EventEmitter();

/** Passes on what the newest transaction has announced. */
function announce(): void {
  const [name = '', payload = ''] = (world.claims.world.ledger.publicRecords.at(-1)?.event ?? '').split(/ (.*)/s);
  announced.emit('event', { name, payload: Buffer.from(payload) });
}
async function* heard(signal: AbortSignal): AsyncGenerator<LedgerEvent> {
  const listened = on(announced, 'event', { signal });
  try {
    for await (const [event] of listened) yield event;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

beforeEach(async () => {
  world = await ClaimsWorld.create();
  member = await world.member(11);
  stopping = new AbortController();
  isHidden = false;
  asked = 0;
});
afterEach(async () => {
  stopping.abort();
  await running;
});

function start(): void {
  const connected = openClaimsLedger(world.connection);
  const ledger = {
    ...connected,
    async *policies() {
      if (!isHidden) return yield* connected.policies();
      asked += 1;
      throw new ConnectorError('LEDGER_UNAVAILABLE', 'away');
    },
  };
  const bench = createBench({
    ...{ device: world.device, insurer: institutions.insurer.id, readingSeed: world.reading.seed, log: quiet },
    ...{ ledger, documents: world.documents },
    tokens: { tokenOf: async (id) => world.tokens.get(id), trustFor: async () => testTrust },
  });
  const settlement = () => Promise.reject(new ConnectorError('ETHEREUM_UNAVAILABLE', 'no payments here'));
  const events = async (_channel: string, _contract: string, signal: AbortSignal) => heard(signal);
  running = runAdjudicator({ bench, ledger: { events }, settlement, everyMs: 20, log: quiet }, stopping.signal);
}
const decided = (id: string) =>
  vi.waitFor(async () => expect((await world.claims.claim(id)).state).toBe('approved'), { timeout: 10_000 });

it('decides what was there before it started, and what comes while it runs', async () => {
  const before = await world.bill(member);
  start();
  await decided(before);
  const other = await world.member(12);
  const after = await world.bill(other);
  announce();
  await decided(after);
});

it('decides nothing while it does not know the past, and goes on once it does', async () => {
  isHidden = true;
  const id = await world.bill(member);
  start();
  announce();
  // Between the first and the second time it looks often for what is to be decided.
  await vi.waitFor(() => expect(asked).toBe(2), { timeout: 10_000 });
  expect((await world.claims.claim(id)).state).toBe('submitted');
  isHidden = false;
  await decided(id);
});
