import type { z } from 'zod';
import { isRecalledBy, type Recall } from '#chaincode/model/trace.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { readProduct } from '../registry/ledger.ts';
import { found, readEvent, readPacks, readRecalls, verify } from './ledger.ts';
import { lookUp } from './looking.ts';
import { institutionNames } from './names.ts';
import { allowLooking } from './policy.ts';
import type { verifyPack as asked, Outcome, readOutcomes as outcomesAsked, VerifiedPack } from './schema.ts';

/** What the ledger answers to the code of one pack, with what explains the answer. */
export async function verifyPack(
  actor: Actor,
  question: z.output<typeof asked>,
  portal: Portal = thePortal(),
): Promise<VerifiedPack> {
  allowLooking(actor);
  const { gtin, serial } = question;
  const askedAt = new Date().toISOString();
  const product = await found(readProduct(portal.ledger, gtin, actor.mspId));
  if (product === undefined) return { answer: 'unknown', asked: question, askedAt };
  const { channel } = product;
  const [{ answer }, [pack], [looked], recalls, nameOf] = await Promise.all([
    verify(portal.ledger, channel, question, actor.mspId),
    readPacks(portal.ledger, channel, [{ gtin, serial }], actor.mspId),
    lookUp(actor, { items: [{ kind: 'pack', gtin, serial }] }, portal),
    readRecalls(portal.ledger, channel, gtin, actor.mspId),
    institutionNames(portal),
  ]);
  const recall = pack && recalls.find((each) => isRecalledBy(each, pack));
  return {
    ...{ answer, asked: question, askedAt, channel, product: product.name, maker: nameOf(product.maker) },
    ...(pack && looked && { pack: looked }),
    ...(pack?.decommissioned && { left: leftOf(pack.decommissioned, nameOf) }),
    ...(recall && { recall: shownRecall(recall) }),
  };
}

const leftOf = (
  { at, institutionId, step }: { at: string; institutionId: string; step: 'decommission' | 'dispense' },
  nameOf: (id: string) => string,
) => ({ at, step, institution: nameOf(institutionId) });

const shownRecall = ({ reason, level, started }: Recall) => ({ reason, level, startedAt: started.at });

/** What the contract decided about each of these events, as far as it is recorded, in the order in which they were asked for. */
export async function readOutcomes(
  actor: Actor,
  { channel, events }: z.output<typeof outcomesAsked>,
  portal: Portal = thePortal(),
): Promise<Outcome[]> {
  allowLooking(actor);
  const views = await Promise.all(events.map(({ hash }) => readEvent(portal.ledger, channel, hash, actor.mspId)));
  return views.flatMap((view, index) => {
    const decided = events[index]?.declaration ? view?.declaration : view?.event;
    if (decided === undefined) return [];
    const { hash, outcome, code, detail } = decided;
    return [{ hash, outcome, ...(code && { code }), ...(detail && { detail }) }];
  });
}
