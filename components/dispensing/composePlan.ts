import { decommissioned, dispensed, itemUri, type Occasion } from '#epcis/write.ts';
import type { DispensedPack } from '#fhir/medicationDispense.ts';
import type { DispensingPlan } from '#server/dispensing/schema.ts';
import type { Looked } from '#server/supply/schema.ts';

/** A pack that was scanned and fits, with the channel on which it is traced. */
export interface FittingPack {
  gtin: string;
  serial: string;
  batch: string;
  expiry: string;
  channel: string;
}

/** A pack as the ledger has it, in a list of one: what a label says is compared with that and never taken for it. */
export function fittingPack(looked: Looked | null): FittingPack[] {
  if (looked?.item.kind !== 'pack' || !looked.batch || !looked.expiry) return [];
  const [channel] = looked.channels;
  const { gtin, serial } = looked.item;
  return channel === undefined ? [] : [{ gtin, serial, batch: looked.batch, expiry: looked.expiry, channel }];
}

export const dispensedPack = ({ gtin, serial, batch, expiry }: FittingPack): DispensedPack => ({
  ...{ gtin, serial, batch, expiry, link: itemUri({ gtin, serial }) },
});

/**
 * What is captured of the packs on each supply channel, in order: they are taken out, and handed over. Both events are made now,
 * with the time of the press, since the ledger takes an event once by its hash: however often one is sent, it stays one.
 */
export function chainsOf(packs: readonly FittingPack[], occasion: Occasion): DispensingPlan['chains'] {
  // A moment later, so that the story of a pack has both in order.
  const after = { ...occasion, at: new Date(occasion.at.getTime() + 1) };
  const byChannel = Map.groupBy(packs, ({ channel }) => channel);
  return [...byChannel]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([channel, own]) => {
      const names = own.map(({ gtin, serial }) => ({ gtin, serial }));
      return {
        channel,
        packs: names,
        decommission: decommissioned(occasion, names),
        handOver: dispensed(after, names),
        captures: {
          decommission: crypto.randomUUID(),
          handOver: crypto.randomUUID(),
          undo: crypto.randomUUID(),
        },
      };
    });
}
