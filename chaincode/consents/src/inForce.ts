import { z } from 'zod';
import { type Folder, folderTypes } from '../../care/folder.ts';
import { consentId, consentTerms, hasEnded } from '../../model/consent.ts';

/**
 * The consents of a patient that are not revoked, with their terms, in one private record: whoever endorses by them reads
 * its version, so that what a revocation overtakes fails at commit; and a peer lets no write follow a range of private data.
 */
const consentInForce = z.strictObject({ id: consentId, state: z.literal('active'), terms: consentTerms });
export type ConsentInForce = z.infer<typeof consentInForce>;

export async function readConsents(folder: Folder): Promise<ConsentInForce[]> {
  return (await folder.get(folderTypes.consents, [], z.array(consentInForce))) ?? [];
}

/** Keeps them without those that have ended at the instant `at`. */
export async function keepConsents(folder: Folder, consents: readonly ConsentInForce[], at: Date): Promise<void> {
  const kept = consents.filter(({ terms }) => !hasEnded(terms, at));
  await folder.put(folderTypes.consents, [], kept);
}
