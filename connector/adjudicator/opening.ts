import type { Claim as ClaimRecord } from '#chaincode/model/claim.ts';
import type { ClaimReason } from '#chaincode/model/plan.ts';
import type { Policy } from '#chaincode/model/policy.ts';
import { type ClaimContent, openClaim } from '#crypto/claim/content.ts';
import { openDataKey } from '#crypto/claim/dataKey.ts';
import { type Insured, openDetails } from '#crypto/claim/details.ts';
import { CryptoError } from '#crypto/errors.ts';
import { type Claim, parseClaim } from '#fhir/claim.ts';
import { encodeResource, FhirError } from '#fhir/parse.ts';
import { ConnectorError } from '../errors.ts';
import type { Documents } from '../ipfs/documents.ts';
import type { ClaimsLedger } from './claimsLedger.ts';

/** What is encrypted for the adjudicator. */

/** It cannot be read, and will not be later: a person looks. */
export class Unreadable extends Error {
  readonly reason: ClaimReason;

  constructor(reason: ClaimReason, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'Unreadable';
    this.reason = reason;
  }
}

const dayMs = 86_400_000;

/** What a person is told of a claim with which something has failed for a day, which is not that a ledger is away; undefined before. */
export function givenUp({ at }: Pick<ClaimRecord, 'at'>, error: unknown): Unreadable | undefined {
  const code = error instanceof ConnectorError ? error.code : undefined;
  const isAway = code === 'LEDGER_UNAVAILABLE' || code === 'ETHEREUM_UNAVAILABLE';
  if (isAway || Date.now() - Date.parse(at) < dayMs) return undefined;
  return code === 'STORAGE_UNAVAILABLE'
    ? new Unreadable('EVIDENCE_MISSING', 'its content is not in the storage', { cause: error })
    : new Unreadable('OTHER', 'it could not be judged', { cause: error });
}

export interface OpenedClaim {
  content: ClaimContent;
  claim: Claim;
  /** Under which the explanation is sealed, too. */
  dataKey: Uint8Array;
}

export interface Opening {
  ledger: Pick<ClaimsLedger, 'wrap'>;
  documents: Pick<Documents, 'read'>;
  /** 32 bytes; secret. */
  readingSeed: Uint8Array;
}

/** Throws `Unreadable`, STORAGE_UNAVAILABLE, LEDGER_UNAVAILABLE. */
export async function readClaim(record: ClaimRecord, opening: Opening): Promise<OpenedClaim> {
  return readable(async () => {
    const dataKey = await openKey(record.id, opening);
    const content = await openClaim(dataKey, record, await opening.documents.read(record.content.cid));
    return { content, claim: parseClaim(encodeResource(content.claim)), dataKey };
  });
}

/** Whom a policy insures. Throws as `readClaim`. */
export async function readInsured(policy: Policy, opening: Opening): Promise<Insured> {
  return readable(async () => {
    const dataKey = await openKey(policy.id, opening);
    return (await openDetails(dataKey, policy, await opening.documents.read(policy.details.cid))).insured;
  });
}

const openKey = async (id: string, { ledger, readingSeed }: Opening) => openDataKey(readingSeed, await ledger.wrap(id));

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof ConnectorError && (cause.code === 'NOT_AUTHORISED' || cause.code === 'NOT_FOUND')) {
      throw new Unreadable('EVIDENCE_MISSING', 'it is not wrapped for the adjudicator', { cause });
    }
    if (cause instanceof CryptoError || cause instanceof FhirError) {
      throw new Unreadable('EVIDENCE_INVALID', `it is not what it says: ${cause.code}`, { cause });
    }
    throw cause;
  }
}
