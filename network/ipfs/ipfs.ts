import { join, resolve } from 'node:path';
import { z } from 'zod';
import { dropClaim, readClaim, writeClaim } from '../processes/claim.ts';
import { waitUntilGone } from '../processes/inspect.ts';
import { openIdentity, openNode } from './node.ts';
import { createApi } from './server.ts';

/** A running embedded IPFS node. */
export interface Ipfs {
  /** For `kubo-rpc-client`. */
  apiUrl: string;
  /** Lets calls end, puts everything on the disk, and closes. */
  stop(): Promise<void>;
}

/**
 * Starts an embedded IPFS node on 127.0.0.1 with its blocks and pins in `repo`. It speaks to no other node.
 * @throws when another process works on the same folder, or the port is taken
 */
export async function startIpfs(options: {
  repo: string;
  /** A free one when left out or 0. */
  port?: number;
  /** The most bytes one `add` takes. */
  largestAdd?: number;
  onError?: (error: unknown) => void;
  /** The process without which this one has no purpose; when it is gone, the next start ends this one. */
  owner?: number;
}): Promise<Ipfs> {
  const repo = resolve(options.repo);
  const claimFile = join(repo, 'claim');
  const identity = await openIdentity(repo);
  await takeOver(claimFile, repo, identity.peerId);
  const node = await openNode({ repo, identity, largestAdd: options.largestAdd ?? 1024 ** 3 });
  const server = createApi(node, options.onError ?? ((error) => console.error(error)));
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(options.port ?? 0, '127.0.0.1', done);
  });
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The IPFS node has no port.');
  const apiUrl = `http://127.0.0.1:${address.port}`;
  await writeClaim(claimFile, { owner: options.owner ?? process.pid, pid: process.pid, address: apiUrl });
  openHere.add(repo);
  return {
    apiUrl,
    stop: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      const insist = setTimeout(() => server.closeAllConnections(), 5_000);
      await closed;
      clearTimeout(insist);
      await node.blocks.flush();
      openHere.delete(repo);
      await dropClaim(claimFile);
    },
  };
}

const openHere = new Set<string>();

/**
 * Two nodes on one folder would collect each other's blocks as garbage. One that a killed owner left behind is ended; one that
 * still has its owner is left in peace. The peer id tells whether what answers is really the node of this folder.
 */
async function takeOver(claimFile: string, repo: string, peerId: string): Promise<void> {
  if (openHere.has(repo)) throw new Error(`The IPFS storage ${repo} is in use by this process.`);
  const found = await readClaim(claimFile);
  if (found.state === 'free' || found.claim.pid === process.pid) return;
  const { pid, owner, address } = found.claim;
  if (!(await answersAs(address, peerId))) return;
  if (found.state === 'orphaned' && owner !== pid) {
    process.kill(pid, 'SIGTERM');
    if (await waitUntilGone(pid, 10_000)) return;
  }
  throw new Error(`The IPFS storage ${repo} is in use by process ${pid}. Stop that first.`);
}

async function answersAs(address: string, peerId: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/api/v0/id`, { method: 'POST', signal: AbortSignal.timeout(3_000) });
    return z.object({ ID: z.string() }).parse(await response.json()).ID === peerId;
  } catch {
    return false;
  }
}
