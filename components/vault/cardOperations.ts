import type { BenefitCategory } from '#chaincode/model/plan.ts';
import type { ContentWrap } from '#chaincode/model/policy.ts';
import { utf8, wipe } from '#crypto/bytes.ts';
import { type CardOnLedger, type InsuranceCard, openCard } from '#crypto/claim/card.ts';
import { openDataKey } from '#crypto/claim/dataKey.ts';
import {
  type AwaitedReply,
  openReply,
  type SealedQuestion,
  type SealedReply,
  sealQuestion,
} from '#crypto/claim/question.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import type { Billed } from '#fhir/claim.ts';
import {
  buildEligibilityRequest,
  type EligibilityAnswer,
  parseEligibilityResponse,
  readEligibilityResponse,
} from '#fhir/eligibility.ts';
import type { InsurerReaders } from '#server/claims/schema.ts';
import { type OpenedPart, partOf } from './claimParts.ts';
import { VaultError } from './errors.ts';
import { byInstitutionSeed, type OpenState } from './openVault.ts';
import { trustHolder, trustInsurer } from './trust.ts';

/** A card as the page has it: the key of encounters stays in the vault. */
export type ShownCard = Omit<InsuranceCard, 'serviceKey'>;

/** By authorisation, with the ciphertext that each was opened from. */
const cards = new WeakMap<OpenState, Map<string, { card: InsuranceCard; cid: string }>>();

const shownOf = ({ serviceKey: _, ...shown }: InsuranceCard): ShownCard => shown;

/** A card that was opened before, by its authorisation. Throws `NOT_OPENED`. */
export function openedCard(state: OpenState, authorisation: string): InsuranceCard {
  const card = cards.get(state)?.get(authorisation)?.card;
  if (card === undefined) throw new VaultError('NOT_OPENED', 'Open the insurance card first.');
  return card;
}

/** What is asked of an insurer before serving. */
export interface EligibilityAsked {
  category: BenefitCategory;
  currency: string;
  items: readonly Billed[];
}

/** What a provider does with the insurance cards that its patients gave it, before it bills. */
export function cardOperations(opened: () => OpenState) {
  const awaited = new WeakMap<OpenState, Map<string, AwaitedReply>>();

  return {
    /** What was opened of these cards since the vault was, in their order; null for what was not, or from another ciphertext. */
    async openedCards(input: { cards: { id: string; cid: string }[] }): Promise<(ShownCard | null)[]> {
      const kept = cards.get(opened());
      return input.cards.map(({ id, cid }) => {
        const found = kept?.get(id);
        return found?.cid === cid ? shownOf(found.card) : null;
      });
    },

    /** Opens cards for the institution, each with what keeps it closed: one that is forged hides no other. */
    async openCards(input: {
      cards: { onLedger: CardOnLedger; own: ContentWrap; bytes: Uint8Array }[];
    }): Promise<OpenedPart<ShownCard>[]> {
      const state = opened();
      const kept = cards.get(state) ?? new Map<string, { card: InsuranceCard; cid: string }>();
      cards.set(state, kept);
      return Promise.all(
        input.cards.map(({ onLedger, own, bytes }) =>
          partOf(async () => {
            const key = await byInstitutionSeed(state, (seed) => openDataKey(seed, own));
            const card = await openCard(key, onLedger, bytes, (pem) => trustHolder(state, pem));
            wipe(key);
            kept.set(card.authorisation, { card, cid: onLedger.authorisation.card.cid });
            return shownOf(card);
          }),
        ),
      );
    },

    /** Asks the insurer of a card that was opened before, one sealed question for each of its adjudicators. */
    async askEligibility(input: {
      authorisation: string;
      asked: EligibilityAsked;
      readers: InsurerReaders;
    }): Promise<SealedQuestion[]> {
      const state = opened();
      const { authorisation, asked, readers } = input;
      const { policy, insurer, institution } = openedCard(state, authorisation);
      const { adjudicators } = await trustInsurer(state, readers, insurer);
      const kept = awaited.get(state) ?? new Map<string, AwaitedReply>();
      awaited.set(state, kept);
      return Promise.all(
        adjudicators.map(async (adjudicator) => {
          const id = newIdentifier('elq');
          const request = buildEligibilityRequest({
            ...{ id, ...asked, policy, authorisation, insurer: { id: insurer }, provider: { id: institution } },
            created: new Date().toISOString(),
          });
          const sealed = await sealQuestion(adjudicator, JSON.parse(JSON.stringify(request)), id);
          kept.set(id, sealed.awaited);
          return sealed.question;
        }),
      );
    },

    /** Opens the answer to a question that this browser asked. Throws `NOT_OPENED` for another's, `UNREADABLE` for that to another. */
    async openEligibility(input: { reply: SealedReply }): Promise<EligibilityAnswer> {
      const kept = awaited.get(opened());
      const { id } = input.reply;
      const own = kept?.get(id);
      if (own === undefined) throw new VaultError('NOT_OPENED', 'This browser did not ask that.');
      const response = parseEligibilityResponse(utf8(JSON.stringify(await openReply(own, input.reply))));
      if (response.request.identifier.value !== id) {
        throw new VaultError('UNREADABLE', 'The insurer answered another question.');
      }
      wipe(own.seed);
      kept?.delete(id);
      return readEligibilityResponse(response);
    },
  };
}
