import type { Context } from 'fabric-contract-api';
import { decodeRecord } from '../../ledger/store.ts';
import { institutionCollection, type StoredStaffWrap, storedStaffWrap } from '../../model/staffWrap.ts';
import { stateBytes } from '../../model/state.ts';

/** Private data: institution, generation, practitioner → the generation's seed for that member of staff. */
const objectType = 'staffWrap';

export async function findStaffWrap(
  ctx: Context,
  institution: string,
  generation: number,
  practitioner: string,
): Promise<StoredStaffWrap | undefined> {
  const key = ctx.stub.createCompositeKey(objectType, [institution, `${generation}`, practitioner]);
  const bytes = await ctx.stub.getPrivateData(institutionCollection, key);
  return bytes.length > 0 ? decodeRecord(storedStaffWrap, bytes) : undefined;
}

export async function putStaffWrap(ctx: Context, institution: string, wrap: StoredStaffWrap): Promise<void> {
  const key = ctx.stub.createCompositeKey(objectType, [institution, `${wrap.generation}`, wrap.practitioner]);
  await ctx.stub.putPrivateData(institutionCollection, key, stateBytes(wrap));
}

/** All of a generation; a range, so for evaluations only. */
export async function listStaffWraps(
  ctx: Context,
  institution: string,
  generation: number,
): Promise<StoredStaffWrap[]> {
  const prefix = [institution, `${generation}`];
  const found: StoredStaffWrap[] = [];
  const rows = ctx.stub.getPrivateDataByPartialCompositeKey(institutionCollection, objectType, prefix);
  for await (const { value } of rows) found.push(decodeRecord(storedStaffWrap, value));
  return found;
}
