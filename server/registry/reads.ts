import { z } from 'zod';
import { institutionId } from '#chaincode/model/identifiers.ts';
import { staffRoles } from '../people/schema.ts';
import { type Reads, registryCall } from '../transactions/kind.ts';

/** What only a person's own key may ask the registry. */
export const registryReads = [
  /** Answers `{ reading, wrap }` to a member of staff: the institution's newest reading key, its seed wrapped for the member. */
  z.object({ kind: z.literal('readStaffWrap'), institution: institutionId }),
  /** Answers the institution's admin who has which generation, wrapped for which reading key. */
  z.object({ kind: z.literal('readStaffWraps'), institution: institutionId }),
] as const;
export type RegistryRead = z.infer<(typeof registryReads)[number]>;

const contract = 'registry';

export const registryReadings: Reads<RegistryRead> = {
  readStaffWrap: { contract, roles: staffRoles, call: ({ kind, institution }) => registryCall(kind, [institution]) },
  readStaffWraps: { contract, roles: ['admin'], call: ({ kind, institution }) => registryCall(kind, [institution]) },
};
