import type { Context } from 'fabric-contract-api';
import { askRegistry } from '../ledger/askChannel.ts';
import { decodeRecord } from '../ledger/store.ts';
import { institutionRecord } from '../model/records.ts';
import type { Institution } from '../model/registry.ts';
import { requireMirror } from './mirrors.ts';

/** An institution, as `registry` and this channel's mirror have it. Throws NOT_FOUND, SUSPENDED (by what this channel knows). */
export async function institutionOf(ctx: Context, id: string): Promise<Institution> {
  const institution = decodeRecord(institutionRecord, await askRegistry(ctx, 'readInstitution', id));
  await requireMirror(ctx, institution);
  return institution;
}
