import { type ClaimSubmission, serviceDayOf } from '#chaincode/model/claim.ts';
import type { BenefitCategory } from '#chaincode/model/plan.ts';
import { optionalEvidence, requiredEvidence } from '#chaincode/model/policy.ts';
import { fromBase64Url, toBase64Url, wipe } from '#crypto/bytes.ts';
import { type BillingNote, openBillingNote, type SealedNote, sealBillingNote } from '#crypto/claim/billingNote.ts';
import { type InsuranceCard, serviceKeyIn } from '#crypto/claim/card.ts';
import { type ClaimContent, evidenceOf, newReferenceSalt, referenceOf, sealClaim } from '#crypto/claim/content.ts';
import { newDataKey } from '#crypto/claim/dataKey.ts';
import { serviceOfDispense, serviceOfEncounter, serviceOfNothing } from '#crypto/claim/service.ts';
import { decodeDisclosure, disclose, encodeDisclosure, openSalted } from '#crypto/commitment/disclosure.ts';
import { narrowDisclosure } from '#crypto/commitment/narrow.ts';
import { readDispenseReceipt } from '#crypto/dispenseReceipt.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { type Billed, buildClaim } from '#fhir/claim.ts';
import { codeableConcept } from '#fhir/coding.ts';
import type { InsurerReaders } from '#server/claims/schema.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { openedCard } from './cardOperations.ts';
import { named } from './claimParts.ts';
import { dayOf } from './encounter.ts';
import { VaultError } from './errors.ts';
import { byInstitutionSeed, type OpenState } from './openVault.ts';
import { openedBefore } from './prescriptionOperations.ts';
import { type ClaimedInstitution, trustInstitution, trustInsurer } from './trust.ts';

export type SubmitIntent = Extract<TransactionIntent, { kind: 'claims:submit' }>;

/** To whom a claim is sealed besides the member: the provider itself and the insurer, with what proves the keys. */
export interface ClaimReaders {
  provider: ClaimedInstitution;
  insurer: InsurerReaders;
}

/** By what is billed: a card that was opened before. */
interface Billing {
  /** Of the card. */
  authorisation: string;
  readers: ClaimReaders;
}
interface Price {
  currency: string;
  /** What the insurer has agreed to before. */
  preauthorisation?: string;
}
type Bill = Billing & Price;
/** A service of a price list, for `net` in minor units. */
export interface BilledService {
  code: string;
  name: string;
  net: number;
}

/** One service of an encounter. */
export interface Encountered extends Price {
  category: Exclude<BenefitCategory, 'medicine'>;
  service: BilledService;
  /** ISO 8601 instant. */
  servedAt: string;
  /** Who served, where that is somebody else than who bills. */
  practitioner?: string;
}
/** What is to be served. */
export interface Foreseen extends Omit<Price, 'preauthorisation'> {
  category: BenefitCategory;
  items: Billed[];
  /** ISO 8601 instant. */
  servedAt: string;
  /** Of a medicine: the prescription, which is open. */
  prescriptionId?: string;
}

/** A note as the page has it: what of the prescription is shown stays in the vault until the card says so. */
export type ShownNote = Omit<BillingNote, 'disclosure'>;

const everShown = [...requiredEvidence, ...optionalEvidence] as const;

/** How a provider bills an insurer: from a hand-over or an encounter to the claim that is signed. */
export function billingOperations(opened: () => OpenState) {
  const openNote = (state: OpenState, sealed: SealedNote) =>
    byInstitutionSeed(state, (seed) => openBillingNote(seed, sealed));

  return {
    /** What the pharmacy keeps of a hand-over on a prescription that is open, sealed for the pharmacy. */
    async composeBillingNote(input: {
      prescriptionId: string;
      /** The patient, as the ledger has the prescription. */
      patient: string;
      dispensed: Pick<BillingNote, 'dispense' | 'medicine' | 'quantity' | 'unit'>;
      institution: string;
      reader: ClaimedInstitution;
    }): Promise<SealedNote> {
      const state = opened();
      const { prescriptionId, patient, dispensed, institution, reader } = input;
      const { dataKey, document } = openedBefore(state, prescriptionId);
      const own = await trustInstitution(state, reader, institution);
      const disclosure = toBase64Url(encodeDisclosure(disclose(dataKey, prescriptionId, document, everShown)));
      const note = { version: 1 as const, prescription: prescriptionId, patient, ...dispensed, disclosure };
      return sealBillingNote(note, { ...own, generation: reader.reading.generation });
    },

    /** Opens what the pharmacy has kept. */
    async openBillingNote(input: { note: SealedNote }): Promise<ShownNote> {
      const { disclosure: _, ...shown } = await openNote(opened(), input.note);
      return shown;
    },

    /**
     * A claim for a dispense, from the pharmacy's note and the notaries' receipt of it (the text of its file): it shows what every claim
     * shows and what the card allows, and nothing else of the prescription. Throws `NOT_THE_MEMBER` where the card is another patient's.
     */
    async composeDispenseClaim(
      input: Bill & { note: SealedNote; receipt: string; net: number },
    ): Promise<SubmitIntent> {
      const state = opened();
      const card = openedCard(state, input.authorisation);
      const note = await openNote(state, input.note);
      const receipt = readDispenseReceipt(input.receipt);
      const { id, dispense } = receipt.record;
      if (note.patient !== card.patient) {
        throw new VaultError('NOT_THE_MEMBER', 'This insurance card is not the patient’s.');
      }
      if (id !== note.prescription || dispense.id !== note.dispense) {
        throw new VaultError('UNREADABLE', 'The receipt is of another dispense.');
      }
      const disclosure = narrowDisclosure(decodeDisclosure(fromBase64Url(note.disclosure)), [
        ...requiredEvidence,
        ...card.evidence,
      ]);
      const quantity = openSalted(disclosure).shown.find(({ field }) => field === 'quantity');
      if (quantity === undefined) throw new VaultError('UNREADABLE', 'The note shows no quantity.');
      const { unit, medicine } = note;
      const of = { concept: codeableConcept.parse(medicine) };
      return submitted(state, card, {
        ...{ bill: input, use: 'claim', category: 'medicine', servedAt: dispense.at, prescription: id },
        service: serviceOfDispense(quantity.salt, dispense.id),
        items: [{ of, quantity: dispense.quantity, unit, net: input.net }],
        evidence: evidenceOf(disclosure, receipt),
      });
    },

    /** A claim for one service of an encounter. */
    async composeEncounterClaim(input: Billing & Encountered): Promise<SubmitIntent> {
      const state = opened();
      const card = openedCard(state, input.authorisation);
      const { category, service, servedAt, practitioner = state.owner.subjectId } = input;
      const { code } = service;
      return submitted(state, card, {
        ...{ bill: input, use: 'claim', category, servedAt, practitioner, items: [itemOf(service)] },
        service: serviceOfEncounter(serviceKeyIn(card), { day: dayOf(servedAt), code, practitioner }),
      });
    },

    /** A question that somebody of the insurer is to decide on before it is served; of a prescription it shows what a claim would. */
    async composePreauthorisation(input: Billing & Foreseen): Promise<SubmitIntent> {
      const state = opened();
      const card = openedCard(state, input.authorisation);
      const { category, items, servedAt, prescriptionId: prescription } = input;
      const fields = [...requiredEvidence, ...card.evidence];
      const show = (id: string) => {
        const { dataKey, document } = openedBefore(state, id);
        return evidenceOf(disclose(dataKey, id, document, fields));
      };
      return submitted(state, card, {
        ...{ bill: input, use: 'preauthorisation', category, items, servedAt, service: serviceOfNothing },
        ...(prescription !== undefined && { prescription, evidence: show(prescription) }),
      });
    },
  };
}

const itemOf = ({ code, name, net }: BilledService): Billed => ({
  of: { code, name },
  quantity: 1,
  unit: 'service',
  net,
});

/** What is claimed, with all that it is claimed by. */
interface Claimed extends Pick<ClaimSubmission, 'use' | 'category' | 'service'> {
  bill: Bill;
  /** ISO 8601 instant, of which a claim says the day. */
  servedAt: string;
  items: Billed[];
  prescription?: string;
  practitioner?: string;
  evidence?: ClaimContent['evidence'];
}

/** The claim, encrypted for provider, insurer, its adjudicators and the member; to be signed. */
async function submitted(state: OpenState, card: InsuranceCard, claimed: Claimed): Promise<SubmitIntent> {
  const { bill, use, category, service, items, prescription, evidence } = claimed;
  const servedAt = serviceDayOf(claimed.servedAt);
  const { authorisation, readers, currency, preauthorisation } = bill;
  const { policy, insurer: insurerId, institution, readingKey } = card;
  const [provider, { insurer, adjudicators }] = await Promise.all([
    trustInstitution(state, readers.provider, institution),
    trustInsurer(state, readers.insurer, insurerId),
  ]);
  const by = state.owner.subjectId;
  const id = newIdentifier('clm');
  const claim = buildClaim({
    ...{ id, use, category, policy, servedAt, created: new Date().toISOString(), currency, items },
    ...{ insurer: { id: insurerId }, provider: { id: institution } },
    practitioner: { id: claimed.practitioner ?? by },
    ...(prescription !== undefined && { prescription }),
    ...(preauthorisation !== undefined && { preauthorisation }),
  });
  const referenceSalt = newReferenceSalt();
  const { dataKey, wraps } = await newDataKey(id, [provider, insurer, ...adjudicators, { id: policy, readingKey }]);
  const sealed = await sealClaim(
    dataKey,
    { id, by },
    {
      ...{ version: 1, claim: JSON.parse(JSON.stringify(claim)), referenceSalt },
      ...(evidence && { evidence }),
    },
  );
  wipe(dataKey);
  const submission: ClaimSubmission = {
    ...{ id, use, category, policy, authorisation, service, servedAt, currency },
    billed: items.reduce((sum, { net }) => sum + net, 0),
    ...(preauthorisation !== undefined && { preauthorisation }),
    ...{ content: named(sealed), reference: referenceOf(id, referenceSalt) },
  };
  return { kind: 'claims:submit', submission, wraps, envelope: toBase64Url(sealed.bytes) };
}
