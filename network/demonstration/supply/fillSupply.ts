import { createHash, randomUUID } from 'node:crypto';
import { eventHash } from '#epcis/hash.ts';
import { setStockSharing } from '#server/dispensing/nearby.ts';
import type { Portal } from '#server/portal.ts';
import { readOutcomes } from '#server/supply/verifying.ts';
import type { Registrars } from '../../registrars.ts';
import { StepError } from '../../step.ts';
import type { Signer } from '../accounts.ts';
import { transact } from '../transact.ts';
import { goods, type SiteName, sites } from './goods.ts';
import { type Lot, lots, type Stage, stagesOf } from './lots.ts';

/** Who records at each place. */
const hands: Partial<Record<SiteName, string>> = {
  plant: 'lena.sund@nordvita.example',
  depot: 'piet.vos@centraldepot.example',
  harbour: 'rosa.mendez@harbour.example',
  oldTown: 'elias.brandt@oldtown.example',
};

/** Admins of the pharmacies that let each other see roughly what they have. */
const sharing = ['owen.hale@harbour.example', 'marta.kowal@oldtown.example'];

/**
 * Registers places and products, and plays what the supply chain has done in the week before: batches made, cases shipped and
 * received, some on their way, one too warm, one recalled. What is in `done` is not done again.
 */
export async function fillSupply(
  portal: Portal,
  registrars: Pick<Registrars, 'registerProduct' | 'registerSite'>,
  signerOf: (email: string) => Promise<Signer>,
  done: readonly string[],
  note: (key: string) => Promise<void>,
): Promise<void> {
  const once = async (key: string, work: () => Promise<void>) => {
    if (done.includes(key)) return;
    await work();
    await note(key);
  };
  await Promise.all(Object.values(sites).map((site) => registrars.registerSite(site)));
  const products = await Promise.all(goods.map((product) => registrars.registerProduct(product)));
  const channels = new Map(products.map(({ gtin, channel }) => [gtin, channel]));
  const channelOf = (lot: Lot) => channels.get(lot.gtin) ?? '';
  const today = new Date(new Date().toISOString().slice(0, 10));
  for (const stage of stagesOf(today)) {
    const concerned = lots.filter(stage.concerns);
    const turns = Map.groupBy(concerned, (lot) => [stage.at, channelOf(lot), lot.addition ?? []].flat().join('-'));
    for (const [turn, own] of turns) {
      const [channel = ''] = own.map(channelOf);
      const signer = await signerOf(hands[stage.at] ?? '');
      await once(`supply-${turn}`, () => record(portal, signer, channel, stage, own));
    }
  }
  for (const admin of sharing) {
    await once(`supply-sharing-${admin}`, async () => {
      await setStockSharing((await signerOf(admin)).actor, { on: true }, portal);
    });
  }
  for (const lot of lots) {
    if (lot.recalled === undefined) continue;
    await once(`supply-recall-${lot.batch}`, async () => {
      const recall = { id: recallIdOf(lot), gtin: lot.gtin, batches: [lot.batch], reason: lot.recalled ?? '' };
      const intent = { kind: 'recall', channel: channelOf(lot), recall: { ...recall, level: 'retail' } } as const;
      await transact(portal, await signerOf(hands.plant ?? ''), intent);
    });
  }
}

async function record(portal: Portal, signer: Signer, channel: string, stage: Stage, own: Lot[]): Promise<void> {
  const events = own.flatMap(stage.events);
  await transact(portal, signer, { kind: 'capture', capture: randomUUID(), channel, events });
  const keys = events.map((event) => ({ hash: eventHash(event) }));
  const outcomes = await readOutcomes(signer.actor, { channel, events: keys }, portal);
  const refused = outcomes.find(({ outcome }) => outcome === 'refused');
  if (refused === undefined) return;
  const message = `The ledger refused an event of the demonstration: ${refused.code} ${refused.detail}.`;
  throw new StepError(message, { advice: 'start anew with an empty folder.' });
}

/** The same at every start. */
function recallIdOf({ gtin, batch }: Lot): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  const hash = createHash('sha256').update(`recall ${gtin} ${batch}`).digest();
  return `rcl-${Array.from(hash.subarray(0, 26), (byte) => alphabet.charAt(byte % 32)).join('')}`;
}
