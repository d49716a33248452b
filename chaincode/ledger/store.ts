import type { Context } from 'fabric-contract-api';
import type { z } from 'zod';
import { LedgerError } from '../model/errors.ts';
import type { Page } from '../model/registry.ts';
import { stateBytes } from '../model/state.ts';
import { parsePageSize } from './arguments.ts';

/** Parses the bytes of a stored record; a record that does not parse is a fault of the contract, not of the caller. */
export function decodeRecord<T>(schema: z.ZodType<T>, bytes: Uint8Array): T {
  return schema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}

/** Whether a key holds a value. */
export async function hasKey(ctx: Context, key: string): Promise<boolean> {
  return (await ctx.stub.getState(key)).length > 0;
}

/** A record, or undefined where the key holds none. */
export async function getRecord<T>(ctx: Context, key: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const bytes = await ctx.stub.getState(key);
  return bytes.length > 0 ? decodeRecord(schema, bytes) : undefined;
}

/** Writes a record as deterministic JSON. */
export async function putRecord(ctx: Context, key: string, record: unknown): Promise<void> {
  await ctx.stub.putState(key, stateBytes(record));
}

/** Writes that an index leads to an id. */
export async function putIndex(ctx: Context, objectType: string, attributes: string[], id: string): Promise<void> {
  await ctx.stub.putState(ctx.stub.createCompositeKey(objectType, attributes), Buffer.from(id));
}

/** The id that an index leads to. */
export async function followIndex(
  ctx: Context,
  objectType: string,
  ...attributes: string[]
): Promise<string | undefined> {
  const bytes = await ctx.stub.getState(ctx.stub.createCompositeKey(objectType, attributes));
  return bytes.length > 0 ? Buffer.from(bytes).toString('utf8') : undefined;
}

/** One page of the keys and values below a composite key. A bookmark from elsewhere is refused: INVALID_ARGUMENT. */
export async function readPage<T>(
  ctx: Context,
  objectType: string,
  attributes: string[],
  pageSize: string,
  bookmark: string,
  read: (key: string, value: Uint8Array) => Promise<T> | T,
): Promise<Page<T>> {
  const size = parsePageSize(pageSize);
  const prefix = ctx.stub.createCompositeKey(objectType, attributes);
  if (bookmark !== '' && (!bookmark.startsWith(prefix) || bookmark.length > 512)) {
    throw new LedgerError('INVALID_ARGUMENT', 'bookmark: not of this list');
  }
  const { iterator, metadata } = await ctx.stub.getStateByPartialCompositeKeyWithPagination(
    objectType,
    attributes,
    size,
    bookmark,
  );
  const found: { key: string; value: Uint8Array }[] = [];
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) found.push(next.value);
  await iterator.close();
  const items: T[] = [];
  for (const { key, value } of found) items.push(await read(key, value));
  // An empty page comes without metadata, whatever the types of the shim say.
  return { items, bookmark: metadata?.bookmark ?? '' };
}

/** Announces a change; a transaction carries one event. */
export function announce(ctx: Context, name: string, payload: unknown): void {
  ctx.stub.setEvent(name, stateBytes(payload));
}
