import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { create, type KuboRPCClient } from 'kubo-rpc-client';
import { CID } from 'multiformats/cid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Ipfs, startIpfs } from './ipfs.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const absent = CID.parse('bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy');

async function read(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

async function gather<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

/** Bytes that look random and are the same each time. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  });
}

async function findBlock(repo: string, cid: CID): Promise<string> {
  const names = await readdir(join(repo, 'blocks'), { recursive: true });
  const { base32upper } = await import('multiformats/bases/base32');
  const name = names.find((entry) => entry.endsWith(`${base32upper.encode(cid.multihash.bytes)}.data`));
  if (!name) throw new Error(`no file for ${cid}`);
  return join(repo, 'blocks', name);
}

describe('the embedded IPFS node', () => {
  let repo = '';
  let ipfs: Ipfs;
  let client: KuboRPCClient;

  beforeEach(async () => {
    repo = await mkdtemp(join(tmpdir(), 'medloom-ipfs-'));
    ipfs = await startIpfs({ repo, largestAdd: 3_000_000 });
    client = create({ url: ipfs.apiUrl });
  });
  afterEach(async () => {
    await ipfs.stop();
    await rm(repo, { recursive: true, force: true });
  });

  async function post(
    path: string,
    headers: Record<string, string> = {},
    method = 'POST',
  ): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const call = request(`${ipfs.apiUrl}${path}`, { method, headers }, (response) => {
        read(response).then((body) => resolve({ status: response.statusCode ?? 0, body: body.toString() }), reject);
      });
      call.on('error', reject);
      call.end();
    });
  }

  it.each([
    ['hello\n', 1, 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am'],
    ['', 1, 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'],
    ['', 0, 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH'],
  ] as const)('gives the CIDs that Kubo gives: %j, version %i', async (content, cidVersion, expected) => {
    const { cid } = await client.add(text(content), { cidVersion });
    expect(cid.toString()).toBe(expected);
    expect((await read(client.cat(cid))).toString()).toBe(content);
  });

  it('gives the CID that Kubo gives to a file of several blocks, with progress', async () => {
    const bytes: number[] = [];
    const content = Buffer.alloc(600_000, 'a');
    const { cid, size } = await client.add(
      { path: 'big', content },
      { cidVersion: 1, progress: (done) => bytes.push(done) },
    );
    expect(cid.toString()).toBe('bafybeiatdswo7vizqs3gpobeob6rph5tyeqpxs6bp5wmruk3kc5kcrsvba');
    expect(size).toBe(600_158);
    expect(bytes).toEqual([262_144, 524_288, 600_000]);
    expect(await read(client.cat(cid, { offset: 262_140, length: 10 }))).toEqual(Buffer.alloc(10, 'a'));
  });

  it('gives the CIDs that Kubo gives to a tree of files, and lists it', async () => {
    const files = [
      { path: 'a/b.txt', content: text('hello\n') },
      { path: 'a/c/d.txt', content: Buffer.alloc(600_000, 'a') },
    ];
    const added = await gather(client.addAll(files, { cidVersion: 1 }));
    expect(added.map(({ path, cid, size }) => `${path} ${cid} ${size}`)).toEqual([
      'a/b.txt bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am 6',
      'a/c/d.txt bafybeiatdswo7vizqs3gpobeob6rph5tyeqpxs6bp5wmruk3kc5kcrsvba 600158',
      'a/c bafybeidfgnrnnlqnujofaabbkoxrarpo2ljos56s3nnwpiti4vydooidmq 600213',
      'a bafybeickqgnltqo3l2jlvocvjdx2uzs4t5nfmb56hasa53mie3txak36ja 600319',
    ]);
    const root = added[3]?.cid ?? absent;
    expect((await gather(client.ls(root))).map(({ name, type, size }) => ({ name, type, size }))).toEqual([
      { name: 'b.txt', type: 'file', size: 6 },
      { name: 'c', type: 'dir', size: 0 },
    ]);
    expect((await read(client.cat(`/ipfs/${root}/b.txt`))).toString()).toBe('hello\n');
    await expect(read(client.cat(`${root}/none`))).rejects.toThrow(`no link named "none" under ${root}`);
    await expect(read(client.cat(root))).rejects.toThrow('this dag node is a directory');
  });

  it('wraps in a folder, cuts as told, and hashes without storing', async () => {
    const content = noise(100_000);
    const cut = await client.add(content, { cidVersion: 1, chunker: 'size-1000', onlyHash: true });
    await expect(client.block.stat(cut.cid, { signal: AbortSignal.timeout(5_000) })).rejects.toThrow(
      'block was not found locally',
    );
    expect((await client.add(content, { cidVersion: 1, chunker: 'size-1000' })).cid.toString()).toBe(
      cut.cid.toString(),
    );
    expect(await read(client.cat(cut.cid))).toEqual(Buffer.from(content));
    const wrapped = await gather(client.addAll([{ path: 'x', content }], { cidVersion: 1, wrapWithDirectory: true }));
    expect(wrapped.map(({ path }) => path)).toEqual(['x', '']);
  });

  it('streams what is added, and stores nothing pinned when it breaks off', async () => {
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      yield noise(300_000);
      throw new Error('the source failed');
    };
    await expect(client.add({ path: 'x', content: endless() }, { cidVersion: 1 })).rejects.toThrow();
    expect(await gather(client.pin.ls())).toEqual([]);
    await gather(client.repo.gc());
    expect((await client.repo.stat()).numObjects).toBe(0n);
  });

  it.each([
    [{ chunker: 'rabin' }, 'does not serve the chunker rabin'],
    [{ chunker: 'size-0' }, 'chunker size must be greater than 0'],
    [{ chunker: 'size-9999999' }, 'chunker parameters may not exceed the maximum chunk size of 2096896'],
    [{ chunker: 'words' }, 'unrecognized chunker option: words'],
    [{ trickle: true }, 'does not serve add with trickle'],
    [{ hashAlg: 'x', hash: 'sha3-512' }, 'sha2-256 only'],
    [{ cidVersion: 2 }, 'unknown CID version: 2'],
  ])('refuses what it does not serve: %j', async (options, message) => {
    const settings: Record<string, unknown> = options;
    await expect(client.add(text('x'), settings)).rejects.toThrow(message);
  });

  it('refuses to store a mode or a time', async () => {
    const file = { path: 'm', content: text('m'), mode: 0o600 };
    await expect(client.add(file)).rejects.toThrow('does not serve add with mode or mtime');
  });

  it('tells why it refuses, also to a caller who reads only when all is sent', async () => {
    const head = [
      'POST /api/v0/add HTTP/1.1',
      'Host: localhost',
      'Content-Type: multipart/form-data; boundary=x',
      'Transfer-Encoding: chunked',
      '',
      '',
    ].join('\r\n');
    const part =
      '--x\r\nContent-Disposition: form-data; name="file?mode=0644"; filename="m"\r\n' +
      'Content-Type: application/octet-stream\r\n\r\n';
    const chunk = (bytes: Uint8Array) =>
      Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, text('\r\n')]);
    const socket = connect(Number(new URL(ipfs.apiUrl).port), '127.0.0.1');
    const send = (bytes: string | Uint8Array) =>
      new Promise<void>((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve())));
    socket.pause();
    await send(head);
    await send(chunk(text(part)));
    for (let sent = 0; sent < 150; sent += 1) await send(chunk(noise(65_536)));
    await send(chunk(text('\r\n--x--\r\n')));
    await send('0\r\n\r\n');
    const answer = (await read(socket)).toString();
    expect(answer).toContain('HTTP/1.1 500');
    expect(answer).toContain('does not serve add with mode or mtime');
  });

  it('refuses more than it is allowed to take', async () => {
    await expect(client.add(noise(3_000_001))).rejects.toThrow(/larger than this node takes|EPIPE|ECONNRESET/);
    await expect(client.block.put(noise(2 * 1024 * 1024 + 1))).rejects.toThrow('produced block is over 2MiB');
    expect((await client.add(noise(3_000_000))).size).toBeGreaterThan(3_000_000);
  });

  it('pins, lists and unpins recursively, directly and indirectly', async () => {
    const { cid: root } = await client.add(noise(600_000), { cidVersion: 1 });
    const [leaf] = (await gather(client.ls(root))).map((link) => link.cid);
    if (!leaf) throw new Error('no leaf');
    const pins = async (options: { type?: 'all' | 'direct'; paths?: CID[] } = {}): Promise<string[]> =>
      (await gather(client.pin.ls(options))).map(({ cid, type }) => `${type} ${cid}`);
    expect(await pins()).toContain(`recursive ${root}`);
    expect(await pins({ paths: [leaf] })).toEqual([`indirect through ${root} ${leaf}`]);
    await expect(client.pin.rm(leaf)).rejects.toThrow('not pinned or pinned indirectly');
    await expect(client.pin.add(root, { recursive: false })).rejects.toThrow('already pinned recursively');
    await expect(client.pin.rm(root, { recursive: false })).rejects.toThrow('is pinned recursively');
    await client.pin.add(leaf, { recursive: false });
    await client.pin.rm(root);
    expect(await pins()).toEqual([`direct ${leaf}`]);
    await expect(client.pin.add(absent)).rejects.toThrow('pin: block was not found locally');
    await expect(pins({ paths: [absent] })).rejects.toThrow(`path '${absent}' is not pinned`);
    const freed = (await gather(client.repo.gc())).map(({ cid }) => cid?.toString());
    expect(freed).toHaveLength(3);
    expect(await client.block.get(leaf)).toHaveLength(262_144);
  });

  it('does not collect a block that two pins keep until both are gone, nor one under another hash', async () => {
    const { cid: one } = await client.add(
      { path: 'x', content: text('shared') },
      { cidVersion: 1, wrapWithDirectory: true },
    );
    const { cid: other } = await client.add(
      { path: 'y', content: text('shared') },
      { cidVersion: 1, wrapWithDirectory: true },
    );
    const long = await client.block.put(text('other hash'), { mhtype: 'sha2-512', pin: true });
    await client.pin.rm(one);
    await gather(client.repo.gc());
    expect((await read(client.cat(`${other}/y`))).toString()).toBe('shared');
    expect(Buffer.from(await client.block.get(long)).toString()).toBe('other hash');
    await client.pin.rm(other);
    await client.pin.rm(long);
    await gather(client.repo.gc());
    expect((await client.repo.stat()).numObjects).toBe(0n);
  });

  it('frees nothing while a pinned DAG has a hole', async () => {
    const { cid } = await client.add(noise(600_000), { cidVersion: 1 });
    const [first] = await gather(client.ls(cid));
    await client.block.put(text('garbage'));
    await rm(await findBlock(repo, first?.cid ?? absent));
    await expect(gather(client.repo.gc())).rejects.toThrow('could not find');
    expect((await client.repo.stat()).numObjects).toBe(4n);
  });

  it('never serves bytes that are not what the CID names', async () => {
    const { cid } = await client.add(noise(600_000), { cidVersion: 1 });
    const [, second] = await gather(client.ls(cid));
    const block = second?.cid ?? absent;
    await writeFile(await findBlock(repo, block), noise(262_143));
    await expect(client.block.get(block)).rejects.toThrow('block in storage has different hash than requested');
    await expect(client.pin.add(cid)).rejects.toThrow('different hash');
    // Half of the file can be sent before the damage is met: the answer must not end as if it were whole.
    await expect(read(client.cat(cid))).rejects.toThrow();
    expect((await client.add(noise(600_000), { cidVersion: 1 })).cid.toString()).toBe(cid.toString());
    expect(await read(client.cat(cid))).toEqual(Buffer.from(noise(600_000)));
  });

  it('puts, reads and removes blocks', async () => {
    const cid = await client.block.put(text('a block'));
    expect(cid.toString()).toBe((await client.add(text('a block'), { cidVersion: 1, onlyHash: true })).cid.toString());
    expect(await client.block.stat(cid)).toEqual({ cid, size: 7 });
    expect(await gather(client.block.rm([cid]))).toMatchObject([{ cid }]);
    await expect(client.block.get(cid)).rejects.toThrow('block was not found locally');
    expect((await gather(client.block.rm([cid])))[0]?.error?.message).toContain('could not find');
    expect(await gather(client.block.rm([cid], { force: true }))).toHaveLength(1);
    const { cid: pinned } = await client.add(text('pinned'));
    expect((await gather(client.block.rm([pinned])))[0]?.error?.message).toBe('pinned: recursive');
  });

  it('removes no block that is pinned under another CID of the same bytes', async () => {
    const { cid: root } = await client.add(noise(600_000), { cidVersion: 1 });
    const [leaf] = (await gather(client.ls(root))).map((link) => link.cid);
    const { cid: single } = await client.add(text('pinned'), { cidVersion: 0 });
    for (const [cid, message] of [
      [CID.createV1(0x55, root.multihash), 'pinned: recursive'],
      [single.toV1(), 'pinned: recursive'],
      [CID.createV1(0x71, leaf?.multihash ?? absent.multihash), `pinned via ${root}`],
    ] as const)
      expect((await gather(client.block.rm([cid], { force: true })))[0]?.error?.message).toBe(message);
    expect(await read(client.cat(root))).toHaveLength(600_000);
  });

  it('reads DAGs and resolves paths through them', async () => {
    const { cid: file } = await client.add(text('hello\n'), { cidVersion: 1 });
    const cid = await client.dag.put({ a: { b: [1, 2, file] }, z: null });
    expect((await client.dag.get(cid)).value).toEqual({ a: { b: [1, 2, file] }, z: null });
    expect((await client.dag.get(cid, { path: '/a/b/1' })).value).toBe(2);
    expect(await client.dag.resolve(cid, { path: 'a/b/2' })).toEqual({ cid: file, remainderPath: '' });
    expect((await client.dag.resolve(cid, { path: 'a/b' })).remainderPath).toBe('/a/b');
    await expect(client.dag.resolve(cid, { path: 'a/none' })).rejects.toThrow('key not found: "none"');
    const json = await post(`/api/v0/dag/get?arg=${cid}`);
    expect(json.body).toBe(`{"a":{"b":[1,2,{"/":"${file}"}]},"z":null}`);
  });

  it('says who it is, and does not claim to be Kubo', async () => {
    const { id, agentVersion } = await client.id();
    expect(id.toString()).toMatch(/^12D3Koo/);
    expect(agentVersion).toMatch(/^medloom-ipfs\//);
    expect((await client.version()).version).toBe('0.1.0');
    expect(await client.isOnline().catch(() => false)).toBe(false);
    await ipfs.stop();
    ipfs = await startIpfs({ repo });
    expect((await create({ url: ipfs.apiUrl }).id()).id.toString()).toBe(id.toString());
  });

  it('keeps an idle connection for a minute, so that a busy client does not write as it is closed', async () => {
    const { headers } = await fetch(`${ipfs.apiUrl}/api/v0/version`, {
      method: 'POST',
      headers: { 'User-Agent': 'node' },
    });
    expect(headers.get('keep-alive')).toBe('timeout=60');
  });

  it('answers pages in browsers, other methods and unknown calls with a refusal', async () => {
    expect(ipfs.apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await post('/api/v0/version', { Origin: 'http://evil.example' })).toMatchObject({ status: 403 });
    expect(await post('/api/v0/version', { Referer: 'http://evil.example/' })).toMatchObject({ status: 403 });
    expect(await post('/api/v0/version', { 'User-Agent': 'Mozilla/5.0' })).toMatchObject({ status: 403 });
    expect(await post('/api/v0/version', {}, 'GET')).toMatchObject({ status: 405 });
    expect(await post('/api/v0/version', {}, 'PUT')).toMatchObject({ status: 405 });
    expect(await post('/api/v0/swarm/connect')).toMatchObject({
      status: 404,
      body: expect.stringContaining('does not serve'),
    });
    expect(await post('/elsewhere')).toMatchObject({ status: 404 });
    expect(await post('/api/v0/cat')).toEqual({ status: 400, body: 'argument "ipfs-path" is required\n' });
    expect(await post('/api/v0/add')).toEqual({ status: 400, body: "file argument 'path' is required\n" });
    expect(await post('/api/v0/add', { 'Content-Type': 'multipart/form-data; boundary=x' })).toMatchObject({
      status: expect.toBeOneOf([400, 500]),
    });
    expect(await post('/api/v0/cat?arg=../../etc/passwd')).toMatchObject({
      status: 500,
      body: expect.stringContaining('invalid path'),
    });
  });

  it('names a damaged name of its own, and leaves it as it is', async () => {
    const file = join(repo, 'identity.json');
    const whole = await readFile(file, 'utf8');
    await ipfs.stop();
    for (const damaged of [whole.slice(0, 20), '', '{"peerId":7}']) {
      await writeFile(file, damaged);
      await expect(startIpfs({ repo })).rejects.toThrow(`${file}, is damaged. It was not changed`);
      expect(await readFile(file, 'utf8')).toBe(damaged);
    }
    await writeFile(file, whole);
    ipfs = await startIpfs({ repo });
  });

  it('refuses a second node on the same storage', async () => {
    await expect(startIpfs({ repo })).rejects.toThrow('in use');
  });
});

describe('the embedded IPFS node as a process', () => {
  let repo = '';
  let children: ChildProcess[] = [];

  beforeAll(async () => {
    repo = await mkdtemp(join(tmpdir(), 'medloom-ipfs-'));
  });
  afterEach(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    children = [];
  });
  afterAll(() => rm(repo, { recursive: true, force: true }));

  async function run(): Promise<{ child: ChildProcess; client: KuboRPCClient }> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--repo', repo, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    if (!child.stdout) throw new Error('no output');
    const [line] = await once(createInterface(child.stdout), 'line');
    const { apiUrl } = z.object({ ready: z.literal(true), apiUrl: z.string() }).parse(JSON.parse(String(line)));
    return { child, client: create({ url: apiUrl }) };
  }

  it('keeps every acknowledged pin over kill -9, and clears what was half written', { timeout: 30_000 }, async () => {
    const first = await run();
    const acknowledged: CID[] = [];
    const adding = (async () => {
      for (let number = 0; ; number += 1) {
        const { cid } = await first.client.add(text(`document ${number} ${'x'.repeat(number)}`), { cidVersion: 1 });
        acknowledged.push(cid);
      }
    })();
    adding.catch(() => undefined);
    await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(20);
    first.child.kill('SIGKILL');
    await expect(adding).rejects.toThrow();

    const [shard = ''] = await readdir(join(repo, 'blocks'));
    await writeFile(join(repo, 'blocks', shard, 'BHALF.data.tmp'), 'half');
    await appendFile(join(repo, 'pins.jsonl'), '{"pin":"bafk');
    const second = await run();
    const pinned = new Set(
      (await gather(second.client.pin.ls({ type: 'recursive' }))).map(({ cid }) => cid.toString()),
    );
    await gather(second.client.repo.gc());
    for (const [number, cid] of acknowledged.entries()) {
      expect(pinned.has(cid.toString())).toBe(true);
      expect((await read(second.client.cat(cid))).toString()).toBe(`document ${number} ${'x'.repeat(number)}`);
    }
    expect(await readdir(join(repo, 'blocks', shard))).not.toContain('BHALF.data.tmp');
    await second.client.add(text('after the cut line'));
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
    expect(await readFile(join(repo, 'pins.jsonl'), 'utf8')).not.toContain('"bafk{');
  });

  it('does not start with a damaged list of pins, and leaves it as it is', async () => {
    const file = join(repo, 'pins.jsonl');
    const sound = await readFile(file, 'utf8');
    await writeFile(file, `{"pin":7}\n${sound}`);
    await expect(startIpfs({ repo })).rejects.toThrow('is damaged in line 1');
    expect(await readFile(file, 'utf8')).toBe(`{"pin":7}\n${sound}`);
    await writeFile(file, sound);
    await truncate(file, Buffer.byteLength(sound));
    await (await startIpfs({ repo })).stop();
  });
});
