import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { soak } from './soak/soak.ts';
import { connectClient, text } from './testing/client.ts';
import { TestNetwork } from './testing/network.ts';
import { NodeProcess } from './testing/nodeProcess.ts';
import { enrol } from './testing/organisations.ts';
import { eventually } from './testing/processes.ts';

let network: TestNetwork;
let configFile: string;
const nodes: NodeProcess[] = [];

function launch(file: string, fileLimit?: number): NodeProcess {
  const node = NodeProcess.launch(file, fileLimit === undefined ? {} : { fileLimit });
  nodes.push(node);
  return node;
}

async function start(file = configFile, fileLimit?: number) {
  const node = launch(file, fileLimit);
  return { node, state: await node.ready() };
}

/** Runs a devnet that must not start, and answers with its exit code and what it said. */
async function refusal(file: string): Promise<{ code: unknown; said: string }> {
  const node = launch(file);
  const [code] = await once(node.child, 'close');
  return { code, said: node.said };
}

beforeAll(async () => {
  network = await TestNetwork.create();
  configFile = await network.writeConfig();
}, 120_000);

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
  await network?.close();
});

describe('the devnet process', () => {
  it('loses and doubles nothing when it is killed under load', async () => {
    const result = await soak(3, 1, () => {});
    expect(result.reported).toBeGreaterThan(3);
    expect(result.events).toBeGreaterThanOrEqual(3); // the last of each channel
  }, 300_000);

  it('commits what is ordered when it is told to end, and its ledgers verify', async () => {
    const { node, state } = await start();
    const credential = await enrol(network.organisations.alpha);
    const { tlsCa } = network.organisations.alpha;
    const client = connectClient({ address: state.gateways.AlphaMSP ?? '', tlsCa, credential });
    const contract = client.gateway.getNetwork('one').getContract('probe');
    await eventually(() => contract.submitTransaction('put', 'first', 'x'), 60_000);
    const cut = Promise.allSettled(
      Array.from({ length: 16 }, (_, index) => contract.submitTransaction('put', `cut-${index}`, 'x')),
    );
    // Answered when it is ordered, and perhaps in no block yet.
    const endorsed = await contract.newProposal('put', { arguments: ['ordered', 'x'] }).endorse();
    await endorsed.submit();
    await node.stop();
    expect(node.child.exitCode).toBe(0);
    client.close();
    await cut;
    const { verified } = await NodeProcess.verify(configFile);
    expect(verified.one?.valid).toBeGreaterThanOrEqual(2);
    expect(Object.keys(verified)).toEqual(['one', 'two']);
  }, 120_000);

  it('ends when the disk is full, with every acknowledged block readable', async () => {
    const file = join(network.folder, 'full.json');
    await writeFile(file, JSON.stringify({ ...network.config, stateDir: join(network.folder, 'full-state') }));
    const { node, state } = await start(file, 1024);
    const gone = once(node.child, 'close');
    const connected = async (gateways: Record<string, string>) =>
      connectClient({
        address: gateways.AlphaMSP ?? '',
        tlsCa: network.organisations.alpha.tlsCa,
        credential: await enrol(network.organisations.alpha),
      });
    using client = await connected(state.gateways);
    const contract = client.gateway.getNetwork('one').getContract('probe');
    await eventually(() => contract.submitTransaction('put', 'before', 'x'), 60_000);
    const endorseMany = async () => {
      for (;;) {
        const options = { arguments: ['secrets', 'large'], transientData: { value: Buffer.alloc(100_000) } };
        await contract.newProposal('putSecret', options).endorse();
      }
    };
    await expect(endorseMany()).rejects.toThrow();
    const [code] = await gone;
    expect([code, node.said]).toEqual([
      1,
      expect.stringMatching(/channel one stopped: the database could not be written: .*File too large/),
    ]);

    const again = await start(file);
    expect(again.state.channels.one).toBe((state.channels.one ?? 0) + 1);
    using later = await connected(again.state.gateways);
    const reader = later.gateway.getNetwork('one').getContract('probe');
    expect(text(await eventually(() => reader.evaluateTransaction('get', 'before'), 60_000))).toBe('x');
    await reader.submitTransaction('put', 'after', 'x');
    await again.node.stop();
  }, 120_000);

  it('writes no private value of an evaluation to its disk', async () => {
    const { node, state } = await start();
    using client = connectClient({
      address: state.gateways.AlphaMSP ?? '',
      tlsCa: network.organisations.alpha.tlsCa,
      credential: await enrol(network.organisations.alpha),
    });
    const value = 'never-to-be-kept-4712';
    const options = { arguments: ['secrets', 'evaluated'], transientData: { value } };
    const contract = client.gateway.getNetwork('one').getContract('probe');
    await eventually(() => contract.evaluate('putSecret', options), 60_000);
    await node.stop();
    const folder = join(network.config.stateDir, 'channels', 'one');
    for (const name of await readdir(folder)) expect((await readFile(join(folder, name))).includes(value)).toBe(false);
  }, 60_000);

  it('does not start twice on one state folder, and says why', async () => {
    const { node } = await start();
    const second = join(network.folder, 'second.json');
    const organisations = network.config.organisations.map(({ peer: own, ...rest }) => ({
      ...rest,
      ...(own && { peer: { ...own, address: '127.0.0.1:0' } }),
    }));
    await writeFile(second, JSON.stringify({ ...network.config, organisations }));
    const { code, said } = await refusal(second);
    expect([code, said]).toEqual([1, expect.stringContaining('is in use by another devnet process')]);
    const busy = join(network.folder, 'busy.json');
    await writeFile(busy, JSON.stringify({ ...network.config, stateDir: join(network.folder, 'other-state') }));
    const port = await refusal(busy);
    expect([port.code, port.said]).toEqual([1, expect.stringContaining('cannot listen on 127.0.0.1:')]);
    await node.stop();
  }, 60_000);

  it('names every fault of a configuration', async () => {
    const file = join(network.folder, 'wrong.json');
    const [channel] = network.config.channels;
    await writeFile(
      file,
      JSON.stringify({
        ...network.config,
        channels: [
          { ...channel, name: 'Not A Name' },
          { ...channel, organisations: ['NobodyMSP'] },
        ],
      }),
    );
    const { code, said } = await refusal(file);
    expect(code).toBe(1);
    expect(said).toContain('channels.0.name');
    expect((await refusal(join(network.folder, 'absent.json'))).said).toContain('cannot read the configuration');
  }, 60_000);
});
