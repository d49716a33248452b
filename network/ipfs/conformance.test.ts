import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, type KuboRPCClient } from 'kubo-rpc-client';
import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forms, noise, sizes, trees } from './conformanceCases.ts';
import { type Ipfs, startIpfs } from './ipfs.ts';
import { findKubo, type Kubo, startKubo } from './kubo.ts';

const binary = findKubo();
if (!binary) console.info('skipped: no Kubo binary (put ipfs on PATH or set IPFS_BIN)');

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const absent = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';

/** An empty folder within another has no line of its own in this node's answer; the CIDs are the same. */
const unlike = new Set(['an empty folder, wrapped']);

async function gather<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

/** A result in a form that can be compared: CIDs as text, bytes as hex, an error as its message. */
async function outcome(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return plain(await work());
  } catch (error) {
    return { failed: error instanceof Error ? error.message.trim() : String(error) };
  }
}

function plain(value: unknown): unknown {
  const cid = CID.asCID(value);
  if (cid) return cid.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return { failed: value.message };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
  }
  return value;
}

type Scenario = (client: KuboRPCClient) => Promise<unknown>;

/** The answer on the wire: status, kind of content, body. */
function post(
  apiUrl: string,
  path: string,
  headers: Record<string, string> = {},
  method = 'POST',
  body = '',
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = request(`${apiUrl}/api/v0/${path}`, { method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          type: response.headers['content-type'],
          length: response.headers['x-content-length'],
          body: Buffer.concat(parts).toString('latin1').trimEnd(),
        }),
      );
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

describe.skipIf(!binary)('the embedded node gives what Kubo gives', { timeout: 120_000 }, () => {
  let folder = '';
  let ours: Ipfs;
  let kubo: Kubo;
  let clients: { ours: KuboRPCClient; kubo: KuboRPCClient };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medloom-conformance-'));
    ours = await startIpfs({ repo: join(folder, 'ours') });
    kubo = await startKubo({ repo: join(folder, 'kubo'), binary: binary ?? '', logFile: join(folder, 'kubo.log') });
    clients = { ours: create({ url: ours.apiUrl }), kubo: create({ url: kubo.apiUrl }) };
  }, 120_000);
  afterAll(async () => {
    await ours?.stop();
    await kubo?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function compare(scenario: Scenario): Promise<void> {
    const expected = await outcome(() => scenario(clients.kubo));
    expect(await outcome(() => scenario(clients.ours))).toEqual(expected);
  }
  async function compareWire(
    path: string,
    headers?: Record<string, string>,
    method?: string,
    body?: string,
  ): Promise<void> {
    const expected = await post(kubo.apiUrl, path, headers, method, body);
    expect.soft(await post(ours.apiUrl, path, headers, method, body), `${method ?? 'POST'} ${path}`).toEqual(expected);
  }

  for (const [name, form] of Object.entries(forms)) {
    it(`add and cat of every size: ${name}`, () =>
      compare(async (client) => {
        const results: unknown[] = [];
        for (const size of sizes) {
          const added = await gather(client.addAll([{ path: `f${size}`, content: noise(size) }], form));
          const root = added.at(-1)?.cid;
          const whole =
            name === 'only hashed' || name === 'wrapped' ? '' : Buffer.concat(await gather(client.cat(root ?? absent)));
          results.push(added, whole.length, Buffer.compare(Buffer.from(noise(size)), Buffer.from(whole)));
        }
        return results;
      }));
  }

  for (const [name, files] of Object.entries(trees)) {
    for (const wrapWithDirectory of [false, true]) {
      const title = `${name}${wrapWithDirectory ? ', wrapped' : ''}`;
      it(`add and ls: ${title}`, () =>
        compare(async (client) => {
          const all = await gather(client.addAll(files, { cidVersion: 1, wrapWithDirectory, pin: files.length < 100 }));
          const added = unlike.has(title) ? all.slice(-1) : all;
          const root = added.at(-1)?.cid.toString() ?? '';
          const names = (await gather(client.ls(root))).slice(0, 50);
          return { added: added.length > 50 ? added.slice(-1) : added, names };
        }));
    }
  }

  it('a file without a name', () => compare((client) => client.add(text('nameless'), { cidVersion: 1 })));

  it('progress', () =>
    compare(async (client) => {
      const told: unknown[] = [];
      await client.add(
        { path: 'p', content: noise(600_000) },
        { cidVersion: 1, progress: (bytes, path) => told.push([bytes, path]) },
      );
      return told;
    }));

  it.each([
    { offset: 0, length: 10 },
    { offset: 262_140, length: 10 },
    { offset: 599_999 },
    { offset: 600_000 },
    { offset: 700_000 },
    { length: 0 },
    { offset: -1 },
    { length: -1 },
  ])('cat a part: %j', (range) =>
    compare(async (client) => {
      const { cid } = await client.add(noise(600_000), { cidVersion: 1 });
      return Buffer.concat(await gather(client.cat(cid, range)));
    }),
  );

  it('paths', () =>
    compare(async (client) => {
      const added = await gather(client.addAll(trees['a folder'] ?? [], { cidVersion: 1 }));
      const root = added.at(-1)?.cid.toString() ?? '';
      const results: unknown[] = [];
      for (const path of [
        `${root}/b.txt`,
        `/ipfs/${root}/b.txt`,
        `${root}/none`,
        `${root}/b.txt/deeper`,
        root,
        'nonsense',
        absent,
      ]) {
        results.push(await outcome(() => gather(client.cat(path))));
        results.push(await outcome(() => gather(client.ls(path))));
      }
      return results;
    }));

  it('pins', () =>
    compare(async (client) => {
      const { cid } = await client.add(noise(600_000, 7), { cidVersion: 1, pin: false });
      const leaves = (await gather(client.ls(cid))).map((link) => link.cid);
      const leaf = leaves[0] ?? cid;
      const state = async (): Promise<unknown> => {
        const mine = [cid, ...leaves].map((one) => outcome(() => gather(client.pin.ls({ paths: [one] }))));
        return Promise.all(mine);
      };
      const steps: (() => Promise<unknown>)[] = [
        () => client.pin.add(cid, { recursive: false }),
        () => client.pin.rm(cid),
        () => client.pin.add(cid),
        () => client.pin.add(cid),
        () => client.pin.add(cid, { recursive: false }),
        () => client.pin.add(cid, { name: 'a name' }),
        () => gather(client.pin.ls({ paths: [cid], names: true })),
        () => client.pin.add(leaf, { recursive: false }),
        () => gather(client.pin.ls({ type: 'direct' })),
        () => gather(client.pin.ls({ paths: [leaf], type: 'recursive' })),
        () => client.pin.rm(leaf),
        () => client.pin.rm(leaf),
        () => client.pin.rm(cid, { recursive: false }),
        () => client.pin.rm(cid),
        () => client.pin.rm(cid),
        () => client.pin.add(absent),
        () => gather(client.pin.ls({ paths: [absent] })),
      ];
      const results: unknown[] = [];
      for (const step of steps) results.push(await outcome(step), await state());
      return results;
    }));

  it('blocks', () =>
    compare(async (client) => {
      const results: unknown[] = [];
      for (const form of [
        {},
        { format: 'dag-pb' },
        { format: 'v0' },
        { format: 'protobuf' },
        { format: 'cbor' },
        { format: 'dag-cbor' },
        { format: 'bogus' },
        ...['sha2-512', 'sha1', 'sha3-256', 'sha3-512', 'blake2b-256', 'identity', 'bogus'].map((mhtype) => ({
          mhtype,
        })),
      ]) {
        const settings: Record<string, unknown> = form;
        results.push(
          await outcome(async () => {
            const cid = await client.block.put(text('a block'), settings);
            return [
              cid,
              await client.block.get(cid),
              await client.block.stat(cid),
              await outcome(() => gather(client.block.rm(cid))),
            ];
          }),
        );
      }
      const cid = await client.block.put(text('another'), { pin: true });
      const added = await client.add(noise(600_000, 9), { cidVersion: 1 });
      const leaf = (await gather(client.ls(added.cid)))[0]?.cid ?? cid;
      results.push(await outcome(() => gather(client.block.rm(cid))));
      results.push(await outcome(() => gather(client.block.rm(leaf))));
      results.push(await outcome(() => gather(client.block.rm(CID.parse(absent)))));
      results.push(await outcome(() => gather(client.block.rm(CID.parse(absent), { force: true }))));
      results.push(await outcome(() => client.block.put(noise(2 * 1024 * 1024 + 1))));
      results.push(await outcome(() => client.block.get(CID.parse(absent))));
      return results;
    }));

  it('DAGs', () =>
    compare(async (client) => {
      const { cid: file } = await client.add(text('hello\n'), { cidVersion: 1 });
      const value = { a: { b: [1, 2, file], f: 1.5 }, bytes: text('hi'), z: null };
      const cid = await client.dag.put(value);
      const json = await client.dag.put(value, { storeCodec: 'dag-json' });
      const results: unknown[] = [cid, json, (await client.dag.get(cid)).value, (await client.dag.get(json)).value];
      for (const path of ['', '/a', '/a/b', '/a/b/1', '/a/b/2', '/a/none', '/z', '/bytes', '/a/b/9', '/a/b/x']) {
        results.push(await outcome(() => client.dag.resolve(`${cid}${path}`)));
      }
      return results;
    }));

  it('garbage', () =>
    compare(async (client) => {
      const kept = await client.add(noise(600_000, 11), { cidVersion: 1 });
      const lost = await client.add(noise(600_000, 12), { cidVersion: 1 });
      const long = await client.block.put(text('long hash'), { mhtype: 'sha2-512' });
      await client.pin.rm(lost.cid);
      const freed = (await gather(client.repo.gc())).map((entry) => entry.cid?.toString());
      const freedHere = (await gather(client.ls(kept.cid))).length;
      return [
        freedHere,
        freed.includes(CID.createV1(0x55, long.multihash).toString()),
        await outcome(() => client.block.get(lost.cid)),
        (await client.block.get(kept.cid)).length,
        await gather(client.repo.gc()),
      ];
    }));

  it('answers on the wire', async () => {
    const tree = await gather(clients.kubo.addAll(trees['a folder'] ?? [], { cidVersion: 1 }));
    await gather(clients.ours.addAll(trees['a folder'] ?? [], { cidVersion: 1 }));
    const root = tree.at(-1)?.cid.toString() ?? '';
    const file = tree[0]?.cid.toString() ?? '';
    const dag = '{"a":{"b":[1,{"/":{"bytes":"aGk"}}]},"z":null}';
    const form = { 'Content-Type': 'multipart/form-data; boundary=x' };
    const body = (content: string): string =>
      `--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\nContent-Type: application/octet-stream\r\n\r\n${content}\r\n--x--\r\n`;
    await compareWire('dag/put', form, 'POST', body(dag));
    const cid = (await clients.kubo.dag.put({ a: [1, 2] })).toString();
    await clients.ours.dag.put({ a: [1, 2] });
    for (const path of [
      `cat?arg=${file}`,
      `cat?arg=${file}&arg=${root}/b.txt`,
      `cat?arg=${file}&arg=${file}&offset=4&length=4`,
      `cat?arg=${file}&offset=x`,
      'cat',
      'cat?arg=nonsense',
      `cat?arg=${absent}`,
      `ls?arg=${root}`,
      `ls?arg=${root}&stream=true`,
      `ls?arg=${root}&size=false&resolve-type=false`,
      `ls?arg=${file}`,
      `ls?arg=${root}/c&arg=${root}`,
      `pin/ls?arg=${root}`,
      `pin/ls?arg=${file}&stream=true`,
      'pin/ls?type=bogus',
      'pin/ls?quiet=x',
      `pin/add?arg=${root}`,
      `pin/add?arg=${root}&recursive=maybe`,
      'pin/add',
      'pin/rm',
      `block/get?arg=${file}`,
      `block/stat?arg=${file}`,
      'block/get',
      'block/rm?arg=nonsense',
      'block/rm',
      `dag/get?arg=${root}`,
      `dag/get?arg=${root}/b.txt`,
      `dag/get?arg=${root}/none`,
      `dag/get?arg=${file}`,
      `dag/get?arg=${cid}`,
      `dag/get?arg=${cid}/a`,
      `dag/get?arg=${cid}/a/1`,
      `dag/get?arg=${cid}&output-codec=dag-cbor`,
      `dag/resolve?arg=${root}/b.txt`,
      `dag/resolve?arg=${cid}/a`,
      `files/stat?arg=/ipfs/${root}`,
      `files/stat?arg=/ipfs/${file}`,
      'add',
    ]) {
      await compareWire(path);
    }
    for (const query of [
      '',
      '?cid-version=1',
      '?cid-version=x',
      '?cid-version=2',
      '?chunker=size-0',
      '?chunker=foo',
      '?pin=maybe',
      '?quiet=true',
    ]) {
      await compareWire(`add${query}`, form, 'POST', body('hello'));
    }
    await compareWire('version', {}, 'GET');
    await compareWire('version', {}, 'OPTIONS');
    await compareWire('version', { Origin: 'http://evil.example' });
    await compareWire('version', { Referer: 'http://evil.example/' });
    await compareWire('version', { 'User-Agent': 'Mozilla/5.0' });
  });
});
