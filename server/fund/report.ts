import { getAddress } from 'ethers';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { FundEvent } from '../gateways/ethereum/fundEvents.ts';
import type { FundReport } from './schema.ts';
import { hexOf } from './setting.ts';
import { findTerms, fundState } from './terms.ts';

/** Times in Unix seconds, amounts in the coin's smallest unit. */
interface Period {
  from: number;
  until: number;
  given: bigint;
  granted: bigint;
  paid: bigint;
}

const mostPeriods = 24;
const mostDonors = 200;

/** What donors see of the fund, which is all on Ethereum: public. Null where the chain does not answer. */
export async function fundReport(portal: Portal = thePortal()): Promise<FundReport | null> {
  const terms = await findTerms(portal);
  if (terms === undefined) return null;
  const { unit, rules } = terms;
  const minor = (amount: bigint) => Number(amount / unit);
  const isoOf = (seconds: number) => new Date(seconds * 1_000).toISOString();
  const asked = await askedOf(portal);
  if (asked === undefined) return null;
  const { told, chainId } = asked;
  const periods = byPeriod(told, rules.period).slice(-mostPeriods).reverse();
  return {
    chainId,
    ...{ address: hexOf(portal.fund.address), coinAddress: hexOf(portal.settings.payments.coin), unit: `${unit}` },
    fund: fundState(terms),
    periods: periods.map(({ from, until, given, granted, paid }) => ({
      ...{ from: isoOf(from), until: isoOf(until) },
      ...{ given: minor(given), granted: minor(granted), paid: minor(paid) },
    })),
    donors: donorsOf(told)
      .slice(0, mostDonors)
      .map(({ address, amount, gifts, last }) => ({
        ...{ address: getAddress(address), amount: minor(amount), gifts, last: isoOf(last) },
      })),
  };
}

async function askedOf({ fund }: Portal): Promise<{ told: FundEvent[]; chainId: number } | undefined> {
  try {
    const [told, chainId] = await Promise.all([fund.events(), fund.chainId()]);
    return { told, chainId };
  } catch (error) {
    if (error instanceof AppError && error.code === 'ETHEREUM_UNAVAILABLE') return undefined;
    throw error;
  }
}

/**
 * By the periods of the rules that held when it happened, oldest first: later rules with another length leave former periods as they were,
 * and cut the one in which they came. What ended of a grant counts in the period in which it was granted. `length`: of now, in seconds.
 */
export function byPeriod(told: readonly FundEvent[], length: number): Period[] {
  const periods: Period[] = [];
  const grantedIn = new Map<string, Period>();
  let held = { since: 0, length: told.find((event) => event.kind === 'rules')?.period ?? length };
  if (held.length === 0) return [];
  const at = (time: number): Period => {
    const last = periods.at(-1);
    if (last !== undefined && last.from >= held.since && time < last.until) return last;
    const start = time - (time % held.length);
    const next = { from: Math.max(start, held.since), until: start + held.length, given: 0n, granted: 0n, paid: 0n };
    periods.push(next);
    return next;
  };
  for (const event of told) {
    if (event.kind === 'rules') {
      if (event.period === held.length) continue;
      const last = periods.at(-1);
      if (last !== undefined) last.until = Math.min(last.until, event.at);
      held = { since: event.at, length: event.period };
    } else if (event.kind === 'given') at(event.at).given += event.amount;
    else if (event.kind === 'paid') at(event.at).paid += event.amount;
    else if (event.kind === 'granted') {
      const period = at(event.at);
      grantedIn.set(event.claim, period);
      period.granted += event.amount;
    } else if (event.kind === 'ended') (grantedIn.get(event.claim) ?? at(event.at)).granted -= event.amount;
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
