import { randomUUID } from 'node:crypto';
import { and, eq, ne, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Quote } from '#contracts/typedData.ts';
import { AppError, asAppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { adjudicatorOf } from '../claims/adjudicatorOf.ts';
import { openQuote } from '../claims/coPay.ts';
import { readClaim } from '../claims/ledger.ts';
import { allowMember } from '../claims/policy.ts';
import { assistanceRequests as requests } from '../gateways/db/schema/fund.ts';
import { institutionNames } from '../people/names.ts';
import type { Actor } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { allowOfficer } from './policy.ts';
import { findRequest, type RequestRow, requestsWhere } from './requests.ts';
import type {
  AssistanceRequest,
  assistanceAsked,
  assistanceRefused,
  FundDesk,
  OwnAssistance,
  someRequest,
} from './schema.ts';
import { ruleSetting } from './setting.ts';
import { findTerms, fundState, grantable, readTerms } from './terms.ts';

/**
 * Help of the assistance fund with patients' shares: asked for by the patient, granted within the fund's rules by the authority, paid by
 * the fund's officer, whose key the connector has. What is granted and paid is on Ethereum; here is who asked.
 */

const askings = { max: 20, windowSeconds: 3_600 };

const ownerIndexOf = ({ personalData }: Portal, { personId }: Actor) =>
  personalData.index('assistance-owner', personId);

/**
 * Asks for help with what is open of a bill. May be said again. Throws FORBIDDEN, NOT_FOUND for another's bill, WRONG_STATE where nothing is
 * open, INVALID_INPUT for another person's number, RATE_LIMITED, and what `coPayTerms` throws.
 */
export async function askAssistance(
  actor: Actor,
  { claim, beneficiary, ground }: z.output<typeof assistanceAsked>,
  portal: Portal = thePortal(),
): Promise<{ asked: true }> {
  allowMember(actor);
  await countAttempt(portal.db, `assistance:${actor.personId}`, askings);
  const { left } = await openQuote(portal, actor, claim);
  if (left === 0n) throw new AppError('WRONG_STATE', `nothing is open of ${claim}`);
  const ownerIndex = ownerIndexOf(portal, actor);
  await portal.db.transaction(async (tx) => {
    // One at a time: who is who to the fund is settled by the first request.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('medloom:assistance'))`);
    const others = and(eq(requests.beneficiary, beneficiary), ne(requests.ownerIndex, ownerIndex));
    if ((await tx.$count(requests, others)) > 0) throw new AppError('INVALID_INPUT', 'the number is another’s');
    const [first] = await tx
      .select({ beneficiary: requests.beneficiary })
      .from(requests)
      .where(eq(requests.ownerIndex, ownerIndex))
      .orderBy(requests.askedAt)
      .limit(1);
    await tx
      .insert(requests)
      .values({
        ...{ id: randomUUID(), claim, ownerIndex, ground, state: 'asked' },
        // A new vault gives another number; the limits of a person stay the person's.
        beneficiary: first?.beneficiary ?? beneficiary,
      })
      .onConflictDoNothing();
  });
  return { asked: true };
}

/** What the patient has asked for. Throws FORBIDDEN. */
export async function ownAssistance(actor: Actor, portal: Portal = thePortal()): Promise<OwnAssistance[]> {
  allowMember(actor);
  const own = await requestsWhere(portal, eq(requests.ownerIndex, ownerIndexOf(portal, actor)));
  return own.map(({ claim, state, askedAt, amount, reason }) => ({
    ...{ claim, state, amount, reason, askedAt: askedAt.toISOString() },
  }));
}

/** Requests without names, what the fund may grant, and who sets its rules. Throws FORBIDDEN. */
export async function fundDesk(actor: Actor, portal: Portal = thePortal()): Promise<FundDesk> {
  allowOfficer(actor);
  const [rows, terms] = await Promise.all([requestsWhere(portal, undefined), findTerms(portal)]);
  const setting = terms === undefined ? null : await ruleSetting(actor, terms, portal);
  const names = await institutionNames(
    portal,
    rows.map(({ provider }) => provider),
  );
  const open = rows.filter(({ state }) => state === 'asked');
  const numbers = [...new Set(open.map(({ beneficiary }) => beneficiary))];
  const granted = new Map(
    terms &&
      (await Promise.all(
        numbers.map(async (number) => {
          const { own } = await portal.fund.grantedIn(terms.period, number);
          return [number, Number(own / terms.unit)] as const;
        }),
      )),
  );
  const shown = (row: RequestRow): AssistanceRequest => {
    const { id, state, ground, category, currency, left, amount, reason, transactionHash, beneficiary } = row;
    return {
      ...{ id, state, ground, category, currency, left, amount, reason, transactionHash },
      provider: names.get(row.provider) ?? row.provider,
      own: granted.get(beneficiary) ?? null,
      ...{ askedAt: row.askedAt.toISOString(), decidedAt: row.decidedAt?.toISOString() ?? null },
    };
  };
  return { fund: terms ? fundState(terms) : null, setting, requests: rows.map(shown) };
}

/**
 * Grants help with what is open of the patient's share, as far as the fund's rules and budget go, and has it paid. May be said again after
 * anything: what is granted and paid is asked of the contract first. Throws FORBIDDEN, NOT_FOUND, WRONG_STATE where it is refused or
 * nothing is open, AMOUNT_EXCEEDED where the rules leave nothing, CONNECTOR_UNAVAILABLE, ETHEREUM_UNAVAILABLE.
 */
export async function grantAssistance(
  actor: Actor,
  { id }: z.output<typeof someRequest>,
  portal: Portal = thePortal(),
): Promise<{ transactionHash: string }> {
  allowOfficer(actor);
  const row = await requireRequest(portal, id);
  if (row.transactionHash !== null) return { transactionHash: row.transactionHash };
  if (row.state === 'refused') throw new AppError('WRONG_STATE', `${id} is refused`);
  const { insurer } = await readClaim(portal.ledger, row.claim);
  const { quote, signature } = await adjudicatorOf(portal, insurer).quote(row.claim);
  const { unit, amount } = await amountOf(portal, row, quote);
  await portal.db
    .update(requests)
    .set({ state: 'granted', amount: Number(amount / unit), decidedBy: actor.subjectId, decidedAt: new Date() })
    .where(and(eq(requests.id, id), eq(requests.state, 'asked')));
  try {
    const { beneficiary } = row;
    const { transactionHash } = await portal.connector.help({ quote, signature, beneficiary, amount });
    return { transactionHash };
  } catch (error) {
    if (asAppError(error).code === 'WRONG_STATE') await reopen(portal, row);
    throw error;
  }
}

/** What was decided before, and otherwise what the rules allow of what is open. */
async function amountOf(
  portal: Portal,
  row: RequestRow,
  { insurer, patientAmount: share }: Quote,
): Promise<{ unit: bigint; amount: bigint }> {
  const terms = await readTerms(portal);
  const { unit } = terms;
  if (row.amount !== null) return { unit, amount: BigInt(row.amount) * unit };
  const [bill, { own }] = await Promise.all([
    portal.settlement.readBill(insurer, row.reference),
    portal.fund.grantedIn(terms.period, row.beneficiary),
  ]);
  const paid = bill?.patientPaid ?? 0n;
  if (paid >= share) throw new AppError('WRONG_STATE', `nothing is open of ${row.claim}`);
  const amount = grantable(terms, share - paid, own);
  if (amount === 0n) {
    const message = 'The fund’s rules and its budget leave nothing for this request now.';
    throw new AppError('AMOUNT_EXCEEDED', `nothing can be granted by ${row.id}`, { message, next: '' });
  }
  return { unit, amount };
}

/** What the contract refuses waits for a decision again, unless it stands granted there. */
async function reopen(portal: Portal, { id, reference }: RequestRow): Promise<void> {
  if (await portal.fund.isGranted(reference)) return;
  await portal.db
    .update(requests)
    .set({ state: 'asked', amount: null, decidedBy: null, decidedAt: null })
    .where(and(eq(requests.id, id), eq(requests.state, 'granted')));
}

/** Refuses a request, with a reason that the patient reads. Throws FORBIDDEN, NOT_FOUND, WRONG_STATE where it is decided. */
export async function refuseAssistance(
  actor: Actor,
  { id, reason }: z.output<typeof assistanceRefused>,
  portal: Portal = thePortal(),
): Promise<{ refused: true }> {
  allowOfficer(actor);
  const row = await requireRequest(portal, id);
  const refused =
    row.state === 'asked'
      ? await portal.db
          .update(requests)
          .set({ state: 'refused', reason, decidedBy: actor.subjectId, decidedAt: new Date() })
          .where(and(eq(requests.id, id), eq(requests.state, 'asked')))
          .returning({ id: requests.id })
      : [];
  if (refused.length === 0) throw new AppError('WRONG_STATE', `${id} is decided`);
  return { refused: true };
}

async function requireRequest(portal: Portal, id: string): Promise<RequestRow> {
  const row = await findRequest(portal, id);
  if (row === undefined) throw new AppError('NOT_FOUND', `there is no request ${id}`);
  return row;
}
