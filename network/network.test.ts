import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readLedgerProfile } from '#server/gateways/ledger/profile.ts';
import { startNetwork } from './network.ts';
import { startOf } from './processInfo.ts';
import { type RunFile, readRunFile } from './runFile.ts';

const dir = mkdtempSync(join(tmpdir(), 'medloom-network-'));
// PostgreSQL runs as another user where this is root, and must pass through.
chmodSync(dir, 0o711);
const ups = new Set<ChildProcess>();
afterAll(async () => {
  // Only a test that failed leaves one.
  for (const child of ups) {
    child.kill('SIGINT');
    await once(child, 'close');
  }
  rmSync(dir, { recursive: true, force: true });
}, 60_000);

const root = fileURLToPath(new URL('..', import.meta.url));
const stateDir = join(dir, 'state');
let first: RunFile;
const runFile = join(stateDir, 'run.json');
const options = { stateDir, port: 0, portal: false, demonstration: false, env: {} };
const childrenFile = join(stateDir, 'children.json');
const notedChildren = (): unknown => (existsSync(childrenFile) ? JSON.parse(readFileSync(childrenFile, 'utf8')) : []);
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

/** `npm start` without its set-up, as a terminal runs it: in a process group of its own. Throws what it said where it does not start. */
async function startUp(...args: string[]) {
  const embedded = { ETHEREUM_RPC_URL: undefined, IPFS_API_URL: undefined, DATABASE_URL: undefined };
  const env = { ...process.env, ...embedded, MEDLOOM_MODE: undefined };
  const child = spawn(
    process.execPath,
    ['network/up.ts', '--no-portal', '--port', '0', '--state', stateDir, '--ipfs', 'embedded', ...args],
    { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env },
  );
  let said = '';
  ups.add(child);
  const end = once(child, 'close').finally(() => ups.delete(child));
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => {
        said += bytes.toString();
        if (said.includes('Medloom is ready')) resolve();
      });
  });
  const outcome = await Promise.race([ready.then(() => 'ready'), end.then(() => 'ended')]);
  if (outcome === 'ended') throw new Error(said);
  return { pid: child.pid ?? 0, end, said: () => said };
}

/**
 * A hash of what the ledgers hold: tables, logs and tips that are not empty. LevelDB's list of them is written anew whenever
 * it opens, and holds nothing.
 */
function contentsOf(channels: string): Record<string, string> {
  const entries = readdirSync(channels, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.(ldb|log|tip)$/.test(entry.name));
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => statSync(file).size > 0)
      .map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')]),
  );
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
      'adjudicator',
      ...['HospitalMSP', 'InsurerMSP', 'PharmacyMSP', 'RegulatorMSP', 'SupplyMSP'].map((mspId) => `chaincode ${mspId}`),
      ...['connector', 'database', 'devnet', 'ethereum', 'ipfs'],
      ...['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'].map((mspId) => `notary ${mspId}`),
      'telemetry',
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

    first = run;
  });

  it('finds the same chain, contract and secrets at the next start, and ends every child at a Ctrl-C', {
    timeout: 120_000,
  }, async () => {
    const up = await startUp('--no-demonstration');
    const { prescriptionToken, portalEnv, processes } = readRunFile(runFile);
    expect(prescriptionToken).toBe(first.prescriptionToken);
    expect(portalEnv.PERSONAL_DATA_KEY).toBe(first.portalEnv.PERSONAL_DATA_KEY);
    const pids = processes.map(({ pid }) => pid);
    expect(await alive(pids)).toEqual(pids);
    // A terminal sends it to the whole group, so that it comes a second time through the set-up.
    process.kill(-up.pid, 'SIGINT');
    process.kill(-up.pid, 'SIGINT');
    expect(await up.end).toEqual([0, null]);
    expect(await alive(pids)).toEqual([]);
    expect(up.said()).toContain('✓ Everything ended');
    expect(existsSync(runFile)).toBe(false);
    expect(existsSync(join(stateDir, 'lock'))).toBe(false);
  });

  it('says which ledger is damaged, where it lies and what to do, and changes nothing', {
    timeout: 120_000,
  }, async () => {
    const channels = join(stateDir, 'ledger', 'devnet', 'channels');
    const size = (name: string) => statSync(join(channels, 'care-1', name)).size;
    const stores = readdirSync(join(channels, 'care-1')).filter((name) => /\.(ldb|log)$/.test(name));
    const file = join(channels, 'care-1', stores.sort((a, b) => size(b) - size(a))[0] ?? '');
    const whole = readFileSync(file);
    // Of a table the entries, and not what finds them. Of one byte of it LevelDB would not tell where no block lies there.
    writeFileSync(file, Buffer.from(whole).fill(0xff, 0, whole.length >> 1));
    const before = contentsOf(channels);
    const up = await startUp('--no-demonstration').then(
      () => 'It started.',
      (error: unknown) => String(error),
    );
    expect(up).toContain('Medloom did not start.');
    expect(up).toMatch(/channel care-1: .*damaged/);
    expect(up).toContain(channels);
    expect(up).toMatch(/What to do: .* put it back from a backup, or begin anew, .* --fresh/);
    expect(up).toContain(`The log is ${join(stateDir, 'logs', 'devnet.log')}`);
    expect(contentsOf(channels)).toEqual(before);
    expect(notedChildren()).toEqual([]);
    writeFileSync(file, whole);
  });

  it('starts no demonstration that is called production', async () => {
    const other = join(dir, 'other');
    const refused = startNetwork({ ...options, stateDir: other, env: { MEDLOOM_MODE: 'production' } });
    await expect(refused).rejects.toMatchObject({
      message: expect.stringContaining('MEDLOOM_MODE is production'),
      advice: expect.stringContaining('unset MEDLOOM_MODE'),
    });
    expect(existsSync(other)).toBe(false);
  });

  it('ends everything that it has started when a part cannot be started, and names it', {
    timeout: 120_000,
  }, async () => {
    const failed = startNetwork({ ...options, env: { IPFS_API_URL: 'http://127.0.0.1:9' } });
    await expect(failed).rejects.toThrow('No IPFS node answers at http://127.0.0.1:9 (IPFS_API_URL)');
    expect(notedChildren()).toEqual([]);
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
