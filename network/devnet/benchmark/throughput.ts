import { parseArgs } from 'node:util';
import type { Contract } from '@hyperledger/fabric-gateway';
import { percentile } from '#network/benchmark/statistics.ts';
import { memoryMb, processorMs } from '#network/processInfo.ts';
import { connectClient, type TestClient } from '../testing/client.ts';
import { TestNetwork } from '../testing/network.ts';
import { NodeProcess } from '../testing/nodeProcess.ts';
import { enrol } from '../testing/organisations.ts';
import { eventually } from '../testing/processes.ts';

/**
 * `npm run bench:devnet`: a bounded load of small transactions, endorsed by two organisations, against a node in a process of
 * its own. The last line is one JSON object; processor times (`…CpuMs`) are for each transaction and survive a loaded machine.
 */

const { values } = parseArgs({
  options: {
    channels: { type: 'string', default: '4' },
    inflight: { type: 'string', default: '64' },
    transactions: { type: 'string', default: '3000' },
    /** Writes a profile of the node's processor time into this folder. */
    profile: { type: 'string' },
  },
});
const channelCount = bounded(values.channels, 1, 16);
const inFlight = bounded(values.inflight, 1, 512);
const transactions = bounded(values.transactions, 100, 100_000);

function bounded(text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw new Error(`${text}: use ${least} to ${most}`);
  return value;
}

/** Submits and awaits transactions until all are taken, several at a time; answers with their latencies in ms. */
async function load(contracts: readonly Contract[], count: number, prefix: string): Promise<number[]> {
  const latencies: number[] = [];
  const value = 'x'.repeat(300);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) {
      const contract = contracts[index % contracts.length];
      const started = performance.now();
      await contract?.submitTransaction('put', `${prefix}-${index}`, value);
      latencies.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return latencies;
}

const names = Array.from({ length: channelCount }, (_, index) => `channel-${index}`);
const network = await TestNetwork.create(names);
const nodeArgs = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
const node = NodeProcess.launch(await network.writeConfig({ batchTimeoutMs: 100 }), { nodeArgs });
const clients: TestClient[] = [];
try {
  const { gateways } = await node.ready();
  const { mspId, tlsCa } = network.organisations.alpha;
  const credential = await enrol(network.organisations.alpha);
  clients.push(connectClient({ address: gateways[mspId] ?? '', tlsCa, credential }));
  const contracts = clients.flatMap(({ gateway }) =>
    names.map((name) => gateway.getNetwork(name).getContract('probe')),
  );
  for (const contract of contracts) await eventually(() => contract.submitTransaction('put', 'ready', 'x'), 60_000);
  await load(contracts, Math.min(1000, transactions), 'warm');
  const cpu = async () => {
    const { user, system } = process.cpuUsage();
    const chaincode = await Promise.all(network.chaincodePids.map(processorMs));
    return {
      node: await processorMs(node.pid),
      chaincode: chaincode.reduce((sum, ms) => sum + ms, 0),
      client: (user + system) / 1000,
    };
  };
  const before = await cpu();
  const started = performance.now();
  const latencies = await load(contracts, transactions, 'load');
  const seconds = (performance.now() - started) / 1000;
  const after = await cpu();
  const each = (ms: number) => Math.round((ms / transactions) * 1000) / 1000;
  process.stdout.write(
    `${JSON.stringify({
      channels: channelCount,
      inFlight,
      transactions,
      tps: Math.round((transactions / seconds) * 10) / 10,
      nodeCpuMs: each(after.node - before.node),
      chaincodeCpuMs: each(after.chaincode - before.chaincode),
      clientCpuMs: each(after.client - before.client),
      p50Ms: Math.round(percentile(latencies, 0.5) * 10) / 10,
      p95Ms: Math.round(percentile(latencies, 0.95) * 10) / 10,
      nodeRssMb: await memoryMb([node.pid]),
    })}\n`,
  );
} finally {
  for (const client of clients) client.close();
  await node.stop();
  await network.close();
}
