import { z } from 'zod';
import { base64Url, institutionId, patientPseudonym, readingKey, signature } from '#chaincode/model/identifiers.ts';
import { planId } from '#chaincode/model/plan.ts';
import {
  type Authorisation,
  authorisationId,
  memberKey,
  optionalEvidence,
  type Policy,
  policyId,
  type SealedContent,
} from '#chaincode/model/policy.ts';
import { type Bytes, fromBase64Url, utf8 } from '../bytes.ts';
import { canonicalJson } from '../canonicalJson.ts';
import type { Holder } from '../certificate.ts';
import type { SealedDocument } from '../envelope.ts';
import { CryptoError } from '../errors.ts';
import { requireSigned, signStatement } from '../statement.ts';
import { insured } from './details.ts';
import type { Member } from './member.ts';
import { openJson, readJson, sealJson } from './sealed.ts';

/**
 * The insurance card: what a member gives an institution with an authorisation, so that it knows whom it may bill for which of its
 * patients. Two keys sign it: the policy's, and that by which the institution knows the patient on the care channel, with its certificate.
 * So nobody shows an institution a policy for a patient who did not say so, nor another reading key than the member's.
 */
export const insuranceCard = z.strictObject({
  version: z.literal(1),
  policy: policyId,
  plan: planId,
  insurer: institutionId,
  authorisation: authorisationId,
  /** For whom the card is. */
  institution: institutionId,
  /** The member on the care channel. */
  patient: patientPseudonym,
  /** The policy's keys, as the ledger has them. */
  signingKey: memberKey,
  readingKey,
  insured,
  /** 32 bytes, base64url: of `serviceOfEncounter`. */
  serviceKey: base64Url(43, 43),
  /** What the insurer may see besides `requiredEvidence`. */
  evidence: z.array(z.enum(optionalEvidence)).max(optionalEvidence.length),
});
export type InsuranceCard = z.infer<typeof insuranceCard>;

/** The card's bytes are signed as they are given: by the policy's key, and by the patient's, whose certificate is PEM. */
const signedCard = z.strictObject({
  card: z.string().max(8_192),
  signature,
  patient: z.strictObject({ certificate: z.string().max(8_192), signature }),
});
/** The patient on the care channel, who has a certificate. */
export interface CertifiedPatient {
  certificatePem: string;
  privateKey: CryptoKey;
}
const cardBytes = (card: string) => utf8(`medloom/claims/card/v1\n${card}`);
const placeOf = ({ authorisation, policy }: { authorisation: string; policy: string }) =>
  ({ id: authorisation, kind: 'card', by: policy }) as const;

/** A card of the member's policy, signed and encrypted under the authorisation's data key. */
export async function sealCard(
  { policy, signing, signingKey, readingKey: ownKey }: Member,
  { certificatePem: certificate, privateKey }: CertifiedPatient,
  dataKey: Uint8Array,
  card: Omit<InsuranceCard, 'policy' | 'signingKey' | 'readingKey'>,
): Promise<SealedDocument> {
  const text = canonicalJson(insuranceCard.parse({ ...card, policy, signingKey, readingKey: ownKey }));
  const [byPolicy, byPatient] = await Promise.all(
    [signing.privateKey, privateKey].map((key) => signStatement(key, cardBytes(text))),
  );
  const signed = { card: text, signature: byPolicy ?? '', patient: { certificate, signature: byPatient ?? '' } };
  return sealJson(signedCard, dataKey, placeOf({ authorisation: card.authorisation, policy }), signed);
}

/** What the ledger says of an authorisation and its policy. */
export interface CardOnLedger {
  authorisation: Pick<Authorisation, 'id' | 'policy' | 'institution' | 'evidence'> & {
    insurer: string;
    card: SealedContent;
  };
  policy: Pick<Policy, 'id' | 'plan' | 'signingKey' | 'readingKey'>;
}

/**
 * Opens a card. `check` follows a certificate to a pinned root. Throws `ALTERED` where it says something else than the ledger,
 * `SIGNATURE_FOREIGN` where the policy's key or the patient's has not signed it, what `check` throws, and as `openJson`.
 */
export async function openCard(
  dataKey: Uint8Array,
  { authorisation, policy }: CardOnLedger,
  bytes: Uint8Array,
  check: (pem: string) => Promise<Pick<Holder, 'subject' | 'publicKey'>>,
): Promise<InsuranceCard> {
  const place = placeOf({ authorisation: authorisation.id, policy: authorisation.policy });
  const signed = await openJson(signedCard, dataKey, place, bytes, authorisation.card);
  await requireSigned([await memberPublicKey(policy.signingKey)], cardBytes(signed.card), signed.signature, policy.id);
  const card = readJson(insuranceCard, utf8(signed.card), 'ALTERED');
  const { plan, signingKey, readingKey: ownKey } = policy;
  const said = { ...authorisation, authorisation: authorisation.id, plan, signingKey, readingKey: ownKey };
  for (const name of recorded) if (card[name] !== said[name]) throw new CryptoError('ALTERED', name);
  if (authorisation.policy !== policy.id) throw new CryptoError('ALTERED', 'policy');
  if ([...card.evidence].sort().join() !== [...authorisation.evidence].sort().join())
    throw new CryptoError('ALTERED', 'evidence');
  const { subject, publicKey } = await check(signed.patient.certificate);
  if (subject !== card.patient) throw new CryptoError('SIGNATURE_FOREIGN', card.patient);
  await requireSigned([publicKey], cardBytes(signed.card), signed.patient.signature, card.patient);
  return card;
}
/** What a card and the ledger both say. */
const recorded = ['authorisation', 'policy', 'institution', 'insurer', 'plan', 'signingKey', 'readingKey'] as const;

export const serviceKeyIn = ({ serviceKey }: InsuranceCard): Bytes => fromBase64Url(serviceKey);

const memberPublicKey = (spki: string) =>
  crypto.subtle.importKey('spki', fromBase64Url(spki), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']);
