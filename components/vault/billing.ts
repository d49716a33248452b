import { contentWrap } from '#chaincode/model/policy.ts';
import type { BillingNote, SealedNote } from '#crypto/claim/billingNote.ts';
import type { EligibilityAnswer } from '#fhir/eligibility.ts';
import { askEligibility as askInsurer, insurerReaders, keepBillingNote } from '#server/claims/actions.ts';
import type { BillingNoteView, CardView } from '#server/claims/schema.ts';
import { readDispenseReceipt } from '#server/prescriptions/actions.ts';
import type { ClaimReaders, Encountered, Foreseen, ShownNote, SubmitIntent } from './billingOperations.ts';
import type { EligibilityAsked, ShownCard } from './cardOperations.ts';
import { fetchContent } from './claimContents.ts';
import type { OpenedPart } from './claimParts.ts';
import { vaultClient } from './client.ts';
import { expectData, VaultError } from './errors.ts';
import { findInstitution, openInstitutionKey, read } from './records.ts';

/** What the pages of a provider do before it bills and when it does. Keys stay in the worker. */

/** So many are fetched at a time. */
const cardsAtOnce = 20;

/**
 * Opens insurance cards for the institution, in their order; each that does not check comes with its problem. What was opened since the
 * vault was is not fetched again.
 */
export async function openCards(
  cards: readonly Omit<CardView, 'plan'>[],
  institution: string,
): Promise<OpenedPart<ShownCard>[]> {
  await openInstitutionKey(institution);
  const kept = await vaultClient().call('openedCards', { cards: cards.map(({ id, card: { cid } }) => ({ id, cid })) });
  const rest = cards.filter((_, place) => !kept[place]);
  const fresh = new Map<string, OpenedPart<ShownCard>>();
  for (let from = 0; from < rest.length; from += cardsAtOnce) {
    const some = rest.slice(from, from + cardsAtOnce);
    const parts = await openSome(some);
    for (const [place, part] of parts.entries()) fresh.set(some[place]?.id ?? '', part);
  }
  return cards.flatMap(({ id }, place) => {
    const known = kept[place];
    return known ? [{ content: known }] : (fresh.get(id) ?? []);
  });
}

async function openSome(cards: readonly Omit<CardView, 'plan'>[]): Promise<OpenedPart<ShownCard>[]> {
  const sealed = await Promise.all(
    cards.map(async ({ id, policy, institution: of, insurer, evidence, card, insurance }) => {
      const [own, bytes] = await Promise.all([
        read({ kind: 'claims:readWrap', id }, contentWrap),
        fetchContent(id, card.cid),
      ]);
      const { plan, signingKey, readingKey } = insurance;
      const authorisation = { id, policy, institution: of, insurer, evidence, card };
      return { onLedger: { authorisation, policy: { id: insurance.id, plan, signingKey, readingKey } }, own, bytes };
    }),
  );
  return vaultClient().call('openCards', { cards: sealed });
}

/**
 * Asks the insurer of a card that was opened what it would pay; the first adjudicator that answers counts. Throws `NOT_SERVED` where the
 * insurer has none, and what keeps the last one from answering.
 */
export async function askEligibility(card: ShownCard, asked: EligibilityAsked): Promise<EligibilityAnswer> {
  const { authorisation, insurer } = card;
  const readers = expectData(await insurerReaders({ insurer }));
  const questions = await vaultClient().call('askEligibility', { authorisation, asked, readers });
  let refusal: unknown = new VaultError('NOT_SERVED', 'This insurer answers no questions before serving.');
  for (const question of questions) {
    try {
      const reply = expectData(await askInsurer({ question }));
      return await vaultClient().call('openEligibility', { reply });
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

/** Keeps of a hand-over what the pharmacy needs to bill it, sealed for the pharmacy, while its prescription is open. */
export async function keepForBill(input: {
  prescriptionId: string;
  patient: string;
  dispensed: Pick<BillingNote, 'dispense' | 'medicine' | 'quantity' | 'unit'>;
  institution: string;
}): Promise<void> {
  const reader = await findInstitution(input.institution);
  const note = await vaultClient().call('composeBillingNote', { ...input, reader });
  expectData(await keepBillingNote({ prescription: input.prescriptionId, note }));
}

/** Opens what the pharmacy has kept of hand-overs, in their order. */
export async function openNotes(notes: readonly SealedNote[], institution: string): Promise<ShownNote[]> {
  await openInstitutionKey(institution);
  return Promise.all(notes.map((note) => vaultClient().call('openBillingNote', { note })));
}

async function readersOf({ insurer, institution }: ShownCard): Promise<ClaimReaders> {
  const [provider, told] = await Promise.all([findInstitution(institution), insurerReaders({ insurer })]);
  return { provider, insurer: expectData(told) };
}
const billOf = async (card: ShownCard) => ({ authorisation: card.authorisation, readers: await readersOf(card) });

/** A claim for a hand-over that the pharmacy has kept, with the notaries' receipt of it; to be signed. `net`: minor units. */
export async function composeDispenseClaim(
  card: ShownCard,
  { note, prescription }: Pick<BillingNoteView, 'note' | 'prescription'>,
  price: { net: number; currency: string; preauthorisation?: string },
): Promise<SubmitIntent> {
  const asked = readDispenseReceipt({ id: prescription, dispenseId: note.dispense });
  const [bill, receipt] = await Promise.all([billOf(card), asked]);
  return vaultClient().call('composeDispenseClaim', { ...bill, ...price, note, receipt: expectData(receipt) });
}

/** A claim for one service of an encounter; to be signed. */
export async function composeEncounterClaim(card: ShownCard, encounter: Encountered): Promise<SubmitIntent> {
  return vaultClient().call('composeEncounterClaim', { ...(await billOf(card)), ...encounter });
}

/** A question that a person of the insurer decides before something is served; to be signed. */
export async function composePreauthorisation(card: ShownCard, wanted: Foreseen): Promise<SubmitIntent> {
  return vaultClient().call('composePreauthorisation', { ...(await billOf(card)), ...wanted });
}
