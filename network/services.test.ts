import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAnvil } from './ethereum/anvil.ts';
import { startKubo } from './ipfs/kubo.ts';
import { programPlaces } from './orphans.ts';
import { startOf } from './processInfo.ts';
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
    // It is ended by its claim; an entry here would have it ended by signal before that.
    expect(existsSync(state.path('children.json'))).toBe(false);
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

describe('what a killed run left behind', () => {
  const mnemonic = 'test test test test test test test test test test test junk';
  const account = '0x00000000000000000000000000000000000000aa';

  /** The next start after the owner of these was killed. */
  async function startAgain(claimFiles: string[], options: { fresh?: boolean } = {}): Promise<void> {
    for (const file of claimFiles) {
      const claim: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, JSON.stringify({ ...claim, owner: 2 ** 22 + 1 }));
    }
    state.release();
    state = await openState(state.dir, options);
  }

  it('is ended in its own way: Anvil gives its chain first, and nothing runs on in a folder that is emptied', async () => {
    const { chain, kubo: repo } = programPlaces(state.dir);
    const logFile = join(dir, 'log');
    const claims = { anvil: `${chain}.claim`, kubo: join(repo, 'medloom-claim') };
    const anvil = await startAnvil({ stateFile: chain, logFile, mnemonic, saveEveryMs: 3_600_000 });
    // Of this there is no block, so that only a save at the end has it.
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_setBalance', params: [account, '0x9'] });
    const headers = { 'content-type': 'application/json' };
    await fetch(anvil.rpcUrl, { method: 'POST', headers, body });
    await startAgain([claims.anvil]);
    expect(await startOf(anvil.pid)).toBeUndefined();
    expect(JSON.parse(readFileSync(chain, 'utf8')).accounts).toMatchObject({ [account]: { balance: '0x9' } });

    const kubo = await startKubo({ repo, binary, logFile });
    await startAgain([claims.kubo], { fresh: true });
    expect(await startOf(kubo.pid)).toBeUndefined();
    expect(existsSync(repo)).toBe(false);
  });
});
