import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { requireRegistrar } from '../../ledger/certificate.ts';
import { type ChannelMap, faultOfNext } from '../../model/channelMap.ts';
import { LedgerError } from '../../model/errors.ts';
import { channelMap } from '../../model/records.ts';
import { regulatorMsp } from '../../model/registry.ts';
import { findChannelMap, putChannelMap } from './storage.ts';

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
