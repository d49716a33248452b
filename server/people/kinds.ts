import { z } from 'zod';
import { practitionerId } from '#chaincode/model/identifiers.ts';
import { type Kinds, type LedgerCall, registryCall } from '../transactions/kind.ts';
import { walletAddress } from './schema.ts';

/** What a person may ask of the own entry on `registry`. */

/** A wallet of the person, proved beforehand by its signature (`linkWallet` of people). */
const walletChange = { subject: practitionerId, address: walletAddress };

export const walletIntents = [
  z.object({ kind: z.literal('linkWallet'), ...walletChange }),
  z.object({ kind: z.literal('unlinkWallet'), ...walletChange }),
] as const;
export type WalletIntent = z.infer<(typeof walletIntents)[number]>;

const ofWallet = {
  call: ({ kind, subject, address }: WalletIntent): LedgerCall => registryCall(kind, [subject, address]),
  subject: ({ subject }: WalletIntent) => subject,
  business: ({ address }: WalletIntent) => address,
  kept: ({ subject, address }: WalletIntent) => ({ subject, address }),
  steps: ['sign', 'grant'],
  waits: true,
} as const;

export const walletKinds: Kinds<WalletIntent> = { linkWallet: ofWallet, unlinkWallet: ofWallet };
