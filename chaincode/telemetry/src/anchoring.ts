import type { Context } from 'fabric-contract-api';
import { requireGateway } from '../../care/gateways.ts';
import { parseJson } from '../../ledger/arguments.ts';
import { announce } from '../../ledger/store.ts';
import { careEvents } from '../../model/careEvents.ts';
import {
  type Anchored,
  anchorArgument,
  type Batch,
  mostAnchorBytes,
  type Outcome,
  type TelemetryAnchored,
} from '../../model/telemetry.ts';
import { faultOf } from './judging.ts';
import { Anchorage } from './storage.ts';

/**
 * Takes batches of many patients, each by itself: one that is refused keeps no other back, and one that was accepted before
 * changes nothing. Answers what the event `TelemetryAnchored` says.
 */
export async function anchor(ctx: Context, at: Date, json: string): Promise<Anchored> {
  const { batches } = parseJson(anchorArgument, json, 'anchor', mostAnchorBytes);
  const { id: gateway } = await requireGateway(ctx);
  const anchorage = new Anchorage(ctx);
  await anchorage.load(batches);
  const outcomes: Outcome[] = [];
  const accepted: Batch[] = [];
  for (const batch of batches) {
    const outcome = await anchorOne(batch, { anchorage, channel: ctx.stub.getChannelID(), at });
    outcomes.push(outcome);
    if (outcome.outcome !== 'accepted') continue;
    anchorage.put(batch, gateway, at);
    accepted.push(batch);
  }
  await anchorage.write();
  const said: TelemetryAnchored = {
    ...{ id: gateway, change: 'telemetry:anchor', version: 1, at: at.toISOString() },
    state: outcomes.some(({ outcome }) => outcome === 'refused') ? 'refused' : 'anchored',
    outcomes,
    batches: accepted.length,
    frames: accepted.reduce((sum, { frames }) => sum + frames, 0),
    readings: accepted.reduce((sum, { readings }) => sum + readings, 0),
  };
  announce(ctx, careEvents.anchored, said);
  return { outcomes };
}

async function anchorOne(batch: Batch, court: Parameters<typeof faultOf>[1]): Promise<Outcome> {
  const { id, patient, cid, root } = batch;
  const before = await court.anchorage.batches.get(id);
  if (before?.patient === patient && before.cid === cid && before.root === root) return { id, outcome: 'duplicate' };
  const fault = before ? { code: 'ALREADY_EXISTS' as const } : await faultOf(batch, court);
  return fault ? { id, outcome: 'refused', ...fault } : { id, outcome: 'accepted' };
}
