import { z } from 'zod';
import { planId } from '#chaincode/model/plan.ts';
import { type Application, policyId } from '#chaincode/model/policy.ts';
import type { SealedDocument } from '../envelope.ts';
import { CryptoError } from '../errors.ts';
import { openJson, sealJson } from './sealed.ts';

/** Who is insured, as prescriptions name the patient. */
export const insured = z.strictObject({
  name: z.string().min(1).max(200),
  /** ISO 8601 date. */
  birthDate: z.iso.date(),
  /** As FHIR's Identifier: the one that an identity document or the former insurer has. */
  identifier: z.strictObject({ system: z.string().min(1).max(200), value: z.string().min(1).max(80) }),
});
export type Insured = z.infer<typeof insured>;

/** What only insurer and member know of a policy. */
export const policyDetails = z.strictObject({ version: z.literal(1), policy: policyId, plan: planId, insured });
export type PolicyDetails = z.infer<typeof policyDetails>;

const placeOf = (policy: string) => ({ id: policy, kind: 'details', by: policy }) as const;

/** Throws a ZodError for what are no details. */
export const sealDetails = (dataKey: Uint8Array, details: PolicyDetails): Promise<SealedDocument> =>
  sealJson(policyDetails, dataKey, placeOf(details.policy), details);

/** Throws `ALTERED` also where they are of another policy or plan than the ledger says, and as `openJson`. */
export async function openDetails(
  dataKey: Uint8Array,
  policy: Pick<Application, 'id' | 'plan' | 'details'>,
  bytes: Uint8Array,
): Promise<PolicyDetails> {
  const opened = await openJson(policyDetails, dataKey, placeOf(policy.id), bytes, policy.details);
  if (opened.policy !== policy.id || opened.plan !== policy.plan) throw new CryptoError('ALTERED', policy.id);
  return opened;
}
