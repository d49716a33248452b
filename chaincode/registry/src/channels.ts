import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { requireRegistrar } from '../../ledger/certificate.ts';
import { type ChannelMap, chooseChannel, faultOfNext, type Product } from '../../model/channelMap.ts';
import { LedgerError } from '../../model/errors.ts';
import { channelMap, gtin as gtinShape } from '../../model/records.ts';
import { regulatorMsp } from '../../model/registry.ts';
import { requireAuthority } from './authority.ts';
import { findChannelMap, findProduct, putChannelMap, putProduct } from './storage.ts';

const versionArgument = z.union([z.literal('newest'), z.string().regex(/^[1-9][0-9]{0,8}$/)]);

/** Puts the next version of the channel map in force. A version only adds channels; nobody is moved by it. */
export async function publishChannelMap(ctx: Context, at: Date, json: string): Promise<void> {
  requireRegistrar(ctx, regulatorMsp);
  const map = parseJson(channelMap, json, 'map');
  const before = await findChannelMap(ctx, 'newest');
  if (before !== undefined && map.version <= before.version) {
    throw new LedgerError('ALREADY_EXISTS', `version ${map.version} is published already`);
  }
  const fault = faultOfNext(before, map);
  if (fault !== undefined) throw new LedgerError('WRONG_STATE', `the map cannot follow: ${fault}`);
  await putChannelMap(ctx, map, 'publishChannelMap', at);
}

/** A version of the channel map, or the one in force: NOT_FOUND. */
export async function readChannelMap(ctx: Context, version: string): Promise<ChannelMap> {
  const wanted = parseValue(versionArgument, version, 'version');
  const map = await findChannelMap(ctx, wanted === 'newest' ? wanted : Number(wanted));
  if (!map) throw new LedgerError('NOT_FOUND', `there is no channel map ${wanted}`);
  return map;
}

/**
 * Decides on which supply channel a product is traced, by the map that is in force now. The number cannot say it, unlike a
 * pseudonym, so that the entry does.
 */
export async function registerProduct(ctx: Context, at: Date, text: string): Promise<void> {
  const gtin = parseValue(gtinShape, text, 'gtin');
  await requireAuthority(ctx, at);
  if (await findProduct(ctx, gtin)) throw new LedgerError('ALREADY_EXISTS', `${gtin} is registered already`);
  const map = await findChannelMap(ctx, 'newest');
  if (!map?.supply.length) throw new LedgerError('WRONG_STATE', 'no channel map names a supply channel');
  const product = { gtin, channel: chooseChannel(map.supply, gtin), mapVersion: map.version };
  await putProduct(ctx, product, 'registerProduct', at);
}

export async function readProduct(ctx: Context, text: string): Promise<Product> {
  const gtin = parseValue(gtinShape, text, 'gtin');
  const product = await findProduct(ctx, gtin);
  if (!product) throw new LedgerError('NOT_FOUND', `there is no product ${gtin}`);
  return product;
}
