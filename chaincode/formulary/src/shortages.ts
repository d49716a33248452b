import type { Context } from 'fabric-contract-api';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { decodeRecord, getRecord, putRecord, readPage } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { productCode, type Shortage, shortageDeclaration, shortageRecord } from '../../model/formulary.ts';
import type { Page } from '../../model/registry.ts';
import { requireSpeaker } from './caller.ts';
import { announceChange } from './entries.ts';

/** product → what the authority says of its shortage */
const objectType = 'shortage';

const keyOf = (ctx: Context, product: string) => ctx.stub.createCompositeKey(objectType, [product]);

/** The authority declares a product short, or says anew why and until when. */
export async function declareShortage(ctx: Context, at: Date, json: string): Promise<void> {
  const declared = parseJson(shortageDeclaration, json, 'shortage');
  const by = await requireSpeaker(ctx, at, 'national');
  const before = await getRecord(ctx, keyOf(ctx, declared.product), shortageRecord);
  const version = (before?.version ?? 0) + 1;
  await putShortage(ctx, { ...declared, state: 'declared', by, at: at.toISOString(), version }, 'declareShortage');
}

/** Throws NOT_FOUND, WRONG_STATE. */
export async function endShortage(ctx: Context, at: Date, product: string): Promise<void> {
  const by = await requireSpeaker(ctx, at, 'national');
  const before = await readShortage(ctx, product);
  if (before.state === 'ended') throw new LedgerError('WRONG_STATE', `the shortage of ${before.product} has ended`);
  const ended = { state: 'ended', by, at: at.toISOString(), version: before.version + 1 } as const;
  await putShortage(ctx, { ...before, ...ended }, 'endShortage');
}

async function putShortage(ctx: Context, shortage: Shortage, change: string): Promise<void> {
  const { product, state: status, version, at } = shortage;
  await putRecord(ctx, keyOf(ctx, product), shortage);
  announceChange(ctx, {
    ...{ keys: [`shortage/${product}`], id: product, change: `formulary:${change}`, status, version, at },
  });
}

/** Throws NOT_FOUND. */
export async function readShortage(ctx: Context, text: string): Promise<Shortage> {
  const product = parseValue(productCode, text, 'product');
  const found = await getRecord(ctx, keyOf(ctx, product), shortageRecord);
  if (!found) throw new LedgerError('NOT_FOUND', `nobody has declared ${product} short`);
  return found;
}

export async function listShortages(ctx: Context, pageSize: string, bookmark: string): Promise<Page<Shortage>> {
  return readPage(ctx, objectType, [], pageSize, bookmark, (_key, value) => decodeRecord(shortageRecord, value));
}
