import { placeOf } from '../../supplyIndexer/fact.ts';
import type { Rule } from './rule.ts';

const keyOf = (shipment: { shipment: string; channel: string }) => `${shipment.channel}|${shipment.shipment}`;

/**
 * Of a shipment a part was received and a part was not. It is put right by the receipt of the rest. Each channel judges its
 * own part, since what another has heard by now is not in the order of its blocks; `receiptOverChains.ts` judges all of them together.
 */
export const partialReceipt: Rule = {
  id: 'partialReceipt',
  level: 'notice',
  description:
    'Of what was shipped together a part was received, and the rest is still on its way or lost; or it came by one of its ledgers, and 30 minutes later not by all of them.',
  source:
    'EU Guidelines on Good Distribution Practice 2013/C 343/01, 5.4 (what arrives is checked to be the right consignment) and 5.8 (its document states the quantity).',
  judge({ fact, effects }) {
    return effects.receipts
      .filter(({ items, received }) => received < items)
      .map((shipment) => ({
        key: keyOf(shipment),
        packs: shipment.packs,
        site: placeOf(fact),
        facts: {
          ...{ shipment: shipment.shipment, items: shipment.items, received: shipment.received },
          ...{ from: shipment.fromSite, sentAt: shipment.sentAt.toISOString() },
        },
      }));
  },
  settle({ effects }) {
    return effects.receipts.filter(({ items, received }) => received >= items).map(keyOf);
  },
};
