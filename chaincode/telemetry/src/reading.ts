import type { Context } from 'fabric-contract-api';
import { parseCareId, parsePseudonym } from '../../care/channel.ts';
import { parseValue } from '../../ledger/arguments.ts';
import { getRecord, readPage } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { deviceId, hex8 } from '../../model/identifiers.ts';
import type { Page } from '../../model/registry.ts';
import { batchId, type StoredBatch, storedBatch, streamHead } from '../../model/telemetry.ts';
import { objectTypes } from './storage.ts';

/** What everybody on the channel knows. */

async function getBatch(ctx: Context, id: string): Promise<StoredBatch> {
  const found = await getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.batch, [id]), storedBatch);
  if (!found) throw new LedgerError('NOT_FOUND', `there is no batch ${id}`);
  return found;
}

export async function readBatch(ctx: Context, id: string): Promise<StoredBatch> {
  return getBatch(ctx, parseCareId(ctx, batchId, id, 'id'));
}

/** Batches of a patient, the newest readings first. */
export async function listBatches(
  ctx: Context,
  pseudonym: string,
  size: string,
  bookmark: string,
): Promise<Page<StoredBatch>> {
  const patient = parsePseudonym(ctx, pseudonym);
  return readPage(ctx, objectTypes.patientBatch, [patient], size, bookmark, (key) =>
    getBatch(ctx, ctx.stub.splitCompositeKey(key).attributes[2] ?? ''),
  );
}

/** How far a stream is anchored: the number of its last frame, 0 where none is. */
export async function readStream(
  ctx: Context,
  pseudonym: string,
  device: string,
  stream: string,
): Promise<{ last: number }> {
  const parts = [
    parsePseudonym(ctx, pseudonym),
    parseValue(deviceId, device, 'device'),
    parseValue(hex8, stream, 'stream'),
  ];
  const found = await getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.stream, parts), streamHead);
  return found ?? { last: 0 };
}
