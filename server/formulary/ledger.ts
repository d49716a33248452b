import type { z } from 'zod';
import { type FormularyEntry, formularyEntry, type Shortage, shortageRecord } from '#chaincode/model/formulary.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';

type Ledger = Pick<Portal['ledger'], 'evaluate'>;

async function ask<T>(ledger: Ledger, name: string, args: string[], shape: z.ZodType<T>, mspId?: string): Promise<T> {
  const call = { channel: 'registry', contract: 'registry', function: `formulary:${name}`, args };
  const bytes = await ledger.evaluate({ ...call, ...(mspId !== undefined && { mspId }) });
  const parsed = shape.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new AppError('INTERNAL', `the registry answered something else for ${name}`, { cause: parsed.error });
}

/** An entry as the peer of `mspId` has it. Throws NOT_FOUND, LEDGER_UNAVAILABLE. */
export const readEntry = (ledger: Ledger, scope: string, code: string, mspId?: string): Promise<FormularyEntry> =>
  ask(ledger, 'read', [scope, code], formularyEntry, mspId);

/** All versions of an entry, newest first. Throws as above. */
export const readVersions = (ledger: Ledger, scope: string, code: string): Promise<FormularyEntry[]> =>
  ask(ledger, 'history', [scope, code], formularyEntry.array());

/** Throws as above. */
export const readShortage = (ledger: Ledger, product: string, mspId?: string): Promise<Shortage> =>
  ask(ledger, 'readShortage', [product], shortageRecord, mspId);
