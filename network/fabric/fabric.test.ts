import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelConfig } from '../devnet/config.ts';
import { connectClient, type TestClient } from '../devnet/testing/client.ts';
import { createOrganisation, enrol, type TestOrganisation } from '../devnet/testing/organisations.ts';
import {
  compileProbe,
  eventually,
  freePort,
  type ServedChaincodes,
  startProbe,
  stop,
} from '../devnet/testing/processes.ts';
import type { FabricPlan } from './plan.ts';
import { findFabric } from './programs.ts';
import { DeploymentRecord } from './record.ts';
import { type Fabric, packageIdsOf, startFabric } from './startFabric.ts';
import { fabricPlan } from './testing/plan.ts';

const found = findFabric();
if (!found) console.info('skipped: no Fabric binaries (set FABRIC_BIN, or npm run network:get-fabric)');

const both = "AND('AlphaMSP.peer', 'BetaMSP.peer')";
const either = "OR('AlphaMSP.peer', 'BetaMSP.peer')";

describe.skipIf(!found)('native Fabric', { timeout: 120_000 }, () => {
  let folder = '';
  let probe = '';
  let plan: FabricPlan;
  let fabric: Fabric;
  let alpha: TestOrganisation;
  let client: TestClient;
  const chaincodes: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medloom-fabric-'));
    const [compiled, first, beta, guest] = await Promise.all([
      compileProbe(),
      createOrganisation('AlphaMSP', true),
      createOrganisation('BetaMSP', true),
      createOrganisation('GuestMSP', false),
    ]);
    probe = compiled;
    alpha = first;
    const ports = new Map([
      ['AlphaMSP', await freePort()],
      ['BetaMSP', await freePort()],
    ]);
    const addresses = Object.fromEntries([...ports].map(([mspId, port]) => [mspId, `127.0.0.1:${port}`]));
    plan = await fabricPlan({
      stateDir: join(folder, 'state'),
      organisations: [alpha, beta, guest],
      channels: [channel('one', both, addresses)],
    });
    const ids = packageIdsOf(plan.channels);
    for (const [mspId, port] of ports) chaincodes.push(startProbe(probe, mspId, servedOf(mspId, port, ids)));
    fabric = await startFabric(plan);
    client = connectClient({
      address: fabric.gateways.AlphaMSP?.address ?? '',
      tlsCa: alpha.tlsCa,
      credential: await enrol(alpha),
    });
  }, 120_000);

  afterAll(async () => {
    client?.close();
    await fabric?.stop();
    await Promise.all(chaincodes.map((child) => stop(child, 'SIGKILL')));
    await rm(folder, { recursive: true, force: true });
    await rm(probe, { recursive: true, force: true });
  });

  const contract = (name = 'one') => client.gateway.getNetwork(name).getContract('probe');

  /** Puts a value and answers the validation code; 0 is VALID. */
  async function put(key: string, options: { channel?: string; endorsers?: string[] } = {}): Promise<number> {
    const proposal = contract(options.channel).newProposal('put', {
      arguments: [key, 'value'],
      ...(options.endorsers && { endorsingOrganizations: options.endorsers }),
    });
    const commit = await (await proposal.endorse()).submit();
    return (await commit.getStatus()).code;
  }

  it('commits what both organisations endorse, as soon as it has started', async () => {
    expect(await put('first')).toBe(0);
    expect(Buffer.from(await contract().evaluateTransaction('get', 'first')).toString()).toBe('value');
    expect(Object.keys(fabric.pids())).toEqual(
      expect.arrayContaining(['orderer 1', 'orderer 2', 'orderer 3', 'peer AlphaMSP', 'peer BetaMSP']),
    );
  });

  it('goes on without an orderer, and with it again', async () => {
    await fabric.kill('orderer 1');
    // Where it led, the others choose a new leader first; nothing was recorded of what they refused until then.
    await eventually(async () => expect(await put('without')).toBe(0), 30_000);
    await fabric.restart('orderer 1');
    expect(await put('with')).toBe(0);
  });

  it('refuses while a peer that has to endorse is down, and goes on when it is back', async () => {
    await fabric.kill('peer BetaMSP');
    await expect(put('alone')).rejects.toThrow();
    await fabric.restart('peer BetaMSP');
    await eventually(async () => expect(await put('together')).toBe(0), 30_000);
  });

  it('finds the chaincode again after that was killed', async () => {
    const { port, mspId } = {
      port: Number(plan.channels[0]?.chaincodes[0]?.addresses.AlphaMSP?.split(':')[1]),
      mspId: 'AlphaMSP',
    };
    const [child] = chaincodes;
    if (child) await stop(child, 'SIGKILL');
    await expect(put('no chaincode')).rejects.toThrow();
    chaincodes[0] = startProbe(probe, mspId, servedOf(mspId, port, packageIdsOf(plan.channels)));
    await eventually(async () => expect(await put('chaincode')).toBe(0), 30_000);
  });

  it('takes a new channel while it runs, with the chaincode that it has', async () => {
    const two = channel('two', either, plan.channels[0]?.chaincodes[0]?.addresses ?? {});
    plan = { ...plan, channels: [...plan.channels, two] };
    expect(await fabric.addChannel(two)).toBe(true);
    expect(await put('elsewhere', { channel: 'two', endorsers: ['AlphaMSP'] })).toBe(0);
    expect(await fabric.addChannel(two)).toBe(false);
    expect((await DeploymentRecord.open(plan.stateDir)).sequence('two', 'probe')).toBe(1);
  });

  it('starts again with all that it had, and with the next sequence where the definition is another', async () => {
    expect(await put('endorsed by one', { endorsers: ['AlphaMSP'] })).not.toBe(0);
    await fabric.stop();
    const [one, ...others] = plan.channels;
    plan = { ...plan, channels: [channel('one', either, one?.chaincodes[0]?.addresses ?? {}), ...others] };
    fabric = await startFabric(plan);
    await eventually(async () => expect(await put('endorsed by one', { endorsers: ['AlphaMSP'] })).toBe(0));
    expect(Buffer.from(await contract().evaluateTransaction('get', 'first')).toString()).toBe('value');
    const record = await DeploymentRecord.open(plan.stateDir);
    expect([record.sequence('one', 'probe'), record.sequence('two', 'probe')]).toEqual([2, 1]);
  });

  it('changes nothing where the record of what was done is lost', async () => {
    await fabric.stop();
    await rm(join(plan.stateDir, 'deployed.json'));
    fabric = await startFabric(plan);
    const record = await DeploymentRecord.open(plan.stateDir);
    expect([record.sequence('one', 'probe'), record.sequence('two', 'probe')]).toEqual([2, 1]);
  });
});

function channel(name: string, endorsementPolicy: string, addresses: Record<string, string>): ChannelConfig {
  const collections = [
    {
      name: 'secrets',
      policy: "OR('AlphaMSP.member', 'BetaMSP.member', 'GuestMSP.member')",
      requiredPeerCount: 0,
      maxPeerCount: 3,
      blockToLive: 0,
      memberOnlyRead: true,
      memberOnlyWrite: false,
      endorsementPolicy: "OR('AlphaMSP.peer')",
    },
  ];
  return {
    name,
    organisations: ['AlphaMSP', 'BetaMSP'],
    chaincodes: [{ name: 'probe', version: '1', endorsementPolicy, collections, addresses }],
  };
}

function servedOf(mspId: string, port: number, ids: ReturnType<typeof packageIdsOf>): ServedChaincodes {
  return { probe: { address: `127.0.0.1:${port}`, ccid: ids[mspId]?.probe ?? '' } };
}
