import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { fabricVersion, getFabric } from './getFabric.ts';
import { findFabric } from './programs.ts';

const machine = { platform: 'linux', architecture: 'x64' };
const name = `hyperledger-fabric-linux-amd64-${fabricVersion}.tar.gz`;

let dir = '';
let archive: Buffer;
let sha256 = '';
let server: Server;
let releaseUrl = '';
/** What the server says of the release; the archive itself stands at /archive. */
let digest: string | null | undefined;
let requests: string[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'medloom-get-fabric-'));
  const source = join(dir, 'source');
  for (const file of ['bin/peer', 'bin/orderer', 'bin/osnadmin', 'bin/configtxgen', 'builders/ccaas/bin/detect']) {
    mkdirSync(join(source, file, '..'), { recursive: true });
    writeFileSync(join(source, file), '#!/bin/sh\n', { mode: 0o755 });
  }
  mkdirSync(join(source, 'config'));
  for (const file of ['core.yaml', 'orderer.yaml']) writeFileSync(join(source, 'config', file), '');
  const file = join(dir, 'archive.tar.gz');
  execFileSync('tar', ['-czf', file, '-C', source, 'bin', 'config', 'builders']);
  archive = readFileSync(file);
  sha256 = createHash('sha256').update(archive).digest('hex');
  server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (request.url === '/moved') return response.writeHead(302, { location: '/archive' }).end();
    if (request.url === '/archive') return response.end(archive);
    if (request.url !== '/release') return response.writeHead(404).end();
    response.end(JSON.stringify({ assets: [{ name, browser_download_url: `${base()}/moved`, digest }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  releaseUrl = `${base()}/release`;
});
afterEach(() => {
  requests = [];
  for (const left of readdirSync(dir).filter((entry) => entry.startsWith('into')))
    rmSync(join(dir, left), { recursive: true });
});
afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true, force: true });
});

function base(): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}

const into = () => join(dir, 'into');

it('fetches the archive of this machine, compares it with the checksum that is published, and is found by a start', async () => {
  digest = `sha256:${sha256}`;
  expect(await getFabric({ releaseUrl, into: into(), ...machine })).toBe(true);
  expect(requests).toEqual(['/release', '/moved', '/archive']);
  expect(findFabric({ FABRIC_BIN: join(into(), 'bin') })).toMatchObject({
    peer: join(into(), 'bin', 'peer'),
    builder: join(into(), 'builders', 'ccaas'),
  });
  expect(readdirSync(dir).filter((entry) => entry.endsWith('.partial'))).toEqual([]);
});

it('fetches nothing where the same is there', async () => {
  digest = `sha256:${sha256}`;
  await getFabric({ releaseUrl, into: into(), ...machine });
  requests = [];
  expect(await getFabric({ releaseUrl, into: into(), ...machine })).toBe(false);
  expect(requests).toEqual([]);
});

it('throws away what has another checksum, and leaves what was there', async () => {
  mkdirSync(into());
  writeFileSync(join(into(), 'mine'), '');
  digest = `sha256:${'0'.repeat(64)}`;
  await expect(getFabric({ releaseUrl, into: into(), ...machine })).rejects.toThrow(
    `SHA-256 ${sha256}, and ${'0'.repeat(64)} was expected`,
  );
  expect(readdirSync(into())).toEqual(['mine']);
  expect(readdirSync(dir).filter((entry) => entry.endsWith('.partial'))).toEqual([]);
});

it('takes no archive without a checksum, unless one is given', async () => {
  digest = null;
  await expect(getFabric({ releaseUrl, into: into(), ...machine })).rejects.toMatchObject({
    advice: expect.stringContaining('--sha256'),
  });
  expect(requests).toEqual(['/release']);
  expect(existsSync(into())).toBe(false);
  expect(await getFabric({ releaseUrl, into: into(), sha256, ...machine })).toBe(true);
});

it('says what it has no release for, and what does not answer', async () => {
  digest = `sha256:${sha256}`;
  await expect(getFabric({ releaseUrl, into: into(), platform: 'sunos', architecture: 'x64' })).rejects.toThrow(
    'sunos',
  );
  const arm = { platform: 'linux', architecture: 'arm64' };
  await expect(getFabric({ releaseUrl, into: into(), ...arm })).rejects.toThrow(
    'describes no hyperledger-fabric-linux-arm64',
  );
  await expect(getFabric({ releaseUrl: `${base()}/none`, into: into(), ...machine })).rejects.toThrow('status 404');
  await expect(getFabric({ releaseUrl: 'http://127.0.0.1:1/', into: into(), ...machine })).rejects.toMatchObject({
    message: expect.stringContaining('127.0.0.1:1 could not be read'),
    advice: expect.stringContaining('FABRIC_BIN'),
  });
});
