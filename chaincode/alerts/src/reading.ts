import type { Context } from 'fabric-contract-api';
import { parseCareId, parsePseudonym } from '../../care/channel.ts';
import { getRecord, readPage } from '../../ledger/store.ts';
import { type Alert, alert, alertId } from '../../model/alert.ts';
import { LedgerError } from '../../model/errors.ts';
import type { Page } from '../../model/registry.ts';

/** Keys: one record an alert, so that alerts never conflict. */
export const objectTypes = {
  alert: 'alert',
  /** patient, time from the newest, alert: those of a patient */
  patientAlert: 'patientAlert',
} as const;

/** Throws INVALID_ARGUMENT, WRONG_CHANNEL, NOT_FOUND. */
export async function read(ctx: Context, id: string): Promise<Alert> {
  return getAlert(ctx, parseCareId(ctx, alertId, id, 'id'));
}

async function getAlert(ctx: Context, id: string): Promise<Alert> {
  const found = await getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.alert, [id]), alert);
  if (!found) throw new LedgerError('NOT_FOUND', `there is no alert ${id}`);
  return found;
}

/** Newest first. */
export async function listByPatient(
  ctx: Context,
  pseudonym: string,
  size: string,
  bookmark: string,
): Promise<Page<Alert>> {
  return readPage(ctx, objectTypes.patientAlert, [parsePseudonym(ctx, pseudonym)], size, bookmark, (key) =>
    getAlert(ctx, ctx.stub.splitCompositeKey(key).attributes[2] ?? ''),
  );
}
