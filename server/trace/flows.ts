import { z } from 'zod';
import type { Portal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { readProduct } from '../registry/ledger.ts';
import type { Saga } from '../sagas/store.ts';
import { readEvent, readRecalls } from '../supply/ledger.ts';
import type { FlowPerson, Handlers } from '../transactions/handler.ts';
import type { TraceIntent } from './kinds.ts';
import { allowCapture, allowRecall, capturers, recallers } from './policy.ts';

const keptCapture = z.object({ hashes: z.array(z.string()), declared: z.array(z.string()).default([]) });
const keptRecall = z.object({ recall: z.object({ gtin: z.string() }) });
const keptEnd = z.object({ gtin: z.string() });

/** Every event of a capture is on the ledger, accepted or refused; that it came by this very transaction does not matter. */
async function isCaptured(portal: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<boolean> {
  const { hashes, declared } = keptCapture.parse(row.intent);
  const read = (hash: string) => readEvent(portal.ledger, row.channel, hash, mspId);
  const [events, originals] = await Promise.all([Promise.all(hashes.map(read)), Promise.all(declared.map(read))]);
  return events.every((view) => view !== undefined) && originals.every((view) => view?.declaration !== undefined);
}

/** The state of the recall that a flow is about. */
async function recallOf(portal: Portal, { row }: Saga, gtin: string, { mspId }: FlowPerson) {
  const all = await readRecalls(portal.ledger, row.channel, gtin, mspId);
  return all.find(({ id }) => id === row.subject)?.state;
}

const ofProduct = async (portal: Portal, actor: Actor, { gtin, channel }: { gtin: string; channel: string }) =>
  allowRecall(actor, await readProduct(portal.ledger, gtin, actor.mspId), channel);

export const traceHandlers: Handlers<TraceIntent> = {
  capture: {
    roles: capturers,
    check: async (_portal, actor, { events }) => allowCapture(actor, events),
    shows: isCaptured,
  },
  recall: {
    roles: recallers,
    check: (portal, actor, { recall: { gtin }, channel }) => ofProduct(portal, actor, { gtin, channel }),
    shows: async (portal, saga, person) => {
      const { recall } = keptRecall.parse(saga.row.intent);
      return (await recallOf(portal, saga, recall.gtin, person)) !== undefined;
    },
  },
  endRecall: {
    roles: recallers,
    check: ofProduct,
    shows: async (portal, saga, person) =>
      (await recallOf(portal, saga, keptEnd.parse(saga.row.intent).gtin, person)) === 'ended',
  },
};
