import type { Portal } from '#server/portal.ts';
import type { PaidIn } from './schema.ts';

/** Where payments are made, and in what. Throws ETHEREUM_UNAVAILABLE. */
export async function paidIn({ settlement, settings }: Portal): Promise<PaidIn> {
  const { coin, currency, contract } = settings.payments;
  const decimals = await settlement.decimalsOf(coin);
  // A coin of claims has two at least: it is refused otherwise where the adjudicator starts.
  return { settlement: contract, coin: `0x${coin.slice(2)}`, unit: `${10n ** BigInt(decimals - 2)}`, currency };
}

/** What is less than a minor unit pays nothing. */
export const minorOf = (amount: bigint, { unit }: Pick<PaidIn, 'unit'>): number => Number(amount / BigInt(unit));
