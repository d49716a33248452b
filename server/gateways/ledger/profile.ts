import { readFileSync } from 'node:fs';
import { z } from 'zod';

const identity = z.object({ certFile: z.string(), keyFile: z.string() });

/**
 * How to reach a Fabric network: which channels there are and, for each organisation that this deployment serves,
 * its gateway and the identity that reads for it. Files are absolute paths of PEM files.
 */
export const ledgerProfile = z.object({
  ledger: z.enum(['devnet', 'fabric']),
  /** Version of the channel map; pseudonyms made under an older one keep their channel. */
  mapVersion: z.int().positive(),
  channels: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['registry', 'care', 'supply', 'claims']),
      contracts: z.array(z.string()),
      organisations: z.array(z.string()),
      /** Organisations whose peers hold the channel's private data; transactions with secrets are endorsed by them. */
      secretHolders: z.array(z.string()).min(1).optional(),
    }),
  ),
  organisations: z.record(
    z.string(),
    z.object({
      gateway: z.object({ address: z.string(), tlsCaFile: z.string(), serverName: z.string().optional() }),
      service: identity,
    }),
  ),
});

export type LedgerProfile = z.infer<typeof ledgerProfile>;

/** Reads and checks a profile file. Throws a ZodError or a file error that names what is wrong. */
export function readLedgerProfile(file: string): LedgerProfile {
  return ledgerProfile.parse(JSON.parse(readFileSync(file, 'utf8')));
}
