import { getAddress } from 'ethers';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { FundEvent } from '../gateways/ethereum/fundEvents.ts';
import type { FundReport } from './schema.ts';
import { findTerms, fundState } from './terms.ts';

type Period = { given: bigint; granted: bigint; paid: bigint };

const mostPeriods = 24;
const mostDonors = 200;

/** What donors see of the fund, which is all on Ethereum: public. Null where the chain does not answer. */
export async function fundReport(portal: Portal = thePortal()): Promise<FundReport | null> {
  const terms = await findTerms(portal);
  if (terms === undefined) return null;
  const { unit, rules } = terms;
  const minor = (amount: bigint) => Number(amount / unit);
  const isoOf = (seconds: number) => new Date(seconds * 1_000).toISOString();
  const told = await eventsOf(portal);
  if (told === undefined) return null;
  const periods = [...byPeriod(told, rules.period)].sort(([a], [b]) => b - a).slice(0, mostPeriods);
  return {
    ...{ address: getAddress(portal.fund.address), fund: fundState(terms) },
    periods: periods.map(([period, { given, granted, paid }]) => ({
      ...{ from: isoOf(period * rules.period), until: isoOf((period + 1) * rules.period) },
      ...{ given: minor(given), granted: minor(granted), paid: minor(paid) },
    })),
    donors: donorsOf(told)
      .slice(0, mostDonors)
      .map(({ address, amount, gifts, last }) => ({
        ...{ address: getAddress(address), amount: minor(amount), gifts, last: isoOf(last) },
      })),
  };
}

async function eventsOf({ fund }: Portal): Promise<FundEvent[] | undefined> {
  try {
    return await fund.events();
  } catch (error) {
    if (error instanceof AppError && error.code === 'ETHEREUM_UNAVAILABLE') return undefined;
    throw error;
  }
}

/** What ended of a grant counts in the period in which it was granted. */
function byPeriod(told: readonly FundEvent[], length: number): Map<number, Period> {
  const periods = new Map<number, Period>();
  const grantedIn = new Map<string, number>();
  const at = (period: number) => {
    const found = periods.get(period) ?? { given: 0n, granted: 0n, paid: 0n };
    periods.set(period, found);
    return found;
  };
  for (const event of told) {
    const period = Math.floor(event.at / length);
    if (event.kind === 'given') at(period).given += event.amount;
    else if (event.kind === 'paid') at(period).paid += event.amount;
    else if (event.kind === 'granted') {
      grantedIn.set(event.claim, period);
      at(period).granted += event.amount;
    } else at(grantedIn.get(event.claim) ?? period).granted -= event.amount;
  }
  return periods;
}

function donorsOf(told: readonly FundEvent[]) {
  const donors = new Map<string, { address: string; amount: bigint; gifts: number; last: number }>();
  for (const event of told) {
    if (event.kind !== 'given') continue;
    const { donor: address, at } = event;
    const known = donors.get(address) ?? { address, amount: 0n, gifts: 0, last: at };
    donors.set(address, { address, amount: known.amount + event.amount, gifts: known.gifts + 1, last: at });
  }
  return [...donors.values()].sort((a, b) => (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0));
}
