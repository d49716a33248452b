import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dagOf, leafBlock } from '#crypto/dag.ts';
import { type Ipfs, startIpfs } from '#network/ipfs/ipfs.ts';
import { AppError } from '#server/errors.ts';
import { cidOf, largestDocument, linksOf, openIpfs } from './ipfs.ts';

let folder: string;
let node: Ipfs;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-gateway-ipfs-'));
  node = await startIpfs({ repo: folder });
}, 60_000);
afterAll(async () => {
  await node?.stop();
  await rm(folder, { recursive: true, force: true });
});

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

/** A storage that answers as it is told. */
async function storage<T>(answer: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  try {
    return await use(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('document storage', () => {
  it.each([1, 300, 65_537, largestDocument])('gives back %i bytes under the CID of one raw block', async (length) => {
    const ipfs = openIpfs(node.apiUrl);
    const bytes = randomBytes(length);
    const cid = await ipfs.add(bytes);
    expect(cid).toBe(cidOf(bytes));
    expect(cid).toMatch(/^b[a-z2-7]{58}$/);
    expect(Buffer.from(await ipfs.read(cid)).equals(bytes)).toBe(true);
  });

  it('keeps single blocks, and nodes above them as IPFS lays a file out', async () => {
    const ipfs = openIpfs(node.apiUrl);
    const parts = [randomBytes(largestDocument), randomBytes(500)];
    const leaves = await Promise.all(parts.map((bytes) => leafBlock(new Uint8Array(bytes))));
    const { root, nodes } = await dagOf(leaves.map(({ cid, bytes }) => ({ cid, size: bytes.length })));
    const [top] = nodes;
    if (top === undefined) throw new Error('no node');
    // A node whose blocks are missing cannot be pinned.
    expect(await code(ipfs.putBlock(top.bytes, 'dag-pb'))).toMatch(/NOT_FOUND|IPFS_UNAVAILABLE/);
    for (const { cid, bytes } of leaves) expect(await ipfs.putBlock(bytes, 'raw')).toBe(cid);
    expect(await ipfs.putBlock(top.bytes, 'dag-pb')).toBe(root);
    expect(linksOf(root, await ipfs.readBlock(root))).toEqual(leaves.map(({ cid }) => cid));
    const file = await fetch(new URL(`/api/v0/cat?arg=${root}`, node.apiUrl), { method: 'POST' });
    expect(Buffer.from(await file.arrayBuffer()).equals(Buffer.concat(parts))).toBe(true);
    expect(await code(ipfs.readBlock(cidOf(randomBytes(9))))).toBe('NOT_FOUND');
    expect(await code(ipfs.putBlock(randomBytes(largestDocument + 1), 'raw'))).toBe('TOO_LARGE');
  });

  it('takes a pin off, once and again', async () => {
    const ipfs = openIpfs(node.apiUrl);
    const cid = await ipfs.add(randomBytes(30));
    const pins = async () => {
      const answer = await fetch(new URL('/api/v0/pin/ls', node.apiUrl), { method: 'POST' });
      return await answer.text();
    };
    expect(await pins()).toContain(cid);
    await ipfs.unpin(cid);
    expect(await pins()).not.toContain(cid);
    await ipfs.unpin(cid);
    expect(await code(openIpfs('http://127.0.0.1:9').unpin(cid))).toBe('IPFS_UNAVAILABLE');
  });

  it('refuses what is larger than one block', async () => {
    expect(await code(openIpfs(node.apiUrl).add(Buffer.alloc(largestDocument + 1)))).toBe('TOO_LARGE');
  });

  it('names what it has not got, and a node that is away', async () => {
    expect(await code(openIpfs(node.apiUrl).read(cidOf(randomBytes(9))))).toBe('NOT_FOUND');
    const away = openIpfs('http://127.0.0.1:9');
    expect(await code(away.read(cidOf(randomBytes(9))))).toBe('IPFS_UNAVAILABLE');
    expect(await code(away.add(randomBytes(9)))).toBe('IPFS_UNAVAILABLE');
    expect(await code(away.health(500))).toBe('IPFS_UNAVAILABLE');
    expect(await code(openIpfs(node.apiUrl).health(2_000))).toBeUndefined();
  });

  it.each([
    ['other bytes', 'these are others'],
    ['no bytes', ''],
    ['a beginning only', 'the docu'],
    ['more bytes', 'the document and more'],
    ['far too many bytes', 'x'.repeat(largestDocument * 3)],
  ])('refuses %s than those of the CID', async (_name, body) => {
    const cid = cidOf(Buffer.from('the document'));
    const answer: RequestListener = (_request, response) => response.end(body);
    expect(await storage(answer, (url) => code(openIpfs(url).read(cid)))).toBe('CONTENT_MISMATCH');
  });

  it('refuses a storage that claims another CID', async () => {
    const answer: RequestListener = (request, response) => {
      request.resume();
      request.on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(`${JSON.stringify({ Name: 'x', Hash: cidOf(Buffer.from('another')), Size: '7' })}\n`);
      });
    };
    expect(await storage(answer, (url) => code(openIpfs(url).add(Buffer.from('mine'))))).toBe('CONTENT_MISMATCH');
  });
});
