import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { careEvents } from '#chaincode/model/careEvents.ts';
import { claimsChanged, claimsEvent } from '#chaincode/model/claim.ts';
import { formularyEvent } from '#chaincode/model/formulary.ts';
import { prescriptionEvent } from '#chaincode/model/prescription.ts';
import { registryEvent } from '#chaincode/model/registry.ts';
import { traceEvents } from '#chaincode/model/trace.ts';
import { log } from '#server/log.ts';
import type { Portal } from '#server/portal.ts';
import { claimChangesIn, projectClaims, readClaimEntries } from '../claims/readModel.ts';
import { formularyKeysIn, projectFormulary, readFormularyRecords } from '../formulary/readModel.ts';
import { checkpoints, ledgerEvents } from '../gateways/db/schema/ledger.ts';
import type { Block, BlockTransaction } from '../gateways/ledger/blocks.ts';
import { readManyFromLedger } from '../prescriptions/ledger.ts';
import { project } from '../prescriptions/readModel.ts';
import { projectRenewals } from '../prescriptions/renewals.ts';
import { changesIn, projectRegistry, readChanged } from '../registry/readModel.ts';
import { supplyFactsIn } from '../supplyIndexer/decode.ts';
import { goodsIn, projectGoods, readGoods, readNamedGoods } from '../supplyIndexer/goods.ts';
import { projectSupply } from '../supplyIndexer/project.ts';
import { readAnswered } from './answered.ts';
import { careChangesIn, projectCare, readCare } from './care.ts';
import { countBlock } from './minutes.ts';
import { projectMonitoring, readMonitoring } from './monitoring.ts';

/** PostgreSQL channel on which each recorded block is told to every portal process. */
export const changesChannel = 'medloom_changes';

const common = { id: z.string(), change: z.string() };
const inState = z.object({ ...common, state: z.string() });
const inStatus = z
  .object({ ...common, status: z.string() })
  .transform(({ status, ...said }) => ({ ...said, state: status }));
const captured = z
  .object({ institutionId: z.string(), outcomes: z.array(z.object({ outcome: z.string() })) })
  .transform(({ institutionId, outcomes }) => ({
    ...{ id: institutionId, change: 'capture' },
    state: outcomes.some(({ outcome }) => outcome === 'refused') ? 'refused' : 'accepted',
  }));
/** A batch of decisions is one event, of its first claim. */
const ofClaims = claimsChanged.transform(({ changed: [first], change }) => ({
  ...{ id: first?.id ?? '', state: first?.state ?? '', change },
}));
/** The events of each contract that are recorded, with what their payloads say. */
const recorded = new Map<string, Map<string, z.ZodType<{ id: string; change: string; state: string }>>>([
  [
    'claims',
    new Map<string, typeof ofClaims | typeof inState>([
      [claimsEvent, ofClaims],
      [careEvents.standings, inState],
    ]),
  ],
  ['care', new Map(Object.values(careEvents).map((name) => [name, inState]))],
  ['registry', new Map([registryEvent, formularyEvent].map((name) => [name, inStatus]))],
  [
    'supply',
    new Map<string, typeof captured | typeof inState>([
      [traceEvents.captured, captured],
      [traceEvents.recalls, inState],
      [careEvents.standings, inState],
    ]),
  ],
]);

export type LedgerEventRow = typeof ledgerEvents.$inferInsert;

/** What is told of one change; no clinical content and no subject. */
export const changeNotice = z.object({
  channel: z.string(),
  blockNumber: z.number(),
  transactionId: z.string(),
  contract: z.string(),
  function: z.string(),
  state: z.string(),
  at: z.string(),
});
export type ChangeNotice = z.infer<typeof changeNotice>;

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** With the name of the event. */
type RecordedEvent = LedgerEventRow & { at: Date; name: string };

/** Undefined where there is nothing to record; a contract may raise other events, and other contracts these. */
function eventOf(
  channel: string,
  blockNumber: number,
  transaction: BlockTransaction,
): RecordedEvent | 'unreadable' | undefined {
  const { event, transactionId, contract, at } = transaction;
  const payload = event === undefined ? undefined : recorded.get(contract)?.get(event.name);
  if (!transaction.valid || event === undefined || payload === undefined) return undefined;
  const said = payload.safeParse(jsonOf(event.payload)).data;
  if (said === undefined || at === undefined) return 'unreadable';
  return {
    channel,
    blockNumber,
    transactionId,
    contract,
    at,
    change: said.change,
    subject: said.id,
    state: said.state,
    name: event.name,
  };
}

/**
 * Records a block: events, read model and checkpoint in one database transaction, so that each block counts exactly once
 * whenever the process ends. A block that is recorded already changes nothing, and nothing in a block stops those behind
 * it: what cannot be read is counted and logged. `since`: when following began; the age of
 * older transactions says nothing about how fast the indexer is.
 */
export async function recordBlock(
  portal: Portal,
  channel: string,
  block: Block,
  { since = new Date(0), now = new Date() }: { since?: Date; now?: Date } = {},
): Promise<void> {
  const number = Number(block.number);
  const read = block.transactions.flatMap((transaction) => eventOf(channel, number, transaction) ?? []);
  const events = read.filter((event) => event !== 'unreadable');
  const supply = supplyFactsIn(channel, block);
  const unreadable = block.unreadable + read.length - events.length + supply.unreadable;
  if (unreadable > 0) log().warn({ channel, block: number, unreadable }, 'transactions that cannot be read');
  const ids = [...new Set(events.filter(({ name }) => name === prescriptionEvent).map(({ subject }) => subject))];
  const states = (
    await Promise.all(
      Array.from({ length: Math.ceil(ids.length / 100) }, (_, page) =>
        readManyFromLedger(portal.ledger, channel, ids.slice(page * 100, page * 100 + 100)),
      ),
    )
  ).flat();
  const issuedHere = new Set(events.filter(({ change }) => change === 'issue').map(({ subject }) => subject));
  const answered = await readAnswered(
    portal,
    channel,
    states.filter(({ id }) => issuedHere.has(id)),
  );
  const entries = await readChanged(portal, changesIn(block));
  const formulary = await readFormularyRecords(portal, formularyKeysIn(block));
  const changes = careChangesIn(block);
  const care = await readCare(portal, changes);
  const monitoring = await readMonitoring(portal, channel, block, changes);
  const claimed = await readClaimEntries(portal, claimChangesIn(block));
  const goods = await readGoods(portal.ledger, goodsIn(block));
  const named = await readNamedGoods(portal, supply.facts);
  const invalid = block.transactions.filter(({ valid }) => !valid).length + block.unreadable;
  // What is not valid says of its time what it likes.
  const last = block.transactions.findLast(({ valid }) => valid)?.at;
  const lag = last === undefined || last < since ? undefined : Math.max(0, now.getTime() - last.getTime());
  await portal.db.transaction(async (tx) => {
    const moved = await tx
      .update(checkpoints)
      .set({
        nextBlock: number + 1,
        transactions: sql`${checkpoints.transactions} + ${block.transactions.length + block.unreadable}`,
        invalid: sql`${checkpoints.invalid} + ${invalid}`,
        heartbeatAt: sql`now()`,
        ...(lag === undefined ? {} : { lagMs: Math.min(lag, 2_000_000_000) }),
      })
      .where(sql`${checkpoints.channel} = ${channel} and ${checkpoints.nextBlock} = ${number}`)
      .returning({ channel: checkpoints.channel });
    if (moved.length === 0) return;
    // A block tells no time of its own; its last valid transaction does, and is never of the future.
    const made = last !== undefined && last > now ? now : last;
    await countBlock(tx, channel, block, { at: made, invalid, delayMs: lag });
    if (events.length > 0) await tx.insert(ledgerEvents).values(events).onConflictDoNothing();
    await project(tx, channel, [...states, ...answered.prescriptions]);
    await projectRenewals(tx, channel, answered.renewals);
    await projectRegistry(tx, entries);
    await projectFormulary(tx, formulary);
    await projectCare(tx, channel, care);
    await projectMonitoring(tx, channel, monitoring);
    await projectClaims(tx, claimed);
    await projectGoods(tx, goods);
    await projectGoods(tx, named);
    await projectSupply(tx, channel, supply);
    for (const { at, subject: _, name: __, change, ...event } of events) {
      const notice: ChangeNotice = { ...event, function: change, at: at.toISOString() };
      await tx.execute(sql`select pg_notify(${changesChannel}, ${JSON.stringify(notice)})`);
    }
  });
}

/** Number of the next block to read of a channel. */
export async function nextBlockOf(portal: Portal, channel: string): Promise<bigint> {
  await portal.db.insert(checkpoints).values({ channel, nextBlock: 0 }).onConflictDoNothing();
  const [row] = await portal.db.select().from(checkpoints).where(eq(checkpoints.channel, channel));
  return BigInt(row?.nextBlock ?? 0);
}

/** Notes that a channel is being followed, or no longer, and how many blocks a peer says it has. */
export async function beat(portal: Portal, channel: string, following: boolean, ledgerHeight?: number): Promise<void> {
  await portal.db
    .update(checkpoints)
    .set({ following, heartbeatAt: sql`now()`, ...(ledgerHeight === undefined ? {} : { ledgerHeight }) })
    .where(eq(checkpoints.channel, channel));
}
