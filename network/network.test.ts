import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readLedgerProfile } from '#server/gateways/ledger/profile.ts';
import { startNetwork } from './network.ts';
import { startOf } from './processInfo.ts';
import { readRunFile } from './runFile.ts';

const dir = mkdtempSync(join(tmpdir(), 'medloom-network-'));
// PostgreSQL runs as another user where this is root, and must pass through.
chmodSync(dir, 0o711);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const stateDir = join(dir, 'state');
const runFile = join(stateDir, 'run.json');
const options = { stateDir, port: 0, portal: false, demonstration: false, env: {} };
const pidOf = (name: string) => readRunFile(runFile).processes.find((entry) => entry.name === name)?.pid;

function accepts(address: string): Promise<boolean> {
  const [host = '', port] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect(Number(port), host);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => undefined).setTimeout(1_000, () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });
}

async function alive(pids: number[]): Promise<number[]> {
  const starts = await Promise.all(pids.map(startOf));
  return pids.filter((_, index) => starts[index] !== undefined);
}

describe('startNetwork', () => {
  it('starts every process, refuses a second start, brings a killed devnet back at its address, and ends all', {
    timeout: 240_000,
  }, async () => {
    const said: string[] = [];
    const progress = { step: <T>(_: string, work: (note: () => void) => Promise<T>) => work(() => undefined) };
    const network = await startNetwork({
      ...options,
      progress: { ...progress, say: (text) => said.push(text), close: () => undefined },
    });
    const { run } = network;
    expect(readRunFile(runFile)).toEqual(run);
    expect(run.processes.map(({ name }) => name).sort()).toEqual([
      ...['HospitalMSP', 'InsurerMSP', 'PharmacyMSP', 'RegulatorMSP', 'SupplyMSP'].map((mspId) => `chaincode ${mspId}`),
      ...['connector', 'database', 'devnet', 'ethereum', 'ipfs'],
    ]);
    expect(run.prescriptionToken).toMatch(/^0x[0-9a-f]{40}$/i);
    await expect(startNetwork(options)).rejects.toThrow(/already runs/);

    const gateways = Object.values(readLedgerProfile(run.ledgerProfile).organisations).map(({ gateway }) => gateway);
    for (const { address } of gateways) expect(await accepts(address)).toBe(true);
    const killed = pidOf('devnet') ?? 0;
    process.kill(killed, 'SIGKILL');
    await expect.poll(() => said, { timeout: 60_000 }).toContain('✓ devnet runs again.');
    expect(pidOf('devnet')).not.toBe(killed);
    for (const { address } of gateways) expect(await accepts(address)).toBe(true);

    const pids = readRunFile(runFile).processes.map(({ pid }) => pid);
    expect(await alive(pids)).toEqual(pids);
    await network.stop();
    expect(await alive(pids)).toEqual([]);
    expect(existsSync(runFile)).toBe(false);

    // The next start finds the same chain, contract and secrets.
    const next = await startNetwork(options);
    expect(next.run.prescriptionToken).toBe(run.prescriptionToken);
    expect(next.run.portalEnv.PERSONAL_DATA_KEY).toBe(run.portalEnv.PERSONAL_DATA_KEY);
    await next.stop();
  });

  it('ends everything that it has started when a part cannot be started, and names it', {
    timeout: 120_000,
  }, async () => {
    const failed = startNetwork({ ...options, env: { IPFS_API_URL: 'http://127.0.0.1:9' } });
    await expect(failed).rejects.toThrow('No IPFS node answers at http://127.0.0.1:9 (IPFS_API_URL)');
    expect(JSON.parse(readFileSync(join(stateDir, 'children.json'), 'utf8'))).toEqual([]);
    expect(existsSync(join(stateDir, 'lock'))).toBe(false);
  });

  it('can be given up', { timeout: 120_000 }, async () => {
    const abort = new AbortController();
    const start = startNetwork({ ...options, signal: abort.signal });
    await expect.poll(() => existsSync(join(stateDir, 'lock')), { timeout: 20_000 }).toBe(true);
    abort.abort(new Error('not now'));
    await expect(start).rejects.toThrow('not now');
    expect(existsSync(join(stateDir, 'lock'))).toBe(false);
  });
});
