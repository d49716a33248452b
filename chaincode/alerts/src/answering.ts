import type { Context } from 'fabric-contract-api';
import { requireGateway } from '../../care/gateways.ts';
import { requireSeatedDoctor } from '../../care/members.ts';
import { parseValue } from '../../ledger/arguments.ts';
import { announce, putRecord } from '../../ledger/store.ts';
import { type Alert, alertOutcome } from '../../model/alert.ts';
import { careEvents } from '../../model/careEvents.ts';
import { objectTypes, read } from './reading.ts';
import * as transitions from './transitions.ts';

/** A gateway calls for somebody else where nobody has come in time. */
export async function escalate(ctx: Context, at: Date, id: string): Promise<void> {
  await requireGateway(ctx);
  await put(ctx, transitions.escalate(await read(ctx, id), at), 'alerts:escalate', at);
}

/** A doctor with a seat has seen it. */
export async function acknowledge(ctx: Context, at: Date, id: string): Promise<void> {
  const found = await read(ctx, id);
  const by = await requireSeatedDoctor(ctx, found.patient, at);
  await put(ctx, transitions.acknowledge(found, by, at), 'alerts:acknowledge', at);
}

/** A doctor with a seat says what became of it. */
export async function close(ctx: Context, at: Date, id: string, said: string): Promise<void> {
  const outcome = parseValue(alertOutcome, said, 'outcome');
  const found = await read(ctx, id);
  const by = await requireSeatedDoctor(ctx, found.patient, at);
  await put(ctx, transitions.close(found, { by, outcome }, at), 'alerts:close', at);
}

async function put(ctx: Context, alert: Alert, change: string, at: Date): Promise<void> {
  const { id, patient, state, version } = alert;
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.alert, [id]), alert);
  announce(ctx, careEvents.alerts, { id, change, state, version, at: at.toISOString(), patient });
}
