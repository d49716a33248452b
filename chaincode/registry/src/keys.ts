import type { Context } from 'fabric-contract-api';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { callerKeyHash } from '../../ledger/certificate.ts';
import { requireOwnSecondFactor } from '../../ledger/secondFactor.ts';
import { LedgerError } from '../../model/errors.ts';
import { hex32, practitionerId } from '../../model/identifiers.ts';
import type { KeyOwner, Practitioner, PublicKeys } from '../../model/registry.ts';
import { newKeys } from '../../model/shapes/keys.ts';
import { requireActive } from '../../model/standing.ts';
import { requireRegistrarFor } from './authority.ts';
import {
  claimSigningKey,
  claimWallet,
  findKeyOwner,
  getStanding,
  getStandingByKey,
  putPractitioner,
} from './storage.ts';
import { rotateWallet } from './walletList.ts';

/** Records the first keys of a person. */
export async function enrolKeys(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const keys = parseJson(newKeys, json, 'keys');
  const { practitioner, institution } = await getStanding(ctx, parseValue(practitionerId, id, 'id'));
  requireRegistrarFor(ctx, institution);
  requireActive(practitioner, institution);
  if (practitioner.keys) throw new LedgerError('KEY_EXISTS', `${practitioner.id} has keys; they can only be rotated`);
  await putKeys(ctx, at, practitioner, keys, 'enrolKeys');
}

/**
 * Replaces the caller's own keys; the proposal is signed with the key that ends, and confirmed with a second factor where
 * there is one. Linked wallets stay.
 */
export async function rotateKeys(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const keys = parseJson(newKeys, json, 'keys');
  const { practitioner, keys: before } = await requireOwner(ctx, id);
  requireOwnSecondFactor(ctx, practitioner.credentials);
  await putKeys(ctx, at, practitioner, rotateWallet(before, keys), 'rotateKeys');
}

/** The caller, who must be the practitioner of this id, by the current key, and active. */
export async function requireOwner(
  ctx: Context,
  id: string,
): Promise<{ practitioner: Practitioner; keys: PublicKeys }> {
  const { practitioner, institution } = await getStandingByKey(ctx, callerKeyHash(ctx));
  if (practitioner.id !== parseValue(practitionerId, id, 'id') || !practitioner.keys) {
    throw new LedgerError('NOT_AUTHORISED', 'keys, wallets and second factors are changed by the person who has them');
  }
  if (ctx.clientIdentity.getMSPID() !== practitioner.mspId) {
    throw new LedgerError('NOT_AUTHORISED', `${practitioner.id} acts for ${practitioner.mspId}`);
  }
  requireActive(practitioner, institution);
  return { practitioner, keys: practitioner.keys };
}

/** Records keys of a person, whose signing key is new to the registry and whose wallet is nobody else's: KEY_EXISTS. */
export async function putKeys(
  ctx: Context,
  at: Date,
  practitioner: Practitioner,
  keys: PublicKeys,
  change: string,
): Promise<void> {
  await claimSigningKey(ctx, keys.signingKeyHash, practitioner.id);
  if (keys.wallet !== '' && !(await claimWallet(ctx, keys.wallet, practitioner.id))) {
    throw new LedgerError('KEY_EXISTS', 'this wallet is or was somebody else’s');
  }
  await putPractitioner(ctx, { ...practitioner, keys, version: practitioner.version + 1 }, change, at);
}

/** Whose signing key this is or was: NOT_FOUND. */
export async function readKeyOwner(ctx: Context, hash: string): Promise<KeyOwner> {
  const signingKeyHash = parseValue(hex32, hash, 'signingKeyHash');
  const owner = await findKeyOwner(ctx, signingKeyHash);
  if (!owner) throw new LedgerError('NOT_FOUND', 'the registry has never recorded this key');
  return { subject: owner.id, current: owner.keys?.signingKeyHash === signingKeyHash };
}
