import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { type EpcisEvent, eventSchema } from '#epcis/event.ts';
import { identifierOf } from '#gs1/uri.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { traceEvents } from '../gateways/db/schema/trace.ts';
import type { Actor } from '../people/schema.ts';
import { readProduct, readSite } from '../registry/ledger.ts';
import { found, readPacks } from './ledger.ts';
import { lookUpAll } from './looking.ts';
import { institutionNames } from './names.ts';
import { ownHouse } from './policy.ts';
import { type Item, itemKey, type LeftPack, type somePack, type Undoable } from './schema.ts';

/**
 * How a pack left stock: the decommissioning as it was signed, and all packs that it took out. An error declaration is about the
 * whole event, so that they go back together or not at all.
 */
export async function readUndoable(
  actor: Actor,
  { gtin, serial }: z.output<typeof somePack>,
  portal: Portal = thePortal(),
): Promise<Undoable> {
  ownHouse(actor);
  const item = { kind: 'pack', gtin, serial } as const;
  const product = await found(readProduct(portal.ledger, gtin, actor.mspId));
  if (product === undefined) {
    const [looked] = await lookUpAll(actor, [item], portal);
    if (looked === undefined) throw new Error('one pack was asked for');
    return { asked: { looked }, packs: [] };
  }
  const { channel } = product;
  const [asked] = await leftPacks(portal, actor, channel, [item]);
  if (asked === undefined) throw new Error('one pack was asked for');
  const { left } = asked;
  if (left === undefined) return { asked, packs: [asked] };
  const [event, site, nameOf] = await Promise.all([
    bodyOf(portal, channel, left.eventHash),
    readSite(portal.ledger, left.site, actor.mspId),
    institutionNames(portal),
  ]);
  const who = { institution: nameOf(left.institutionId), siteName: site.name };
  // What others took out is theirs to know.
  if (event === undefined || left.institutionId !== actor.institutionId) return { asked, ...who, packs: [asked] };
  return { asked, ...who, event, packs: await leftPacks(portal, actor, channel, packsOf(event)) };
}

const packsOf = (event: EpcisEvent): PackItem[] =>
  ('epcList' in event ? (event.epcList ?? []) : []).flatMap((uri): PackItem[] => {
    const id = identifierOf(uri);
    return id?.type === 'sgtin' ? [{ kind: 'pack', gtin: id.key, serial: id.part }] : [];
  });

type PackItem = Item & { kind: 'pack' };

async function leftPacks(portal: Portal, actor: Actor, channel: string, items: PackItem[]): Promise<LeftPack[]> {
  const names = items.map(({ gtin, serial }) => ({ gtin, serial }));
  const [looked, packs] = await Promise.all([
    lookUpAll(actor, items, portal),
    readPacks(portal.ledger, channel, names, actor.mspId),
  ]);
  const left = new Map(packs.map(({ gtin, serial, decommissioned }) => [`${gtin}/${serial}`, decommissioned]));
  return looked.map((each) => {
    const how = left.get(itemKey(each.item));
    return { looked: each, ...(how && { left: how }) };
  });
}

/** The event as it stands in its block. */
async function bodyOf({ db }: Portal, channel: string, hash: string): Promise<EpcisEvent | undefined> {
  const [row] = await db
    .select({ body: traceEvents.body })
    .from(traceEvents)
    .where(
      and(
        ...[eq(traceEvents.channel, channel), eq(traceEvents.hash, hash)],
        ...[eq(traceEvents.outcome, 'accepted'), eq(traceEvents.declaration, false)],
      ),
    );
  return row && eventSchema.parse(row.body);
}
