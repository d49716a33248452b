import { z } from 'zod';
import { hex32, readingKey } from '../identifiers.ts';
import { mostFormerWallets, mostLinkedWallets, type PublicKeys } from '../registry.ts';

export const walletAddress = z.string().regex(/^0x[0-9a-f]{40}$/);

/** Keys as a person brings them. */
const ownKeys = {
  signingKeyHash: hex32,
  readingKey,
  wallet: z.union([walletAddress, z.literal('')]),
};
export const newKeys = z.strictObject(ownKeys);
export const publicKeys: z.ZodType<PublicKeys> = z.strictObject({
  ...ownKeys,
  linkedWallets: z.array(walletAddress).max(mostLinkedWallets).optional(),
  formerWallets: z.array(walletAddress).max(mostFormerWallets).optional(),
});
