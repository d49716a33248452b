import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { payers } from '#chaincode/model/claim.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { holderOf } from '../people/wallets.ts';
import { insurerNames } from '../settlement/insurers.ts';
import { payerOf } from '../settlement/payer.ts';
import { listMismatches, type Mismatch, type MismatchEntry } from '../settlement/reconcile.ts';
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

/** What has to go back, by why it has. */
const reasons: Partial<Record<Mismatch, GiveBack['why']>> = {
  ...{ REFUND_OWED: 'reversed', PAID_TWICE: 'tooMuch', WRONG_AMOUNT: 'tooMuch', WRONG_INSURER: 'otherInsurer' },
};

/**
 * What is paid beyond what a provider's claims are owed, or by another insurer's quote, by payer, the newest payments first where several
 * paid.
 */
async function owedBack(portal: Portal, provider: string): Promise<GiveBack[]> {
  const listed = await listMismatches(portal.db, { provider, limit: 500, unpaidDays: 36_500, graceSeconds: 0 });
  const tooMuch = listed.filter(({ what }) => reasons[what] !== undefined);
  // Each payment by another's quote is an entry of its own; all of one share are given back by payer.
  const shares = Map.groupBy(tooMuch, (entry) => `${entry.claim} ${quoterOf(entry)} ${sideOf(entry)}`);
  const owed = [...shares.values()].flatMap(([first]) => first ?? []).slice(0, mostListed);
  if (owed.length === 0) return [];
  const [paid, names] = await Promise.all([
    paidFrom(
      portal,
      provider,
      owed.map(({ reference }) => reference),
    ),
    insurerNames(portal),
  ]);
  return owed.flatMap((entry) => shared(entry, paid, names));
}

const quoterOf = ({ what, insurer, quotedBy }: MismatchEntry) =>
  what === 'WRONG_INSURER' ? quotedBy : insurer && institutionHash(insurer);
const sideOf = ({ payer }: { payer: string | null }) => (payer === 'insurer' ? 'insurer' : 'patient');

/** Of one claim, whose excess is given back by whom it came from; of what another insurer has quoted, all. */
function shared(entry: MismatchEntry, paid: readonly PaidFrom[], names: ReadonlyMap<string, string>): GiveBack[] {
  const { claim, reference, what, share } = entry;
  const [hash, why] = [quoterOf(entry), reasons[what]];
  if (claim === null || hash === null || why === undefined) return [];
  const own = paid.filter(
    (each) => each.reference === reference && each.insurer === hash && sideOf(each) === sideOf(entry),
  );
  const sum = why === 'otherInsurer' ? own.reduce((all, { amount }) => all + amount, 0) : (entry.paid ?? 0);
  let excess = sum - Math.max(0, share ?? 0);
  const insurer = `0x${hash.slice(2)}` as const;
  const name = names.get(hash) ?? (why === 'otherInsurer' ? null : entry.insurer);
  return own.flatMap(({ payer, from, amount: has, currency }) => {
    const amount = Math.min(has, excess);
    excess -= amount;
    if (amount <= 0) return [];
    return [{ claim, reference, insurer, name, payer, from, amount, paid: sum, currency, why }];
  });
}

/** What one payer has paid of a claim and not been given back; an insurer as its account, to which all of its goes back. */
const paidFromRow = z.object({
  ...{ reference: z.string(), insurer: z.string(), payer: z.enum(payers), from: z.string(), currency: z.string() },
  amount: z.coerce.number(),
});
type PaidFrom = z.infer<typeof paidFromRow>;

async function paidFrom(portal: Portal, provider: string, references: readonly string[]): Promise<PaidFrom[]> {
  const account = portal.settings.payments.contract.toLowerCase();
  const { rows } = await portal.db.execute(sql`
    select e.reference, e.insurer, e.payer, coalesce(nullif(${payerOf}, ''), ${account}) as "from", c.currency,
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
