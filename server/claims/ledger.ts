import type { z } from 'zod';
import { type Claim, claimRecord, type Usage, usageRecord } from '#chaincode/model/claim.ts';
import { type Plan, type PlanHead, planHead, planRecord } from '#chaincode/model/plan.ts';
import { authorisationRecord, type Policy, policyRecord, type StoredAuthorisation } from '#chaincode/model/policy.ts';
import { AppError } from '#server/errors.ts';
import type { LedgerGateway } from '../gateways/ledger/ledger.ts';

/** What the channel `claims` has, as the peer of `mspId` has it, or whichever is served. Each throws NOT_FOUND, LEDGER_UNAVAILABLE. */

type Ledger = Pick<LedgerGateway, 'evaluate'>;

async function read<T>(ledger: Ledger, schema: z.ZodType<T>, name: string, args: string[], mspId?: string): Promise<T> {
  const call = { channel: 'claims', contract: 'claims', function: `claims:${name}`, args };
  const bytes = await ledger.evaluate({ ...call, ...(mspId !== undefined && { mspId }) });
  const parsed = schema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new AppError('INTERNAL', `the ledger answered something else for claims:${name}`, { cause: parsed.error });
}

export const readClaim = (ledger: Ledger, id: string, mspId?: string): Promise<Claim> =>
  read(ledger, claimRecord, 'readClaim', [id], mspId);

export const readPolicy = (ledger: Ledger, id: string, mspId?: string): Promise<Policy> =>
  read(ledger, policyRecord, 'readPolicy', [id], mspId);

export const readAuthorisation = (ledger: Ledger, id: string, mspId?: string): Promise<StoredAuthorisation> =>
  read(ledger, authorisationRecord, 'readAuthorisation', [id], mspId);

export const readPlan = (ledger: Ledger, id: string, version: number, mspId?: string): Promise<Plan> =>
  read(ledger, planRecord, 'readPlan', [id, `${version}`], mspId);

export const readPlanHead = (ledger: Ledger, id: string, mspId?: string): Promise<PlanHead> =>
  read(ledger, planHead, 'readPlanHead', [id], mspId);

/** What a policy has used in a year; zeros where nothing was decided yet. */
export const readUsage = (ledger: Ledger, policy: string, year: number, mspId?: string): Promise<Usage> =>
  read(ledger, usageRecord, 'readUsage', [policy, `${year}`], mspId);
