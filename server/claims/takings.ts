import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { payers } from '#chaincode/model/claim.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { institutionNames } from '../people/names.ts';
import type { Actor } from '../people/schema.ts';
import { holderOf } from '../people/wallets.ts';
import { listMismatches, type MismatchEntry } from '../settlement/reconcile.ts';
import { paidIn } from './paidIn.ts';
import { allowProvider } from './policy.ts';
import type { GiveBack, Takings } from './schema.ts';

const mostListed = 50;

/**
 * What the actor's institution can take out on Ethereum, whose wallet does, and what it has to give back; null where the chain does not
 * answer. Throws FORBIDDEN.
 */
export async function takings(actor: Actor, portal: Portal = thePortal()): Promise<Takings | null> {
  const provider = allowProvider(actor);
  const payee = institutionHash(provider);
  const toGiveBack = await owedBack(portal, provider);
  try {
    const [coin, payout, withdrawable] = await Promise.all([
      paidIn(portal),
      portal.settlement.payoutOf(payee),
      // The contract refuses to speak of a payee that nobody has named.
      withdrawableOf(portal, payee),
    ]);
    const known = payout === undefined ? undefined : await holderOf(portal, provider, payout);
    const holder = known === undefined ? null : { name: known.name, isOwn: known.personId === actor.personId };
    return { ...{ paidIn: coin, payee, payout: payout ?? null, holder, toGiveBack }, withdrawable: `${withdrawable}` };
  } catch (error) {
    const { code, detail } = asAppError(error);
    if (code !== 'ETHEREUM_UNAVAILABLE') throw error;
    log().info({ code, detail }, 'a provider’s takings cannot be read');
    return null;
  }
}

async function withdrawableOf({ settlement, settings }: Portal, payee: string): Promise<bigint> {
  try {
    return await settlement.withdrawableOf(payee, settings.payments.coin);
  } catch (error) {
    if (asAppError(error).code !== 'WRONG_STATE') throw error;
    return 0n;
  }
}

/** What is paid beyond what a provider's claims are owed, by payer, the newest payments first where several paid. */
async function owedBack(portal: Portal, provider: string): Promise<GiveBack[]> {
  const listed = await listMismatches(portal.db, { provider, limit: 500, unpaidDays: 36_500, graceSeconds: 0 });
  const tooMuch = listed.filter(({ what }) => ['REFUND_OWED', 'PAID_TWICE', 'WRONG_AMOUNT'].includes(what));
  const owed = tooMuch.slice(0, mostListed);
  if (owed.length === 0) return [];
  const [paid, names] = await Promise.all([
    paidFrom(
      portal,
      provider,
      owed.map(({ reference }) => reference),
    ),
    institutionNames(
      portal,
      owed.flatMap(({ insurer }) => insurer ?? []),
    ),
  ]);
  return owed.flatMap((entry) => shared(entry, paid, names));
}

/** Of one claim, whose excess is given back by whom it came from. */
function shared(entry: MismatchEntry, paid: readonly PaidFrom[], names: ReadonlyMap<string, string>): GiveBack[] {
  const { claim, reference, insurer, what, payer: side, share, paid: sum } = entry;
  if (claim === null || insurer === null) return [];
  const hash = institutionHash(insurer);
  const own = paid.filter(
    (each) =>
      each.reference === reference && each.insurer === hash && (each.payer === 'insurer') === (side === 'insurer'),
  );
  let excess = (sum ?? 0) - Math.max(0, share ?? 0);
  return own.flatMap(({ payer, from, amount: has, currency }) => {
    const amount = Math.min(has, excess);
    excess -= amount;
    if (amount <= 0) return [];
    const why = what === 'REFUND_OWED' ? ('reversed' as const) : ('tooMuch' as const);
    const name = names.get(insurer) ?? insurer;
    return [{ claim, reference, insurer, name, payer, from, amount, paid: sum ?? 0, currency, why }];
  });
}

/** What one wallet has paid of a claim and not been given back. */
const paidFromRow = z.object({
  ...{ reference: z.string(), insurer: z.string(), payer: z.enum(payers), from: z.string(), currency: z.string() },
  amount: z.coerce.number(),
});
type PaidFrom = z.infer<typeof paidFromRow>;

async function paidFrom(portal: Portal, provider: string, references: readonly string[]): Promise<PaidFrom[]> {
  const { rows } = await portal.db.execute(sql`
    select e.reference, e.insurer, e.payer, e.from_address as "from", c.currency,
      sum(case e.kind when 'payment' then e.amount else -e.amount end) as amount
    from settlement_events e
    join (
      select distinct reference, ledger_state->>'currency' as currency from claims
      where provider = ${provider} and "use" = 'claim'
    ) c on c.reference = e.reference
    where e.reference = any(${sql.param([...references])}::text[]) and e.state <> 'vanished' and e.kind <> 'reversal'
      and e.payee = ${institutionHash(provider)}
    group by 1, 2, 3, 4, 5 having sum(case e.kind when 'payment' then e.amount else -e.amount end) > 0
    order by max(e.block_number) filter (where e.kind = 'payment') desc`);
  return z.array(paidFromRow).parse(rows);
}
