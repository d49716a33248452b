import { z } from 'zod';
import { type ContentWrap, contentWrap, wrapsTransientField } from '#chaincode/model/policy.ts';
import { patientMsp } from '#chaincode/model/registry.ts';
import { canonicalJson } from '#chaincode/model/state.ts';
import { ConnectorError } from '../errors.ts';
import { retryLedger } from '../ledger/retry.ts';
import type { EnrolmentOffice } from '../registrar/enrol.ts';
import type { BroughtStatement, WrapRequest } from './schema.ts';

/**
 * Members of insurances act on `claims` by what they sign with the key of their policy; the registrar of the patients' organisation
 * brings it, so that no certificate of a patient stands in a block there. The contract judges the signature.
 */

const claims = { channel: 'claims', contract: 'claims' };
/** The peers that may see what is wrapped: the insurers', and the one that the patients are served by. */
const secretHolders = ['InsurerMSP', 'HospitalMSP'];

type Offices = ReadonlyMap<string, Pick<EnrolmentOffice, 'ledger'>>;

function registrarOf(offices: Offices) {
  const ledger = offices.get(patientMsp)?.ledger;
  if (!ledger) throw new ConnectorError('NOT_SERVED', `${patientMsp} has no registrar here`);
  return ledger;
}

/** Brings a statement, once or again: what has had its effect already is refused by the ledger with its own code. */
export async function bringStatement(
  offices: Offices,
  { action, statement, wraps }: BroughtStatement,
): Promise<{ brought: true }> {
  const ledger = registrarOf(offices);
  const call = { ...claims, function: `claims:${action}`, args: [canonicalJson(statement)] };
  const transient = wraps && {
    transient: { [wrapsTransientField]: Buffer.from(canonicalJson(wraps)) },
    organisations: secretHolders,
  };
  await retryLedger(() => ledger.submit({ ...call, ...transient }));
  return { brought: true };
}

/** The data key that is wrapped for a member. Throws NOT_FOUND, NOT_AUTHORISED. */
export async function readMemberWrap(offices: Offices, { statement }: WrapRequest): Promise<ContentWrap> {
  const call = { ...claims, function: 'claims:readWrapAsMember', args: [canonicalJson(statement)] };
  const answer = await registrarOf(offices).evaluate({ ...call, organisations: secretHolders });
  const parsed = z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(contentWrap)
    .safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ConnectorError('INTERNAL', 'the contract answered something else', { cause: parsed.error });
}
