import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { careChannelOf } from '../../care/channel.ts';
import { isGateway } from '../../care/gateways.ts';
import { Seating } from '../../care/seating.ts';
import { parseJson } from '../../ledger/arguments.ts';
import { writeStates } from '../../ledger/batches.ts';
import { newestFirst } from '../../ledger/order.ts';
import { announce } from '../../ledger/store.ts';
import { Table } from '../../ledger/table.ts';
import { type AlertsRaised, alert, type NewAlert, raiseArgument } from '../../model/alert.ts';
import { careEvents } from '../../model/careEvents.ts';
import { isSeated } from '../../model/circle.ts';
import type { Outcome } from '../../model/telemetry.ts';
import { callingDevice, type DeviceStanding } from '../../people/devices.ts';
import { objectTypes } from './reading.ts';

/** Twice the largest argument of other functions: 50 alerts. */
const mostBytes = 32 * 1024;

/**
 * Notes alerts, each by itself, in the name of a gateway or of the device whose frames they are: one that is refused keeps no
 * other back, and one that there is already changes nothing. The event `AlertsRaised` says which.
 */
export async function raise(ctx: Context, at: Date, json: string): Promise<void> {
  const { alerts } = parseJson(raiseArgument, json, 'raise', mostBytes);
  const caller = await callingDevice(ctx);
  const raised = new Table(ctx, objectTypes.alert, alert);
  const byPatient = new Table(ctx, objectTypes.patientAlert, z.literal(1));
  const seating = new Seating(ctx);
  await raised.load(alerts.map(({ id }) => [id]));
  await seating.load(alerts.map(({ patient, device }): [string, string] => [patient, device]));
  const outcomes: Outcome[] = [];
  for (const given of alerts) {
    const before = await raised.get(given.id);
    const outcome = before ? outcomeOfKnown(given, before) : await judge(ctx, given, { caller, seating, at });
    outcomes.push(outcome);
    if (outcome.outcome !== 'accepted') continue;
    const raisedAt = at.toISOString();
    raised.put([given.id], { ...given, state: 'raised', raisedAt, raisedBy: caller.device.id, version: 1 });
    byPatient.put([given.patient, newestFirst(at), given.id], 1);
    for (const table of [raised, byPatient]) table.keep();
  }
  await writeStates(ctx, [...raised.states(), ...byPatient.states()]);
  const said: AlertsRaised = {
    ...{ id: caller.device.id, change: 'alerts:raise', version: 1, at: at.toISOString() },
    state: outcomes.some(({ outcome }) => outcome === 'refused') ? 'refused' : 'raised',
    outcomes,
  };
  announce(ctx, careEvents.raised, said);
}

function outcomeOfKnown({ id, frameHash }: NewAlert, before: { frameHash: string }): Outcome {
  if (before.frameHash === frameHash) return { id, outcome: 'duplicate' };
  return { id, outcome: 'refused', code: 'ALREADY_EXISTS' };
}

async function judge(
  ctx: Context,
  { id, patient, device }: NewAlert,
  { caller, seating, at }: { caller: DeviceStanding; seating: Seating; at: Date },
): Promise<Outcome> {
  const refused = (code: Outcome['code']): Outcome => ({ id, outcome: 'refused', code, device });
  const channel = ctx.stub.getChannelID();
  if ([id, patient].some((of) => careChannelOf(of) !== channel)) return refused('WRONG_CHANNEL');
  if (!isGateway(caller) && caller.device.id !== device) return refused('NOT_AUTHORISED');
  const seat = await seating.seats.get(patient, device);
  if (!isSeated(seat, at)) return refused('NO_CONSENT');
  const out = await seating.outSince(device, seat.institution);
  return out === undefined ? { id, outcome: 'accepted' } : refused('SUSPENDED');
}
