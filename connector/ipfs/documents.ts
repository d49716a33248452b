import { create } from 'kubo-rpc-client';
import { CID } from 'multiformats/cid';
import { cidOf, maximumEnvelope } from '#crypto/envelope.ts';
import { ConnectorError } from '../errors.ts';

const deadlineMs = 8_000;

/** Where ciphertext is kept. */
export interface Documents {
  /** Stores and pins one block, and answers its CID. */
  add(bytes: Uint8Array): Promise<string>;
  /** Reads one block; whoever asked compares it with what the ledger has. */
  read(cid: string): Promise<Uint8Array>;
}

/** A client of a Kubo RPC endpoint. Both throw STORAGE_UNAVAILABLE where it does not answer, or with other bytes. */
export function openDocuments(apiUrl: string): Documents {
  const client = create({ url: apiUrl });
  return {
    add: async (bytes) => {
      const expected = cidOf(bytes);
      return told(async () => {
        const signal = AbortSignal.timeout(deadlineMs);
        const added = await client.add(bytes, { cidVersion: 1, rawLeaves: true, pin: true, signal });
        if (added.cid.toString() !== expected) throw new Error(`the storage answered ${added.cid}`);
        return expected;
      });
    },
    read: (cid) =>
      told(async () => {
        const bytes = await client.block.get(CID.parse(cid), { signal: AbortSignal.timeout(deadlineMs) });
        if (bytes.length > maximumEnvelope || cidOf(bytes) !== cid) throw new Error(`other bytes than those of ${cid}`);
        return bytes;
      }),
  };
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new ConnectorError('STORAGE_UNAVAILABLE', 'the storage of documents does not answer', { cause });
  }
}
