import { z } from 'zod';
import type { Institution, InstitutionReading } from '#chaincode/model/registry.ts';
import { type HeldStaffWrap, heldStaffWrap, type StaffWrap } from '#chaincode/model/staffWrap.ts';
import { vaultClient } from '#components/vault/client.ts';
import { expectData } from '#components/vault/errors.ts';
import { openInstitutionKey } from '#components/vault/records.ts';
import { readAsPerson } from '#components/vault/transact.ts';
import { fromUtf8 } from '#crypto/bytes.ts';
import { listStaffKeys } from '#server/registry/actions.ts';
import type { StaffKey } from '#server/registry/schema.ts';

/** Who of an institution's staff holds its reading key, for the admin, whose own key alone may ask. */
export interface KeyHolders {
  staff: StaffKey[];
  held: HeldStaffWrap[];
}

export async function readHolders(institution: string, reading: InstitutionReading | undefined): Promise<KeyHolders> {
  const staff = expectData(await listStaffKeys(undefined));
  if (reading === undefined) return { staff, held: [] };
  const answer = await readAsPerson({ kind: 'readStaffWraps', institution });
  return { staff, held: z.array(heldStaffWrap).parse(JSON.parse(fromUtf8(answer))) };
}

/** Whether a member can open the present generation: `stale` where it is wrapped for keys from before. */
export function holdingOf({ subject, readerKeyHash }: StaffKey, held: readonly HeldStaffWrap[]) {
  const wrap = held.find(({ practitioner }) => practitioner === subject);
  if (wrap === undefined) return 'lacks';
  return wrap.readerKeyHash === readerKeyHash ? 'has' : 'stale';
}

const claimOf = ({ subject, readingKey, certificatePem }: StaffKey) =>
  ({ kind: 'person', id: subject, readingKey, certificatePem }) as const;

/** The first or the next generation, with its seed for everybody who has keys; to be signed. */
export async function makeKey(
  { id, reading }: Pick<Institution, 'id' | 'reading'>,
  staff: readonly StaffKey[],
): Promise<{ reading: InstitutionReading; staff: StaffWrap[] }> {
  if (reading !== undefined) await openInstitutionKey(id);
  const input = { institution: id, ...(reading && { present: reading }), staff: staff.map(claimOf) };
  return vaultClient().call('makeInstitutionKey', input);
}

/** The present generation's seed for those who lack it; to be signed. */
export async function wrapKey(
  id: string,
  reading: InstitutionReading,
  lacking: readonly StaffKey[],
): Promise<StaffWrap[]> {
  await openInstitutionKey(id);
  return vaultClient().call('wrapInstitutionKey', { institution: id, reading, staff: lacking.map(claimOf) });
}
