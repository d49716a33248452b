import { sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { type Product, productRecord, type Site, siteRecord } from '#chaincode/model/product.ts';
import { registryEvent } from '#chaincode/model/registry.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { traceProducts, traceSites } from '../gateways/db/schema/trace.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import { type Fact, isGln, placeOf } from './fact.ts';

type Ledger = Pick<Portal['ledger'], 'evaluate'>;

/** Products and places, which never change once they are registered. */
export interface Goods {
  products: Product[];
  sites: Site[];
}

const change = z.object({ kind: z.enum(['product', 'site']), id: z.string() });
export type GoodsChange = z.infer<typeof change>;

/** Products and places that a block of `registry` has registered. */
export function goodsIn({ transactions }: Block): GoodsChange[] {
  return transactions.flatMap(({ valid, contract, event }) => {
    if (!valid || contract !== 'registry' || event?.name !== registryEvent) return [];
    return change.safeParse(jsonOf(event.payload)).data ?? [];
  });
}

/** Reads what was registered. Throws LEDGER_UNAVAILABLE where the peer that is asked has not got it yet. */
export async function readGoods(ledger: Ledger, changes: readonly GoodsChange[]): Promise<Goods> {
  const of = (kind: GoodsChange['kind']) => [
    ...new Set(changes.filter((one) => one.kind === kind).map(({ id }) => id)),
  ];
  const [products, sites] = await Promise.all([
    Promise.all(of('product').map(async (gtin) => there(await ask(ledger, 'readProduct', gtin, productRecord), gtin))),
    Promise.all(of('site').map(async (gln) => there(await ask(ledger, 'readSite', gln, siteRecord), gln))),
  ]);
  return { products, sites };
}

/**
 * Places that events name, and products of packs that begin, which the read model does not know yet: their entries stand on
 * another channel, which may be followed later. A place that nobody has registered is left out.
 */
export async function readNamedGoods({ db, ledger }: Pick<Portal, 'db' | 'ledger'>, facts: Fact[]): Promise<Goods> {
  const glns = new Set(
    facts.flatMap((fact) => [placeOf(fact), fact.destination]).flatMap((id) => (id !== null && isGln(id) ? id : [])),
  );
  const begins = facts.filter(({ step }) => step === 'commission' || step === 'transform');
  const gtins = new Set(
    begins.flatMap(({ named }) => named.flatMap(({ thing }) => (thing?.kind === 'pack' ? thing.gtin : []))),
  );
  if (glns.size > 0) {
    const known = await db.select({ id: traceSites.gln }).from(traceSites).where(isOneOf(traceSites.gln, glns));
    for (const { id } of known) glns.delete(id);
  }
  if (gtins.size > 0) {
    const known = await db
      .select({ id: traceProducts.gtin })
      .from(traceProducts)
      .where(isOneOf(traceProducts.gtin, gtins));
    for (const { id } of known) gtins.delete(id);
  }
  const [sites, products] = await Promise.all([
    Promise.all([...glns].map((id) => ask(ledger, 'readSite', id, siteRecord))),
    Promise.all([...gtins].map((id) => ask(ledger, 'readProduct', id, productRecord))),
  ]);
  return {
    sites: sites.filter((site) => site !== undefined),
    products: products.filter((product) => product !== undefined),
  };
}

const isOneOf = (column: PgColumn, ids: Set<string>) => sql`${column} = any(${sql.param([...ids])}::text[])`;

export async function projectGoods(db: Database, { products, sites }: Goods): Promise<void> {
  if (products.length > 0) {
    const rows = products.map(({ gtin, name, maker, channel, storage }) => ({
      ...{ gtin, name, maker, channel },
      ...{ minCelsius: storage?.minCelsius ?? null, maxCelsius: storage?.maxCelsius ?? null },
    }));
    await db.insert(traceProducts).values(rows).onConflictDoNothing();
  }
  if (sites.length === 0) return;
  const rows = sites.map(({ gln: id, institutionId, name, latitude, longitude }) => ({
    ...{ gln: id, institutionId, name, latitude: Number(latitude), longitude: Number(longitude) },
  }));
  await db.insert(traceSites).values(rows).onConflictDoNothing();
}

/** Undefined where there is none. */
async function ask<T>(ledger: Ledger, name: string, id: string, shape: z.ZodType<T>): Promise<T | undefined> {
  try {
    const call = { channel: 'registry', contract: 'registry', function: name, args: [id] };
    return shape.parse(JSON.parse(Buffer.from(await ledger.evaluate(call)).toString('utf8')));
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

function there<T>(entry: T | undefined, id: string): T {
  if (entry !== undefined) return entry;
  throw new AppError('LEDGER_UNAVAILABLE', `the peer has not got ${id} yet`);
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
