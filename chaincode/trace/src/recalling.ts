import type { Context } from 'fabric-contract-api';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { askRegistry } from '../../ledger/askChannel.ts';
import { announce, decodeRecord } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { gtin as gtinShape, productRecord } from '../../model/product.ts';
import {
  mostRecalls,
  type ProductRecalls,
  type Recall,
  type RecallChanged,
  recallArgument,
  recallId,
  traceEvents,
} from '../../model/trace.ts';
import { type Actor, decidingActor } from './actor.ts';
import { Draft } from './draft.ts';

/** Starts a recall, by the product's maker or the authority: from its block on, the packs are neither shipped nor dispensed. */
export async function recall(ctx: Context, at: Date, json: string): Promise<void> {
  const wanted = parseJson(recallArgument, json, 'recall');
  const actor = await requireRecaller(ctx, at, wanted.gtin);
  const draft = new Draft(ctx);
  const before = (await draft.recalls.get(wanted.gtin)) ?? { gtin: wanted.gtin, recalls: [], version: 0 };
  if (before.recalls.some(({ id }) => id === wanted.id)) {
    throw new LedgerError('ALREADY_EXISTS', `${wanted.id} is known already`);
  }
  if (before.recalls.length >= mostRecalls) {
    throw new LedgerError('WRONG_STATE', `there are ${mostRecalls} recalls of ${wanted.gtin}`);
  }
  const started: Recall = { ...wanted, state: 'active', started: decisionOf(actor, at) };
  await putRecalls(ctx, draft, { ...before, recalls: [...before.recalls, started] }, 'recall', started);
}

/** Ends a recall: by the authority any, by the maker one that the maker started. */
export async function endRecall(ctx: Context, at: Date, gtinText: string, idText: string): Promise<void> {
  const gtin = parseValue(gtinShape, gtinText, 'gtin');
  const id = parseValue(recallId, idText, 'id');
  const actor = await requireRecaller(ctx, at, gtin);
  const draft = new Draft(ctx);
  const before = await draft.recalls.get(gtin);
  const found = before?.recalls.find((one) => one.id === id);
  if (!before || !found) throw new LedgerError('NOT_FOUND', `there is no recall ${id} of ${gtin}`);
  if (actor.kind !== 'authority' && found.started.institutionId !== actor.institutionId) {
    throw new LedgerError('NOT_AUTHORISED', `${found.started.institutionId} started ${id}`);
  }
  if (found.state !== 'active') throw new LedgerError('WRONG_STATE', `${id} is ${found.state}`);
  const ended: Recall = { ...found, state: 'ended', ended: decisionOf(actor, at) };
  const recalls = before.recalls.map((one) => (one.id === id ? ended : one));
  await putRecalls(ctx, draft, { ...before, recalls }, 'endRecall', ended);
}

/** The product's maker, or the authority, where the product is traced: NOT_FOUND, WRONG_CHANNEL, NOT_AUTHORISED. */
async function requireRecaller(ctx: Context, at: Date, gtin: string): Promise<Actor> {
  const actor = await decidingActor(ctx, ['supplier', 'regulator'], at);
  const product = decodeRecord(productRecord, await askRegistry(ctx, 'readProduct', gtin));
  if (product.channel !== ctx.stub.getChannelID()) {
    throw new LedgerError('WRONG_CHANNEL', `${gtin} is traced on ${product.channel}`);
  }
  if (actor.kind !== 'authority' && actor.institutionId !== product.maker) {
    throw new LedgerError('NOT_AUTHORISED', `only ${product.maker} or the authority recalls ${gtin}`);
  }
  return actor;
}

const decisionOf = ({ id: by, institutionId }: Actor, at: Date) => ({ at: at.toISOString(), by, institutionId });

async function putRecalls(
  ctx: Context,
  draft: Draft,
  changed: ProductRecalls,
  change: RecallChanged['change'],
  { id, gtin, state, started, ended = started }: Recall,
): Promise<void> {
  const version = changed.version + 1;
  draft.recalls.put([gtin], { ...changed, version });
  draft.keep();
  await draft.write();
  announce(ctx, traceEvents.recalls, { id, gtin, change, state, version, ...ended } satisfies RecallChanged);
}
