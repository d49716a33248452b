import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { channelMinutes } from '../gateways/db/schema/ledger.ts';
import type { Block, BlockTransaction } from '../gateways/ledger/blocks.ts';
import { countAnswer } from '../indexer/minutes.ts';
import { beat, nextBlockOf, recordBlock } from '../indexer/record.ts';
import { roles } from '../people/schema.ts';
import { cleanUp } from '../session/cleanup.ts';
import { type Person, World } from '../testing/world.ts';
import { readSupplyBlock } from './blocks.ts';
import { ledgerFigures } from './service.ts';

let world: World;
let regulator: Person;
const began = new Date();

beforeAll(async () => {
  world = await World.start();
  regulator = await world.person('regulator', 'inst-the-authority');
  for (const channel of world.ledger.channels()) await nextBlockOf(world.portal, channel);
}, 120_000);
afterAll(() => world?.stop());

let count = 0;
function transaction(over: Partial<BlockTransaction> = {}): BlockTransaction {
  count += 1;
  const transactionId = count.toString(16).padStart(64, '0');
  return { transactionId, at: new Date(), valid: true, contract: 'others', endorsers: ['HospitalMSP'], ...over };
}
const block = (number: bigint, transactions: BlockTransaction[]): Block => ({ number, transactions, unreadable: 0 });
const record = (channel: string, one: Block, now: Date) =>
  recordBlock(world.portal, channel, one, { since: began, now });
const figures = async (span: 'hour' | 'day' = 'hour') => ledgerFigures(regulator.actor, span, world.portal);
const of = <Row extends { channel: string }>(rows: Row[], channel: string) =>
  rows.find((row) => row.channel === channel);

describe('the figures of a channel', () => {
  it('count blocks, transactions and delays of now, and each block once', async () => {
    const now = new Date(Date.now() + 300);
    const first = block(0n, [
      transaction({ endorsers: ['HospitalMSP', 'PharmacyMSP'], at: new Date(now.getTime() - 300) }),
      transaction({ valid: false, endorsers: [], at: undefined }),
    ]);
    await record('care-0', first, now);
    await record('care-0', first, now);
    const { health, series } = await figures();
    expect(of(health, 'care-0')?.endorsers).toEqual([
      { mspId: 'HospitalMSP', transactions: 1, lastBlock: 0 },
      { mspId: 'PharmacyMSP', transactions: 1, lastBlock: 0 },
    ]);
    expect(of(series, 'care-0')?.points).toEqual([
      { at: expect.any(String), transactions: 2, invalid: 1, delayMs: 300, answerMs: null, unanswered: 0 },
    ]);
    expect(of(series, 'care-1')?.points).toEqual([]);
  });

  it('are those of the time when a block was made, and a block of before tells no delay', async () => {
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    const made = ago(20);
    await record('care-1', block(0n, [transaction({ at: made })]), new Date());
    await record('care-1', block(1n, [transaction({ at: ago(120) })]), new Date());
    await record('care-1', block(2n, [transaction({ valid: false, endorsers: [], at: undefined })]), new Date());
    const { health, series } = await figures();
    const at = new Date(Math.floor(made.getTime() / 60_000) * 60_000).toISOString();
    expect(of(series, 'care-1')?.points).toMatchObject([{ at, transactions: 1, delayMs: null }]);
    expect(of(health, 'care-1')?.endorsers).toMatchObject([{ mspId: 'HospitalMSP', transactions: 2 }]);
  });

  it('tell how fast a peer answers, and that it did not', async () => {
    await countAnswer(world.portal, 'registry', 4.4);
    await countAnswer(world.portal, 'registry', 7.6);
    await countAnswer(world.portal, 'registry', undefined);
    const [point] = of((await figures('day')).series, 'registry')?.points ?? [];
    expect(point).toMatchObject({ transactions: 0, answerMs: 6, unanswered: 1 });
  });

  it('tell how many blocks are waiting to be followed', async () => {
    await beat(world.portal, 'care-0', true, 6);
    expect(of((await figures()).health, 'care-0')).toMatchObject({ height: 1, lag: 5, answering: true });
    await beat(world.portal, 'care-0', false);
    expect(of((await figures()).health, 'care-0')).toMatchObject({ lag: 5, answering: false });
  });

  it('are shown for the span that was asked for, and kept for a week', async () => {
    const ago = (hours: number) => new Date(Math.floor(Date.now() / 60_000) * 60_000 - hours * 3_600_000);
    const rows = [2, 30, 24 * 8].map((hours) => ({ channel: 'registry', minute: ago(hours), transactions: hours }));
    await world.portal.db.insert(channelMinutes).values(rows);
    const seen = async (span: 'hour' | 'day') =>
      of((await figures(span)).series, 'registry')?.points.map(({ transactions }) => transactions);
    expect(await seen('hour')).toEqual([0]);
    expect(await seen('day')).toEqual([2, 0]);
    await cleanUp(world.portal);
    const kept = await world.portal.db.select().from(channelMinutes);
    expect(kept.map(({ transactions }) => transactions)).toContain(30);
    expect(kept.map(({ transactions }) => transactions)).not.toContain(24 * 8);
  });
});

describe('who may watch', () => {
  it('is the authority all chains, and an admin those of the own organisation', async () => {
    const channels = async (actor: Person['actor']) =>
      (await ledgerFigures(actor, 'hour', world.portal)).health.map(({ channel }) => channel);
    expect(await channels(regulator.actor)).toEqual(['registry', 'care-0', 'care-1']);
    expect(await channels({ ...regulator.actor, role: 'admin', mspId: 'PharmacyMSP' })).toHaveLength(3);
    expect(await channels({ ...regulator.actor, role: 'admin', mspId: 'SupplyMSP' })).toEqual([]);
  });

  it.each(roles.filter((role) => role !== 'regulator' && role !== 'admin'))('is no %s', async (role) => {
    const refused = ledgerFigures({ ...regulator.actor, role }, 'hour', world.portal);
    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(refused).rejects.toBeInstanceOf(AppError);
  });
});

describe('the bytes of a block', () => {
  const refusal = (actor: Person['actor'], channel: string, number = 0) =>
    readSupplyBlock(actor, { channel, number }, world.portal).then(
      () => undefined,
      (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
    );

  it.each(roles.filter((role) => role !== 'regulator'))('are not for a %s', async (role) => {
    expect(await refusal({ ...regulator.actor, role }, 'supply-0')).toBe('FORBIDDEN');
  });

  it.each(['care-0', 'registry', 'supply-99', '../care-0'])('are not told of %s', async (channel) => {
    expect(await refusal(regulator.actor, channel)).toBe('NOT_FOUND');
  });

  it('are not told of a block that is not there', async () => {
    expect(await refusal(regulator.actor, 'supply-0', 1_000_000)).toBe('NOT_FOUND');
  });
});
