import type { Context } from 'fabric-contract-api';
import { LedgerError } from '../../model/errors.ts';
import type { Policy, StoredAuthorisation } from '../../model/policy.ts';
import type { InstitutionKind } from '../../model/registry.ts';
import { activeInstitution } from '../../people/devices.ts';
import { statementOfMember } from './member.ts';
import { getAuthorisation, putAuthorisation, putWraps, requireNew } from './storage.ts';
import { takeWraps } from './wraps.ts';

/** Kinds of institution that bill. */
const providers: readonly InstitutionKind[] = ['hospital', 'pharmacy'];

/** The member lets an institution bill the insurer. Throws NOT_INSURED, NOT_FOUND, SUSPENDED, WRONG_STATE (it is no provider). */
export async function authorise(ctx: Context, at: Date, json: string): Promise<void> {
  const { said, policy } = await statementOfMember(ctx, at, 'authorise', json);
  await requireNew(ctx, 'authorisation', [said.id]);
  requireActivePolicy(policy, at);
  if (Date.parse(said.until) <= at.getTime()) throw new LedgerError('INVALID_ARGUMENT', 'until: over already');
  const { id, kind } = await activeInstitution(ctx, said.institution);
  if (!providers.includes(kind)) throw new LedgerError('WRONG_STATE', `${id} bills nobody`);
  await putWraps(ctx, said.id, takeWraps(ctx, [id, policy.id]));
  const given: StoredAuthorisation = { ...said, insurer: policy.insurer, state: 'active', version: 1 };
  await putAuthorisation(ctx, given, ['claims:authorise', at]);
}

function requireActivePolicy({ id, state, until }: Policy, at: Date): void {
  if (state !== 'active' || (until && Date.parse(until) <= at.getTime())) {
    throw new LedgerError('NOT_INSURED', `${id} is not in force`);
  }
}

/** The member takes it back: the institution submits nothing more. */
export async function revoke(ctx: Context, at: Date, json: string): Promise<void> {
  const { said, policy } = await statementOfMember(ctx, at, 'revoke', json);
  const given = await getAuthorisation(ctx, said.authorisation);
  if (given.policy !== policy.id) throw new LedgerError('NOT_AUTHORISED', `${given.id} is not of ${policy.id}`);
  if (given.state !== 'active') throw new LedgerError('WRONG_STATE', `${given.id} is ${given.state}`);
  const revoked: StoredAuthorisation = { ...given, state: 'revoked', version: given.version + 1 };
  await putAuthorisation(ctx, revoked, ['claims:revoke', at]);
}

/** An authorisation of a policy by which an institution may bill now. Throws NOT_FOUND, NOT_AUTHORISED, NOT_INSURED. */
export async function requireAuthorisation(
  ctx: Context,
  at: Date,
  { authorisation, policy }: { authorisation: string; policy: string },
  institution: string,
): Promise<void> {
  const given = await getAuthorisation(ctx, authorisation);
  if (given.institution !== institution || given.policy !== policy) {
    throw new LedgerError('NOT_AUTHORISED', `${given.id} lets ${institution} bill nothing of ${policy}`);
  }
  if (given.state !== 'active' || Date.parse(given.until) <= at.getTime()) {
    throw new LedgerError('NOT_INSURED', `${given.id} is over`);
  }
}
