import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { type EpcisEvent, epcsOf, eventSchema } from '../../../epcis/event.ts';
import { eventHash } from '../../../epcis/hash.ts';
import { parseJson } from '../../ledger/arguments.ts';
import { newestFirst } from '../../ledger/order.ts';
import { announce } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import {
  type CaptureAlert,
  type CaptureOutcome,
  type EventRecord,
  mostCaptureBytes,
  mostEpcs,
  mostEvents,
  type TraceCaptured,
  traceEvents,
} from '../../model/trace.ts';
import { type Actor, capturingActor } from './actor.ts';
import { apply } from './applying.ts';
import { Draft } from './draft.ts';
import { itemNameOf, loadItems } from './items.ts';
import { MasterData } from './masterData.ts';

const captureArgument = z
  .array(eventSchema)
  .min(1)
  .max(mostEvents)
  .refine((events) => epcsIn(events) <= mostEpcs, `must name at most ${mostEpcs} EPCs`);

const epcsIn = (events: readonly EpcisEvent[]) => events.reduce((sum, event) => sum + epcsOf(event).length, 0);

/**
 * Takes EPCIS events in their order, each by itself: one that breaks custody is refused and kept as suspicious, and the others
 * stand. An event that was accepted before changes nothing. Answers what the event `TraceCaptured` says.
 */
export async function capture(ctx: Context, at: Date, json: string): Promise<TraceCaptured> {
  const events = parseJson(captureArgument, json, 'events', mostCaptureBytes);
  const actor = await capturingActor(ctx, at);
  const draft = new Draft(ctx);
  const master = new MasterData(ctx);
  const outcomes: CaptureOutcome[] = [];
  const hashed = events.map((event) => ({ event, hash: eventHash(event) }));
  await draft.events.load(hashed.map(({ hash }) => [hash]));
  await loadItems(
    draft,
    events.flatMap((event) => epcsOf(event).flatMap(({ epc }) => itemNameOf(epc) ?? [])),
  );
  for (const one of hashed) outcomes.push(await captureOne({ ...one, actor, at, draft, master }));
  await draft.write();
  const captured: TraceCaptured = {
    ...{ at: at.toISOString(), by: actor.id, institutionId: actor.institutionId, outcomes },
  };
  announce(ctx, traceEvents.captured, captured);
  return captured;
}

interface Arrival {
  event: EpcisEvent;
  hash: string;
  actor: Actor;
  at: Date;
  draft: Draft;
  master: MasterData;
}

async function captureOne(arrival: Arrival): Promise<CaptureOutcome> {
  const { event, hash, draft } = arrival;
  const original = await draft.events.get(hash);
  const isDeclaration = event.errorDeclaration !== undefined;
  const before = isDeclaration ? await draft.declarations.get(hash) : original;
  const said = isDeclaration ? { hash, declaration: true as const } : { hash };
  if (before?.outcome === 'accepted') return { ...said, outcome: 'duplicate' };
  const alerts = new Set<CaptureAlert>();
  const refused = await refusalOf(apply({ ...arrival, alerts }, original));
  if (refused === undefined) {
    draft.keep();
    decide(arrival, { ...said, outcome: 'accepted' }, before);
    return { ...said, outcome: 'accepted', ...(alerts.size > 0 && { alerts: [...alerts] }) };
  }
  draft.drop();
  // Told before, and nothing has changed since.
  if (before?.code === refused.code) return { ...said, outcome: 'duplicate', ...refused };
  const decision = { ...said, outcome: 'refused' as const, ...refused };
  decide(arrival, decision, before);
  return decision;
}

async function refusalOf(work: Promise<void>): Promise<Pick<LedgerError, 'code' | 'detail'> | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return { code: error.code, detail: error.detail };
  }
}

/** Keeps what was decided about an event, in place of what was decided before. */
function decide(
  { event, actor, at, draft }: Arrival,
  decision: Pick<EventRecord, 'hash' | 'declaration' | 'outcome' | 'code' | 'detail'>,
  before: EventRecord | undefined,
): void {
  const { hash, declaration, outcome } = decision;
  const table = declaration ? draft.declarations : draft.events;
  const record: EventRecord = {
    ...decision,
    eventId: event.eventID,
    ...{ at: at.toISOString(), by: actor.id, institutionId: actor.institutionId },
  };
  const suspicion = (time: Date) => [newestFirst(time), hash, declaration ? 'declaration' : 'event'];
  table.put([hash], record);
  if (before?.outcome === 'refused') draft.suspicious.remove(...suspicion(new Date(before.at)));
  if (outcome === 'refused') draft.suspicious.put(suspicion(at), 1);
  draft.keep();
}
