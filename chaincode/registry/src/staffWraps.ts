import type { Context } from 'fabric-contract-api';
import { decodeRecord } from '../../ledger/store.ts';
import type { Institution } from '../../model/registry.ts';
import {
  authorityCollection,
  institutionCollection,
  type StoredStaffWrap,
  storedStaffWrap,
} from '../../model/staffWrap.ts';
import { stateBytes } from '../../model/state.ts';

/** Private data: institution, generation, practitioner → the generation's seed for that member of staff. */
const objectType = 'staffWrap';
/** Whose seed it is, and in which collection that is kept. */
type Keeper = Pick<Institution, 'id' | 'kind'>;
const collectionOf = ({ kind }: Keeper) => (kind === 'authority' ? authorityCollection : institutionCollection);

export async function findStaffWrap(
  ctx: Context,
  institution: Keeper,
  generation: number,
  practitioner: string,
): Promise<StoredStaffWrap | undefined> {
  const key = ctx.stub.createCompositeKey(objectType, [institution.id, `${generation}`, practitioner]);
  const bytes = await ctx.stub.getPrivateData(collectionOf(institution), key);
  return bytes.length > 0 ? decodeRecord(storedStaffWrap, bytes) : undefined;
}

export async function putStaffWrap(ctx: Context, institution: Keeper, wrap: StoredStaffWrap): Promise<void> {
  const key = ctx.stub.createCompositeKey(objectType, [institution.id, `${wrap.generation}`, wrap.practitioner]);
  await ctx.stub.putPrivateData(collectionOf(institution), key, stateBytes(wrap));
}

/** All of a generation; a range, so for evaluations only. */
export async function listStaffWraps(
  ctx: Context,
  institution: Keeper,
  generation: number,
): Promise<StoredStaffWrap[]> {
  const prefix = [institution.id, `${generation}`];
  const found: StoredStaffWrap[] = [];
  const rows = ctx.stub.getPrivateDataByPartialCompositeKey(collectionOf(institution), objectType, prefix);
  for await (const { value } of rows) found.push(decodeRecord(storedStaffWrap, value));
  return found;
}
