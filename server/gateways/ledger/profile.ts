import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { log } from '#server/log.ts';

const identity = z.object({ certFile: z.string(), keyFile: z.string() });

/**
 * How to reach a Fabric network: which channels there are and, for each organisation that this deployment serves,
 * its gateway and the identity that reads for it. Files are absolute paths of PEM files. Which of the channels take new
 * patients and products stands on `registry` (`channelMap.ts`).
 */
export const ledgerProfile = z.object({
  ledger: z.enum(['devnet', 'fabric']),
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
  /** Organisations that run no peer; their people are served through the organisations of this deployment. */
  withoutPeers: z.array(z.string()),
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

/**
 * The profile of a file as it is now: a file that was replaced is taken up within `everyMs`, so that channels are added
 * without a restart. What cannot be read then is logged, and the profile before it stays. Throws where the first one
 * cannot be read.
 */
export function followLedgerProfile(file: string, everyMs = 1_000): () => LedgerProfile {
  let mark = markOf(file);
  let profile = readLedgerProfile(file);
  let lookedAt = performance.now();
  return () => {
    if (performance.now() - lookedAt < everyMs) return profile;
    lookedAt = performance.now();
    const before = mark;
    try {
      mark = markOf(file);
      if (mark !== before) {
        profile = readLedgerProfile(file);
        log().info({ file, channels: profile.channels.length }, 'ledger profile taken up');
      }
    } catch (error) {
      log().error({ err: error, file }, 'the ledger profile cannot be read; the one before it stays');
    }
    return profile;
  };
}

/** Changes when a file is replaced or written. */
function markOf(file: string): string {
  const { ino, mtimeMs, size } = statSync(file);
  return `${ino}:${mtimeMs}:${size}`;
}
