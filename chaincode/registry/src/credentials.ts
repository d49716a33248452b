import type { Context } from 'fabric-contract-api';
import { parseJson } from '../../ledger/arguments.ts';
import { withCredential, withoutCredential } from '../../ledger/credentials.ts';
import { requireOwnSecondFactor } from '../../ledger/secondFactor.ts';
import { newCredential } from '../../model/secondFactor.ts';
import { requireOwner } from './keys.ts';
import { putPractitioner } from './storage.ts';

/** Registers a passkey or signing PIN of the caller. The first needs no second factor; the others are confirmed with one. */
export async function addCredential(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const added = parseJson(newCredential, json, 'credential');
  const { practitioner } = await requireOwner(ctx, id);
  requireOwnSecondFactor(ctx, practitioner.credentials);
  const credentials = withCredential(practitioner.credentials, added, at);
  await putPractitioner(ctx, { ...practitioner, credentials, version: practitioner.version + 1 }, 'addCredential', at);
}

/** Removes a passkey or signing PIN of the caller, confirmed with one of them. */
export async function removeCredential(ctx: Context, at: Date, id: string, credentialId: string): Promise<void> {
  const { practitioner } = await requireOwner(ctx, id);
  const { credentials: before, ...rest } = practitioner;
  requireOwnSecondFactor(ctx, before);
  const credentials = withoutCredential(before, credentialId);
  const changed = { ...rest, ...(credentials && { credentials }), version: practitioner.version + 1 };
  await putPractitioner(ctx, changed, 'removeCredential', at);
}
