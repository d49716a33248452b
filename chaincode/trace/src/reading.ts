import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { readPage } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { gtin as gtinShape } from '../../model/product.ts';
import type { Page } from '../../model/registry.ts';
import {
  type Container,
  type ContainerState,
  type ContainerView,
  type Content,
  type EventRecord,
  type EventView,
  eventHash,
  type Pack,
  type PackName,
  type PackView,
  packName,
  type Recall,
  sscc as ssccShape,
} from '../../model/trace.ts';
import { whereaboutsOf } from './custody.ts';
import { Draft, objectTypes } from './draft.ts';
import { excursionsOf } from './excursions.ts';
import { getContainer } from './items.ts';
import { recallsOfPack } from './recalls.ts';

const packNames = z.array(packName).min(1).max(100);

/** Throws NOT_FOUND. */
export async function readPack(ctx: Context, gtin: string, serial: string): Promise<PackView> {
  const name = parseValue(packName, { gtin, serial }, 'pack');
  const view = await findPack(new Draft(ctx), name);
  if (!view) throw new LedgerError('NOT_FOUND', `there is no pack ${gtin} ${serial}`);
  return view;
}

/** In the order of the argument; null where there is no such pack. */
export async function readPacks(ctx: Context, json: string): Promise<(PackView | null)[]> {
  const draft = new Draft(ctx);
  const views: (PackView | null)[] = [];
  for (const name of parseJson(packNames, json, 'packs')) views.push((await findPack(draft, name)) ?? null);
  return views;
}

/** A pack as it is, by its own entry and those of the containers around it. */
export async function findPack(draft: Draft, { gtin, serial }: PackName): Promise<PackView | undefined> {
  const pack = await draft.packs.get(gtin, serial);
  if (!pack) return undefined;
  const { holder, site, shippedTo, containers } = await whereaboutsOf(draft, pack);
  const excursions = (pack.excursions ?? 0) + (excursionsOf(containers)[gtin] ?? 0) || undefined;
  const recalls = (await recallsOfPack(draft, pack)).map(({ id }) => id);
  const said = { holder, site, shippedTo, excursions, recalls, containers: containers.map(({ sscc }) => sscc) };
  return { ...pack, ...said, ...decisionOf(pack, containers) };
}

/** Throws NOT_FOUND. */
export async function readContainer(ctx: Context, text: string): Promise<ContainerView> {
  const draft = new Draft(ctx);
  const own = await getContainer(draft, parseValue(ssccShape, text, 'sscc'));
  const { containers, ...custody } = await whereaboutsOf(draft, own);
  const counted = excursionsOf([own, ...containers]);
  const excursions = Object.keys(counted).length > 0 ? counted : undefined;
  return {
    ...own,
    ...custody,
    excursions,
    containers: containers.map(({ sscc }) => sscc),
    ...decisionOf(own, containers),
  };
}

/** State of what lies in containers: its own, unless one of them is not active. */
function decisionOf<S extends Pack['state']>(
  own: { state: S; heldBy?: Pack['heldBy'] },
  containers: readonly Container[],
): { state: S | ContainerState; heldBy?: Pack['heldBy'] } {
  const deciding = own.state === 'active' ? containers.find(({ state }) => state !== 'active') : undefined;
  const { state, heldBy } = deciding ?? own;
  return { state, heldBy };
}

export async function listContents(
  ctx: Context,
  text: string,
  pageSize: string,
  bookmark: string,
): Promise<Page<Content>> {
  const sscc = parseValue(ssccShape, text, 'sscc');
  return readPage(ctx, objectTypes.child, [sscc], pageSize, bookmark, (key): Content => {
    const [, kind, first = '', second = ''] = ctx.stub.splitCompositeKey(key).attributes;
    return kind === 'pack' ? { kind, gtin: first, serial: second } : { kind: 'container', sscc: first };
  });
}

/** What was decided about an event, and about the declaration that it was wrong. Throws NOT_FOUND. */
export async function readEvent(ctx: Context, text: string): Promise<EventView> {
  const hash = parseValue(eventHash, text, 'hash');
  const draft = new Draft(ctx);
  const [event, declaration] = [await draft.events.get(hash), await draft.declarations.get(hash)];
  if (!event) throw new LedgerError('NOT_FOUND', 'the channel has no such event');
  return declaration ? { event, declaration } : { event };
}

/** All recalls of a product, oldest first. */
export async function readRecalls(ctx: Context, text: string): Promise<Recall[]> {
  const recalls = await new Draft(ctx).recalls.get(parseValue(gtinShape, text, 'gtin'));
  return recalls?.recalls ?? [];
}

/** Events that were refused, the newest first. */
export async function listSuspicious(ctx: Context, pageSize: string, bookmark: string): Promise<Page<EventRecord>> {
  const draft = new Draft(ctx);
  return readPage(ctx, objectTypes.suspicious, [], pageSize, bookmark, async (key) => {
    const [, hash = '', kind] = ctx.stub.splitCompositeKey(key).attributes;
    const record = await (kind === 'declaration' ? draft.declarations : draft.events).get(hash);
    if (!record) throw new Error(`a suspicion without its event: ${hash}`);
    return record;
  });
}
