import type { ShipmentRow } from '../../supplyIndexer/state.ts';
import type { Finding } from './rule.ts';

/**
 * Chains are judged by themselves as their blocks come (`partialReceipt`). What was sent as one under one event id, and is on
 * several chains, is judged here beside them: it is received when all of them say so.
 */

/** So long the other chains' parts may follow the first that came whole: the receiver signs for one after the other. */
export const graceMs = 30 * 60_000;

export interface OverChains {
  key: string;
  /** When the grace was over. */
  at: Date;
  /** When the last part had come; null while one is missing. */
  resolvedAt: Date | null;
  /** The chain whose part is missing, or came last. */
  channel: string;
  finding: Finding;
}

/** Of one alert for what came on some of its chains alone, however many there are. */
export const keyOverChains = (shipment: string): string => `chains|${shipment}`;

/**
 * Whether a part came whole on one chain, and another chain's part is not here so long after; null where it is not so. It is a
 * function of the rows and the time, so that what was raised once is found again by who makes the rows anew.
 * @param parts of one shipment, one for each channel
 */
export function judgeOverChains(parts: readonly ShipmentRow[], now: Date): OverChains | null {
  // What stayed with the sender altogether is on its way no more.
  const sent = parts.filter(({ items }) => items > 0);
  const isWhole = ({ items, received }: ShipmentRow) => received >= items;
  const came = sent.filter(isWhole).flatMap(({ receivedAt }) => (receivedAt === null ? [] : [receivedAt.getTime()]));
  if (sent.length < 2 || came.length === 0) return null;
  const missing = sent.filter((part) => !isWhole(part));
  const due = Math.min(...came) + graceMs;
  const last = Math.max(...came);
  if ((missing.length > 0 ? now.getTime() : last) < due) return null;
  const late = missing[0] ?? sent.find(({ receivedAt }) => receivedAt?.getTime() === last);
  if (late === undefined) return null;
  const sum = (of: (part: ShipmentRow) => number) => sent.reduce((total, part) => total + of(part), 0);
  const { shipment, fromSite, sentAt } = late;
  return {
    ...{ key: keyOverChains(shipment), at: new Date(due), channel: late.channel },
    resolvedAt: missing.length > 0 ? null : new Date(last),
    finding: {
      ...{ packs: missing.reduce((packs, part) => packs + part.packs, 0) || late.packs, site: null },
      facts: {
        ...{ shipment, items: sum(({ items }) => items), received: sum(({ received }) => received) },
        ...{ from: fromSite, sentAt: sentAt.toISOString(), chains: sent.length, came: came.length },
      },
    },
  };
}
