import { z } from 'zod';
import type { Claim, ClaimDecision } from '#chaincode/model/claim.ts';
import { base64Url } from '#chaincode/model/identifiers.ts';
import { concat, fromBase64Url, randomBytes, toBase64Url, utf8 } from '../bytes.ts';
import { type Disclosure, decodeDisclosure, encodeDisclosure, largestDisclosure } from '../commitment/disclosure.ts';
import { requireLength, sha256Hex } from '../derive.ts';
import { type DispenseReceipt, dispenseReceipt } from '../dispenseReceipt.ts';
import type { SealedDocument } from '../envelope.ts';
import { CryptoError } from '../errors.ts';
import { openJson, sealJson } from './sealed.ts';

/** What lies encrypted of a claim: all of it under the one data key of the claim (`dataKey.ts`). */

const jsonObject = z.record(z.string(), z.json());

export const claimContent = z.strictObject({
  version: z.literal(1),
  /** The FHIR Claim. */
  claim: jsonObject,
  /** 32 bytes, base64url: of the reference by which payments name the claim. */
  referenceSalt: base64Url(43, 43),
  /** Of a claim for a medicine. */
  evidence: z
    .strictObject({
      /** `encodeDisclosure` of fields of the prescription, base64url. */
      disclosure: base64Url(1, Math.ceil((largestDisclosure * 4) / 3)),
      /** Absent in a preauthorisation: nothing is dispensed yet. */
      dispense: dispenseReceipt.optional(),
    })
    .optional(),
});
export type ClaimContent = z.infer<typeof claimContent>;

export const newReferenceSalt = (): string => toBase64Url(randomBytes(32));

/** The claim's name on Ethereum, hex of 32 bytes: nobody without the salt can say which claim it is. Throws `KEY_LENGTH`. */
export const referenceOf = (claimId: string, salt: string): string =>
  sha256Hex(
    concat(
      utf8('medloom/claim/reference/v1\n'),
      requireLength(fromBase64Url(salt), 32, 'reference salt'),
      utf8(claimId),
    ),
  );

/** Evidence as it is carried. */
export const evidenceOf = (disclosure: Disclosure, dispense?: DispenseReceipt): ClaimContent['evidence'] => ({
  disclosure: toBase64Url(encodeDisclosure(disclosure)),
  ...(dispense && { dispense }),
});
/** Throws `DISCLOSURE_MALFORMED`, `ENCODING`. */
export const disclosureIn = ({ disclosure }: NonNullable<ClaimContent['evidence']>): Disclosure =>
  decodeDisclosure(fromBase64Url(disclosure));

/** `by`: whoever submits it, `prac-…`. Throws a ZodError for what is no claim, `ENVELOPE_TOO_LARGE`. */
export const sealClaim = (
  dataKey: Uint8Array,
  { id, by }: Pick<Claim, 'id' | 'by'>,
  content: ClaimContent,
): Promise<SealedDocument> => sealJson(claimContent, dataKey, { id, kind: 'claim', by }, content);

/** Throws `ALTERED` also where payments name another claim by its reference, and as `openJson`. */
export async function openClaim(
  dataKey: Uint8Array,
  { id, by, content, reference }: Pick<Claim, 'id' | 'by' | 'content' | 'reference'>,
  bytes: Uint8Array,
): Promise<ClaimContent> {
  const opened = await openJson(claimContent, dataKey, { id, kind: 'claim', by }, bytes, content);
  if (referenceOf(id, opened.referenceSalt) !== reference) throw new CryptoError('ALTERED', 'reference');
  return opened;
}

export const explanationContent = z.strictObject({
  version: z.literal(1),
  /** The FHIR ExplanationOfBenefit, with each step by which it was judged (`fhir/explanation.ts`). */
  explanation: jsonObject,
});
export type ExplanationContent = z.infer<typeof explanationContent>;

type Decided = Pick<ClaimDecision, 'claim' | 'version'> & { by: string };
const explanationPlace = ({ claim, version, by }: Decided) =>
  ({ id: claim, kind: 'explanation', by, version }) as const;

/** Of a decision, which names the version that it judged. `by`: `prac-…`, or `dev-…` of an adjudicator. */
export const sealExplanation = (
  dataKey: Uint8Array,
  decision: Decided,
  content: ExplanationContent,
): Promise<SealedDocument> => sealJson(explanationContent, dataKey, explanationPlace(decision), content);

/** As `openJson`. */
export const openExplanation = (
  dataKey: Uint8Array,
  decision: Decided & Pick<ClaimDecision, 'explanation'>,
  bytes: Uint8Array,
): Promise<ExplanationContent> =>
  openJson(explanationContent, dataKey, explanationPlace(decision), bytes, decision.explanation);

/** A message, in words. */
export const claimMessage = z.strictObject({ words: z.string().min(1).max(4_000) });

type Told = Pick<Claim['messages'][number], 'kind' | 'by'> & { id: string };

/** Of insurer, provider or member (`by`: `pol-…`) about a claim. Throws a ZodError for no words, or too many. */
export const sealClaimMessage = (dataKey: Uint8Array, told: Told, words: string): Promise<SealedDocument> =>
  sealJson(claimMessage, dataKey, told, { words });

/** The words of a message. As `openJson`. */
export const openClaimMessage = async (
  dataKey: Uint8Array,
  id: string,
  { kind, by, cid, contentHash }: Claim['messages'][number],
  bytes: Uint8Array,
): Promise<string> => (await openJson(claimMessage, dataKey, { id, kind, by }, bytes, { cid, contentHash })).words;
