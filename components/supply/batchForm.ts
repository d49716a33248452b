import { batchNumber, expiresAt, expiryDay, serialNumber } from '#chaincode/model/trace.ts';
import { formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';

const text = t.supply.commission;

/** So many packs are made at once: the events of one signature. */
export const mostPacks = 5_000;

export interface BatchForm {
  batch: string;
  /** `2028-06-30` */
  expiry: string;
  /** As typed. */
  count: string;
}

/** What is wrong with a batch that is being described, by its field. */
export function faultsOf({ batch, expiry, count }: BatchForm, now: number): Partial<Record<keyof BatchForm, string>> {
  const faults: Partial<Record<keyof BatchForm, string>> = {};
  if (!batchNumber.safeParse(batch).success) faults.batch = text.batchWrong;
  if (!expiryDay.safeParse(expiry).success || expiresAt({ expiry }) <= now) faults.expiry = text.expiryWrong;
  const packs = /^\d{1,6}$/.test(count) ? Number(count) : 0;
  if (packs < 1 || packs > mostPacks) faults.count = text.countWrong(formatNumber(mostPacks));
  return faults;
}

/** What is wrong with a maker's own serial numbers, in words; null where nothing is. */
export function faultOfSerials(serials: readonly string[]): string | null {
  const wrong = serials.findIndex((serial) => !serialNumber.safeParse(serial).success);
  if (wrong >= 0) return text.ownWrong(formatNumber(wrong + 1), serials[wrong] ?? '');
  const seen = new Set<string>();
  for (const serial of serials) {
    if (seen.has(serial)) return text.ownTwice(serial);
    seen.add(serial);
  }
  if (serials.length < 1 || serials.length > mostPacks) return text.countWrong(formatNumber(mostPacks));
  return null;
}
