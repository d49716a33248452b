import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Host, keepIpfs, stopServices } from './services.ts';
import { openState, type State } from './state.ts';

/** A program that is to Kubo what its start needs: it makes a configuration, and answers where that says. */
const kubo = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const config = process.env.IPFS_PATH + '/config';
if (process.argv[2] === 'init') writeFileSync(config, '{"Addresses":{}}');
else {
  const port = JSON.parse(readFileSync(config, 'utf8')).Addresses.API.split('/').pop();
  require('node:http').createServer((_, response) => response.end('{}')).listen(Number(port), '127.0.0.1');
}
`;

let dir = '';
let state: State;
let host: Host;
let binary = '';

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'medloom-services-'));
  mkdirSync(join(dir, 'bin'));
  binary = join(dir, 'bin', 'ipfs');
  writeFileSync(binary, kubo, { mode: 0o755 });
  writeFileSync(join(dir, 'bin', 'package.json'), '{ "type": "commonjs" }');
  state = await openState(join(dir, 'state'));
  const abort = new AbortController();
  host = {
    ...{ state, signal: abort.signal, giveUp: () => abort.abort(), env: {}, services: [] },
    ...{ say: () => undefined, onChange: () => undefined },
  };
});
afterEach(async () => {
  await stopServices(host);
  state.release();
  rmSync(dir, { recursive: true, force: true });
});

const repos = () => ['ipfs', 'kubo'].filter((name) => existsSync(state.path(name)));

describe('keepIpfs', () => {
  it('runs the embedded node where nothing else is said, though a Kubo is on PATH', async () => {
    host.env = { PATH: join(dir, 'bin') };
    const url = await keepIpfs(host, undefined);
    const version = await fetch(`${url}/api/v0/version`, { method: 'POST' });
    expect(await version.json()).toMatchObject({ Version: '0.1.0' });
    expect(repos()).toEqual(['ipfs']);
  });

  it.each([
    ['IPFS_BIN is set', undefined, () => ({ IPFS_BIN: binary })],
    ['it is asked for and on PATH', 'kubo', () => ({ PATH: `/nowhere${delimiter}${join(dir, 'bin')}` })],
  ] as const)('runs a Kubo where %s', async (_name, kind, env) => {
    host.env = env();
    const url = await keepIpfs(host, kind);
    expect((await fetch(`${url}/api/v0/version`, { method: 'POST' })).status).toBe(200);
    expect(repos()).toEqual(['kubo']);
  });

  it('takes IPFS_API_URL before all, and starts nothing', async () => {
    host.env = { IPFS_BIN: binary, IPFS_API_URL: 'http://127.0.0.1:9' };
    await expect(keepIpfs(host, 'kubo')).rejects.toThrow('No IPFS node answers at http://127.0.0.1:9 (IPFS_API_URL)');
    expect(repos()).toEqual([]);
  });

  it('says that there is no Kubo, and what to do', async () => {
    host.env = { PATH: '/nowhere' };
    await expect(keepIpfs(host, 'kubo')).rejects.toMatchObject({
      message: 'Kubo was not found.',
      advice: expect.stringContaining('IPFS_BIN'),
    });
    host.env = { IPFS_BIN: join(dir, 'absent') };
    await expect(keepIpfs(host, undefined)).rejects.toMatchObject({
      message: expect.stringContaining(join(dir, 'absent')),
      advice: expect.stringContaining('--ipfs embedded'),
    });
  });

  it('does not lose sight of documents by running the other node, whichever was said', async () => {
    mkdirSync(state.path('ipfs'));
    writeFileSync(state.path('ipfs', 'identity.json'), '{}');
    host.env = { IPFS_BIN: binary };
    await expect(keepIpfs(host, undefined)).rejects.toMatchObject({
      message: expect.stringContaining(state.path('ipfs')),
      advice: expect.stringContaining('--ipfs embedded'),
    });
    rmSync(state.path('ipfs'), { recursive: true });
    mkdirSync(state.path('kubo'));
    writeFileSync(state.path('kubo', 'config'), '{}');
    await expect(keepIpfs(host, 'embedded')).rejects.toMatchObject({ advice: expect.stringContaining('--ipfs kubo') });
  });
});
