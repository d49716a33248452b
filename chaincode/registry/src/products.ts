import type { Context } from 'fabric-contract-api';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { decodeRecord, readPage } from '../../ledger/store.ts';
import { chooseChannel } from '../../model/channelMap.ts';
import { LedgerError } from '../../model/errors.ts';
import { gtin as gtinShape, type Product, productRecord, productRegistration } from '../../model/product.ts';
import type { Page } from '../../model/registry.ts';
import { requireMakerOrAuthority } from './authority.ts';
import { findChannelMap, findProduct, getInstitution, objectTypes, putProduct } from './storage.ts';

/**
 * Registers a medicine with its maker, and decides on which supply channel it is traced, by the map that is in force now. The
 * number cannot say it, unlike a pseudonym, so that the entry does.
 */
export async function registerProduct(ctx: Context, at: Date, json: string): Promise<void> {
  const registration = parseJson(productRegistration, json, 'product');
  const { gtin } = registration;
  await requireMakerOrAuthority(ctx, at, registration.maker);
  if (await findProduct(ctx, gtin)) throw new LedgerError('ALREADY_EXISTS', `${gtin} is registered already`);
  const maker = await getInstitution(ctx, registration.maker);
  if (maker.kind !== 'manufacturer' || maker.status !== 'active') {
    throw new LedgerError('WRONG_STATE', `${maker.id} is no active manufacturer`);
  }
  const map = await findChannelMap(ctx, 'newest');
  if (!map?.supply.length) throw new LedgerError('WRONG_STATE', 'no channel map names a supply channel');
  const product = { ...registration, channel: chooseChannel(map.supply, gtin), mapVersion: map.version };
  await putProduct(ctx, product, 'registerProduct', at);
}

/** Throws NOT_FOUND. */
export async function readProduct(ctx: Context, text: string): Promise<Product> {
  const gtin = parseValue(gtinShape, text, 'gtin');
  const product = await findProduct(ctx, gtin);
  if (!product) throw new LedgerError('NOT_FOUND', `there is no product ${gtin}`);
  return product;
}

export async function listProducts(ctx: Context, pageSize: string, bookmark: string): Promise<Page<Product>> {
  return readPage(ctx, objectTypes.product, [], pageSize, bookmark, (_key, value) =>
    decodeRecord(productRecord, value),
  );
}
