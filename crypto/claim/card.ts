import { z } from 'zod';
import { base64Url, institutionId, patientPseudonym, signature } from '#chaincode/model/identifiers.ts';
import { planId } from '#chaincode/model/plan.ts';
import {
  type Authorisation,
  authorisationId,
  optionalEvidence,
  type Policy,
  policyId,
  type SealedContent,
} from '#chaincode/model/policy.ts';
import { type Bytes, fromBase64Url, utf8 } from '../bytes.ts';
import { canonicalJson } from '../canonicalJson.ts';
import type { SealedDocument } from '../envelope.ts';
import { CryptoError } from '../errors.ts';
import { requireSigned, signStatement } from '../statement.ts';
import { insured } from './details.ts';
import type { Member } from './member.ts';
import { openJson, readJson, sealJson } from './sealed.ts';

/**
 * The insurance card: what a member gives an institution with an authorisation, so that it knows whom it may bill for which of its
 * patients. The member's key signs it: whoever shows an institution another's card has to have that member's key.
 */
export const insuranceCard = z.strictObject({
  version: z.literal(1),
  policy: policyId,
  plan: planId,
  insurer: institutionId,
  authorisation: authorisationId,
  /** For whom the card is. */
  institution: institutionId,
  /** The member's pseudonyms on the care channel: the one that the institution knows, and former ones. */
  patients: z.array(patientPseudonym).min(1).max(8),
  insured,
  /** 32 bytes, base64url: of `serviceOfEncounter`. */
  serviceKey: base64Url(43, 43),
  /** What the insurer may see besides `requiredEvidence`. */
  evidence: z.array(z.enum(optionalEvidence)).max(optionalEvidence.length),
});
export type InsuranceCard = z.infer<typeof insuranceCard>;

/** The card's bytes are signed as they are given. */
const signedCard = z.strictObject({ card: z.string().max(8_192), signature });
const cardBytes = (card: string) => utf8(`medloom/claims/card/v1\n${card}`);
const placeOf = ({ authorisation, policy }: { authorisation: string; policy: string }) =>
  ({ id: authorisation, kind: 'card', by: policy }) as const;

/** A card, signed by its member and encrypted under the authorisation's data key. Throws `KEY_UNTRUSTED` for another's. */
export async function sealCard(member: Member, dataKey: Uint8Array, card: InsuranceCard): Promise<SealedDocument> {
  if (card.policy !== member.policy) throw new CryptoError('KEY_UNTRUSTED', card.policy);
  const text = canonicalJson(insuranceCard.parse(card));
  const signed = { card: text, signature: await signStatement(member.signing.privateKey, cardBytes(text)) };
  return sealJson(signedCard, dataKey, placeOf(card), signed);
}

/** What the ledger says of an authorisation and its policy. */
export interface CardOnLedger {
  authorisation: Pick<Authorisation, 'id' | 'policy' | 'institution' | 'evidence'> & {
    insurer: string;
    card: SealedContent;
  };
  policy: Pick<Policy, 'id' | 'plan' | 'signingKey'>;
}

/**
 * Opens a card. Throws `ALTERED` where it says something else than the ledger, `SIGNATURE_FOREIGN` where the member of the policy has not
 * signed it, and as `openJson`.
 */
export async function openCard(
  dataKey: Uint8Array,
  { authorisation, policy }: CardOnLedger,
  bytes: Uint8Array,
): Promise<InsuranceCard> {
  const place = placeOf({ authorisation: authorisation.id, policy: authorisation.policy });
  const signed = await openJson(signedCard, dataKey, place, bytes, authorisation.card);
  await requireSigned([await memberPublicKey(policy.signingKey)], cardBytes(signed.card), signed.signature, policy.id);
  const card = readJson(insuranceCard, utf8(signed.card), 'ALTERED');
  const said = { ...authorisation, authorisation: authorisation.id, plan: policy.plan };
  for (const name of ['authorisation', 'policy', 'institution', 'insurer', 'plan'] as const)
    if (card[name] !== said[name]) throw new CryptoError('ALTERED', name);
  if (authorisation.policy !== policy.id) throw new CryptoError('ALTERED', 'policy');
  if ([...card.evidence].sort().join() !== [...authorisation.evidence].sort().join())
    throw new CryptoError('ALTERED', 'evidence');
  return card;
}

export const serviceKeyIn = ({ serviceKey }: InsuranceCard): Bytes => fromBase64Url(serviceKey);

const memberPublicKey = (spki: string) =>
  crypto.subtle.importKey('spki', fromBase64Url(spki), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']);
