import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { peer } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesBetween } from './changes.ts';
import { committedSequence } from './channel/definition.ts';
import { type ChaincodeConfig, type ChannelConfig, DevnetError } from './config.ts';
import { startDevnet } from './devnet.ts';
import { text } from './testing/client.ts';
import { Harness } from './testing/harness.ts';
import { enrol } from './testing/organisations.ts';
import { eventually, stop } from './testing/processes.ts';

let harness: Harness;
let one: ChannelConfig;
let probe: ChaincodeConfig;

beforeAll(async () => {
  harness = await Harness.start();
  const [channel] = harness.network.config.channels;
  const [chaincode] = channel?.chaincodes ?? [];
  if (!channel || !chaincode) throw new Error('the test network has no chaincode');
  [one, probe] = [channel, chaincode];
}, 120_000);
afterAll(() => harness?.close());

async function contractOn(channel: string) {
  const { gateway } = harness.connect('alpha', await enrol(harness.network.organisations.alpha));
  return gateway.getNetwork(channel).getContract('probe');
}

function sequenceOn(channel: string): number | undefined {
  const store = harness.devnet.channels.get(channel)?.store;
  return store && committedSequence(store, 'probe');
}

describe('a running devnet', () => {
  it('adds a channel that is used at once, and does nothing the second time', async () => {
    await harness.devnet.addChannel({ ...one, name: 'three' });
    const contract = await contractOn('three');
    await contract.submitTransaction('put', 'key', 'value');
    expect(text(await contract.evaluateTransaction('get', 'key'))).toBe('value');
    const { three } = harness.devnet.heights();
    await harness.devnet.addChannel({ ...one, name: 'three' });
    expect(harness.devnet.heights().three).toBe(three);
  });

  it('defines a chaincode anew with the next sequence, after which what was endorsed before is not valid', async () => {
    const contract = await contractOn('one');
    const before = await contract.newProposal('put', { arguments: ['early', 'x'] }).endorse();
    expect(sequenceOn('one')).toBe(1);
    await harness.devnet.defineChaincode('one', { ...probe, endorsementPolicy: "OR('AlphaMSP.peer')" });
    expect(sequenceOn('one')).toBe(2);
    const outcome = await (await before.submit()).getStatus();
    expect(outcome.code).toBe(peer.TxValidationCode.MVCC_READ_CONFLICT);
    await contract.submitTransaction('put', 'late', 'x');
    await harness.devnet.defineChaincode('one', { ...probe, version: '2.0', endorsementPolicy: "OR('AlphaMSP.peer')" });
    const old = await contract.newProposal('put', { arguments: ['late', 'y'] }).endorse();
    expect((await (await old.submit()).getStatus()).successful).toBe(true);
    expect(sequenceOn('one')).toBe(3);
  });

  it('adds a chaincode under another name, with a state of its own', async () => {
    await harness.devnet.defineChaincode('two', { ...probe, name: 'other' });
    const { gateway } = harness.connect('beta', await enrol(harness.network.organisations.beta));
    const contract = gateway.getNetwork('two').getContract('other');
    await contract.submitTransaction('put', 'key', 'other');
    expect(text(await (await contractOn('two')).evaluateTransaction('get', 'key'))).toBe('');
  });

  it('keeps collections and how long their values live, as Fabric does', async () => {
    const [first, ...others] = probe.collections ?? [];
    if (!first) throw new Error('the probe has no collection');
    await expect(harness.devnet.defineChaincode('two', { ...probe, collections: others })).rejects.toThrow(
      'existing collection [secrets] missing',
    );
    const shorter = [{ ...first, blockToLive: 9 }, ...others];
    await expect(harness.devnet.defineChaincode('two', { ...probe, collections: shorter })).rejects.toThrow(
      'the BlockToLive in an existing collection [secrets] modified',
    );
    expect(sequenceOn('two')).toBe(1);
  });

  it('refuses what only a restart can change, all of it by name, and goes on', async () => {
    const { config } = harness.network;
    const refused = harness.devnet.adopt({ ...config, batchTimeoutMs: 7, channels: [one] });
    await expect(refused).rejects.toThrow(DevnetError);
    await expect(refused).rejects.toThrow(/batchTimeoutMs differs.*channel two is gone/);
    await (await contractOn('one')).submitTransaction('put', 'still', 'there');
  });
});

it('names a member or a chaincode that is gone', () => {
  const { config } = harness.network;
  const changed = { ...one, organisations: ['AlphaMSP', 'BetaMSP'], chaincodes: [] };
  expect(() => changesBetween(config, { ...config, channels: [changed, ...config.channels.slice(1)] })).toThrow(
    /the members of channel one differ; chaincode probe of channel one is gone/,
  );
});

it('commits no definition twice, and one that changed while the node was away', async () => {
  const stateDir = join(harness.network.folder, 'again');
  const config = { ...harness.network.config, stateDir, channels: [one] };
  for (const height of [1, 1]) {
    const devnet = await startDevnet(config);
    expect(devnet.heights()).toEqual({ one: height });
    await devnet.close();
  }
  const devnet = await startDevnet({ ...config, channels: [{ ...one, chaincodes: [{ ...probe, version: '2.0' }] }] });
  expect(devnet.heights()).toEqual({ one: 2 });
  await devnet.close();
}, 60_000);

it('takes up its configuration file again on SIGHUP, and says why where it does not', async () => {
  const file = join(harness.network.folder, 'reload.json');
  const config = { ...harness.network.config, stateDir: join(harness.network.folder, 'reload'), channels: [one] };
  await writeFile(file, JSON.stringify(config));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), file], { stdio: 'pipe' });
  try {
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value ?? '{}');
    expect(await next()).toMatchObject({ ready: true, channels: { one: 1 } });
    await writeFile(file, JSON.stringify({ ...config, channels: [one, { ...one, name: 'added' }] }));
    child.kill('SIGHUP');
    expect(await next()).toMatchObject({ reloaded: true, channels: { one: 1, added: 1 } });
    await writeFile(file, JSON.stringify({ ...config, channels: [] }));
    child.kill('SIGHUP');
    await eventually(async () => expect(said).toContain('devnet: the configuration is not taken up'));
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await gone).toEqual([0, null]);
  } finally {
    await stop(child, 'SIGKILL');
  }
}, 60_000);
