import { type ChildProcess, spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { Client, credentials } from '@grpc/grpc-js';
import { type Contract, connect, signers } from '@hyperledger/fabric-gateway';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { startOf } from '#network/processInfo.ts';
import { command as giveCommand } from './client.ts';
import { readOptions } from './options.ts';

const program = join(import.meta.dirname, 'main.ts');
const example = join(import.meta.dirname, '../examples/notes');
const secret = 'only for members to know';

const status = z.object({
  gateways: z.record(z.string(), z.string()),
  channels: z.array(
    z.object({
      name: z.string(),
      height: z.number(),
      chaincodes: z.array(z.object({ name: z.string(), version: z.string(), sequence: z.number() })),
    }),
  ),
  servers: z.array(z.object({ chaincode: z.string(), organisation: z.string(), pid: z.number().optional() })),
});

let folder = '';
let config = '';
let child: ChildProcess;
const output: string[] = [];
const closers: (() => void)[] = [];

interface Settings {
  version?: string;
  policy?: string;
  users?: number;
  channels?: string[];
  timeout?: number;
}

async function describeNetwork(settings: Settings = {}): Promise<void> {
  const { version = '1.0', policy, users = 1, channels = ['mychannel'], timeout = 20 } = settings;
  await writeFile(
    config,
    JSON.stringify({
      batchTimeoutMs: timeout,
      organisations: ['Org1', 'Org2'].map((name) => ({ name, port: 0, users })),
      channels: channels.map((name) => ({
        name,
        chaincodes: [
          {
            name: 'notes',
            version,
            ...(policy && { policy }),
            folder: example,
            command: 'node ../../../../node_modules/.bin/fabric-chaincode-node server',
            collections: [{ name: 'shared', policy: "OR('Org1MSP.member', 'Org2MSP.member')" }],
          },
        ],
      })),
    }),
  );
}

/** Starts the devnet and waits for its ready line. */
async function start(...args: string[]): Promise<void> {
  child = spawn(process.execPath, [program, '--config', config, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const started = child;
  const said: string[] = [];
  child.stderr?.on('data', (bytes: Buffer) => said.push(bytes.toString()));
  await new Promise<void>((resolve, reject) => {
    started.once('exit', () => reject(new Error(`the devnet ended: ${said.join('')}`)));
    if (started.stdout)
      createInterface({ input: started.stdout }).on('line', (line) => {
        output.push(line);
        if (line.startsWith('{"ready":true')) resolve();
      });
  });
}

/** Gives a command, as a second process would; answers with what it wrote. */
async function command(...args: string[]): Promise<string> {
  let text = '';
  await giveCommand(readOptions([...args, '--config', config], {}), (written) => {
    text += written;
  });
  return text;
}

const statusNow = async () => status.parse(JSON.parse(await command('status')));

/** The contract as an application of fabric-samples reaches it: from the certificates on disk, by the peer's name. */
async function contract(channel = 'mychannel', user = 'User1'): Promise<Contract> {
  const home = join(folder, '.devnet/organizations/peerOrganizations/org1.example.com');
  const first = async (...names: string[]) => {
    const [file = ''] = await readdir(join(home, ...names));
    return readFile(join(home, ...names, file));
  };
  const address = (await statusNow()).gateways.Org1 ?? '';
  const tlsRoot = await readFile(join(home, 'peers/peer0.org1.example.com/tls/ca.crt'));
  const client = new Client(address.replace('127.0.0.1', 'localhost'), credentials.createSsl(tlsRoot), {
    'grpc.ssl_target_name_override': 'peer0.org1.example.com',
  });
  const msp = `users/${user}@org1.example.com/msp`;
  const gateway = connect({
    client,
    identity: { mspId: 'Org1MSP', credentials: await first(msp, 'signcerts') },
    signer: signers.newPrivateKeySigner(createPrivateKey(await first(msp, 'keystore'))),
  });
  closers.push(() => {
    gateway.close();
    client.close();
  });
  return gateway.getNetwork(channel).getContract('notes');
}

const read = async (from: Contract, id: string) => Buffer.from(await from.evaluateTransaction('read', id)).toString();

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-standalone-'));
  config = join(folder, 'devnet.yaml');
  await describeNetwork();
  await start('--log');
}, 120_000);

afterAll(async () => {
  for (const close of closers) close();
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

it('serves applications that know the certificates on disk, and says what they read and wrote, without private values', async () => {
  const notes = await contract();
  await notes.submitTransaction('write', 'first', 'hello');
  expect(await read(notes, 'first')).toBe('hello');
  await notes.submit('writePrivately', { arguments: ['shared', 'hidden'], transientData: { text: secret } });
  const log = await command('log');
  expect(log).toMatch(/^mychannel 0\.0 VALID CONFIG /m);
  expect(log).toMatch(
    /^mychannel 1\.0 VALID Org1MSP notes write .*\n {2}txid [0-9a-f]{64}\n {2}read _lifecycle namespaces\/fields\/notes\/Sequence of 0\.0\n {2}write notes first, 5 bytes\n {2}event Written, 5 bytes$/m,
  );
  expect(log).toMatch(/^ {2}private put notes shared key [0-9a-f]{16} value [0-9a-f]{16}$/m);
  const records = (await command('log', '--json', '--from', '1')).trim().split('\n');
  expect(records.map((line) => JSON.parse(line).function)).toEqual(['write', 'writePrivately']);
  await until(() => output.some((line) => line.startsWith('mychannel 2.0 VALID')));
  for (const shown of [log, ...records, ...output]) {
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(Buffer.from(secret).toString('hex'));
    expect(shown).not.toContain(Buffer.from(secret).toString('base64'));
  }
});

it('takes up a new version, channel and user from its file, and refuses what only a restart can change', async () => {
  await describeNetwork({ version: '1.1', policy: "OR('Org1MSP.peer')", users: 2, channels: ['mychannel', 'second'] });
  expect(JSON.parse(await command('deploy'))).toEqual({
    channels: ['second'],
    chaincodes: [{ channel: 'mychannel', name: 'notes', version: '1.1', sequence: 2 }],
  });
  const second = await contract('second', 'User2');
  await second.submitTransaction('write', 'there', 'too');
  expect(await read(second, 'there')).toBe('too');
  await expect(read(await contract(), 'there')).rejects.toThrow();
  await describeNetwork({ version: '1.1', policy: "OR('Org1MSP.peer')", timeout: 30, channels: ['mychannel'] });
  await expect(command('deploy')).rejects.toThrow(/batchTimeoutMs differs.*channel second is gone/);
  expect(await read(second, 'there')).toBe('too');
  await writeFile(config, 'organisations: []\nchannels: []\n');
  await expect(command('deploy')).rejects.toThrow(/devnet\.yaml:1: organisations: /);
  await describeNetwork({ version: '1.1', policy: "OR('Org1MSP.peer')", users: 2, channels: ['mychannel', 'second'] });
}, 120_000);

it('starts a chaincode server again when it dies, and anew when asked', async () => {
  const pidOf = async () => (await statusNow()).servers.find(({ organisation }) => organisation === 'Org1')?.pid;
  const first = await pidOf();
  process.kill(first ?? 0, 'SIGKILL');
  await until(async () => ![undefined, first].includes(await pidOf()));
  const second = await pidOf();
  expect(output).toContain('! chaincode notes of Org1 ended; it is started again.');
  await command('restart', 'notes');
  expect([first, second]).not.toContain(await pidOf());
  const notes = await contract();
  await notes.submitTransaction('write', 'after', 'death');
  await expect(command('restart', 'nothing')).rejects.toThrow('no command runs chaincode nothing here');
}, 120_000);

it('keeps its ledgers over a restart of the node, and begins anew on a reset', async () => {
  await command('restart');
  expect(await read(await contract(), 'first')).toBe('hello');
  await command('reset');
  const notes = await contract();
  await expect(read(notes, 'first')).rejects.toThrow();
  await notes.submitTransaction('write', 'anew', 'yes');
  expect((await statusNow()).channels.map(({ name, height }) => [name, height])).toEqual([
    ['mychannel', 2],
    ['second', 1],
  ]);
  await until(() => output.filter((line) => line.startsWith('mychannel 1.0 VALID')).length === 2);
}, 120_000);

it('takes commands from who has its token only, runs once on a state folder, and ends with all that it started', async () => {
  const control = z
    .object({ address: z.string() })
    .parse(JSON.parse(await readFile(join(folder, '.devnet/control.json'), 'utf8')));
  const refused = await fetch(`http://${control.address}/stop`, {
    method: 'POST',
    headers: { authorization: 'Bearer 0' },
  });
  expect(refused.status).toBe(403);
  const second = spawn(process.execPath, [program, 'start', '--config', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(second.stderr), once(second, 'exit')]);
  expect([code, said]).toEqual([1, expect.stringMatching(/a devnet runs on .* already/)]);
  const pids = (await statusNow()).servers.map(({ pid }) => pid ?? 0);
  expect(pids).toHaveLength(2);
  const gone = once(child, 'exit');
  await command('stop');
  expect(await gone).toEqual([0, null]);
  await until(async () => (await Promise.all(pids.map(startOf))).every((started) => started === undefined));
  await expect(command('status')).rejects.toThrow('no devnet runs on');
}, 120_000);

it('goes on after it was killed, which ends its chaincode servers too', async () => {
  await start();
  const pids = (await statusNow()).servers.map(({ pid }) => pid ?? 0);
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  await until(async () => (await Promise.all(pids.map(startOf))).every((started) => started === undefined));
  await start();
  expect(await read(await contract(), 'anew')).toBe('yes');
}, 120_000);
