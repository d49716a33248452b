import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { Portal } from '#server/portal.ts';
import type { FundBooks, FundRules } from '../gateways/ethereum/fund.ts';
import type { FundState } from './schema.ts';

/** The fund as the chain has it. */
export interface FundTerms {
  rules: FundRules;
  books: FundBooks;
  /** The one that is now. */
  period: number;
  /** What may still be granted in it, in the coin's smallest unit. */
  budgetLeft: bigint;
  /** The coin's smallest units in a minor unit. */
  unit: bigint;
  /** Its symbol. */
  coin: string;
}

const nobody = '0'.repeat(64);

/** Throws ETHEREUM_UNAVAILABLE. */
export async function readTerms({ fund, settlement, settings }: Portal, now = new Date()): Promise<FundTerms> {
  const [rules, books, decimals, coin] = await Promise.all([
    fund.rules(),
    fund.books(),
    settlement.decimalsOf(settings.payments.coin),
    fund.coinSymbol(),
  ]);
  // A fund without rules yet grants nothing in any period.
  const period = rules.period === 0 ? 0 : Math.floor(now.getTime() / 1_000 / rules.period);
  const { all } = await fund.grantedIn(period, nobody);
  const budgetLeft = rules.perPeriod > all ? rules.perPeriod - all : 0n;
  return { rules, books, period, budgetLeft, unit: 10n ** BigInt(decimals - 2), coin };
}

/** Undefined where the chain does not answer: what is asked for is shown all the same. */
export async function findTerms(portal: Portal): Promise<FundTerms | undefined> {
  try {
    return await readTerms(portal);
  } catch (error) {
    const { code, detail } = asAppError(error);
    if (code !== 'ETHEREUM_UNAVAILABLE') throw error;
    log().info({ code, detail }, 'the assistance fund cannot be read');
    return undefined;
  }
}

export function fundState({ rules, books, budgetLeft, unit, coin }: FundTerms): FundState {
  const minor = (amount: bigint) => Number(amount / unit);
  return {
    coin,
    ...{ perGrant: minor(rules.perGrant), perBeneficiary: minor(rules.perBeneficiary) },
    ...{ perPeriod: minor(rules.perPeriod), periodDays: rules.period / 86_400 },
    ...{ grantLifeDays: rules.grantLife / 86_400, budgetLeft: minor(budgetLeft) },
    ...{ given: minor(books.given), granted: minor(books.granted) },
    ...{ paid: minor(books.paid), left: minor(books.left) },
  };
}

/** The most that rules and funds let be granted of what is owed to somebody who was granted `own` in this period: whole minor units. */
export function grantable({ rules, books, budgetLeft, unit }: FundTerms, owed: bigint, own: bigint): bigint {
  const ownLeft = rules.perBeneficiary > own ? rules.perBeneficiary - own : 0n;
  const least = [rules.perGrant, ownLeft, budgetLeft, books.left].reduce((a, b) => (b < a ? b : a), owed);
  return least - (least % unit);
}
