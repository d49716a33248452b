import type { KeyObject } from 'node:crypto';
import type { Context } from 'fabric-contract-api';
import type { z } from 'zod';
import { parseJson } from '../../ledger/arguments.ts';
import { requireRegistrar } from '../../ledger/certificate.ts';
import { maxSkewMs } from '../../ledger/clock.ts';
import { keyOfP256 } from '../../ledger/publicKey.ts';
import { isSignedBy } from '../../ledger/statement.ts';
import { LedgerError } from '../../model/errors.ts';
import {
  type MemberAction,
  memberStatementBytes,
  memberStatements,
  type Policy,
  signedStatement,
  statementMinutes,
} from '../../model/policy.ts';
import { patientMsp } from '../../model/registry.ts';
import { getPolicy } from './storage.ts';

/** What members say, brought by the registrar of PatientMSP: it can keep a statement back, and forge none. */

type Said<A extends MemberAction> = z.infer<(typeof memberStatements)[A]>;

/** A statement whose signature is still to be checked: by the key that it names, or that its policy has. */
export interface Unverified<A extends MemberAction> {
  said: Said<A>;
  /** Refuses what a key has not signed: NOT_AUTHORISED, INVALID_ARGUMENT for no key of P-256. */
  requireSignedBy(signingKey: string): void;
}

/** Throws NOT_AUTHORISED, INVALID_ARGUMENT, CLOCK_SKEW where it was not said within the last ten minutes. */
export function parseStatement<A extends MemberAction>(ctx: Context, at: Date, action: A, json: string): Unverified<A> {
  requireRegistrar(ctx, patientMsp);
  const { said: text, signature } = parseJson(signedStatement, json, 'statement');
  const shape: z.ZodType = memberStatements[action];
  const said = parseJson(shape, text, 'statement.said') as Said<A>;
  requireRecent(said.at, at);
  const requireSignedBy = (signingKey: string) => {
    if (!isSignedBy(parseMemberKey(signingKey), memberStatementBytes(action, text), signature)) {
      throw new LedgerError('NOT_AUTHORISED', 'the statement is not signed by the member’s key');
    }
  };
  return { said, requireSignedBy };
}

/** A statement of a policy's member, with the policy. Throws as above, and NOT_FOUND. */
export async function statementOfMember<A extends Exclude<MemberAction, 'apply'>>(
  ctx: Context,
  at: Date,
  action: A,
  json: string,
): Promise<{ said: Said<A>; policy: Policy }> {
  const { said, requireSignedBy } = parseStatement(ctx, at, action, json);
  const policy = await getPolicy(ctx, said.policy);
  requireSignedBy(policy.signingKey);
  return { said, policy };
}

function requireRecent(saidAt: string, at: Date): void {
  const age = at.getTime() - Date.parse(saidAt);
  if (age > statementMinutes * 60_000) {
    throw new LedgerError('CLOCK_SKEW', `the statement is older than ${statementMinutes} minutes`);
  }
  if (age < -maxSkewMs) throw new LedgerError('CLOCK_SKEW', 'the statement is of the future');
}

function parseMemberKey(signingKey: string): KeyObject {
  const key = keyOfP256(signingKey);
  if (!key) throw new LedgerError('INVALID_ARGUMENT', 'signingKey: no key of P-256');
  return key;
}
