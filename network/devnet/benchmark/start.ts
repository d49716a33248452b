import { parseArgs } from 'node:util';
import { startDevnet } from '../devnet.ts';
import { Membership } from '../identity/membership.ts';
import { TestLedger } from '../testing/ledger.ts';
import { TestNetwork } from '../testing/network.ts';
import { NodeProcess } from '../testing/nodeProcess.ts';
import { enrol } from '../testing/organisations.ts';

/**
 * `npm run bench:devnet-start`: writes a ledger with many transactions, in blocks of ten, and measures how long a node takes from its
 * launch until it serves: after it was closed, and after it was killed; and how long its whole ledger takes to verify. The last line
 * is one JSON object, in seconds.
 */

const { values } = parseArgs({ options: { transactions: { type: 'string', default: '100000' } } });
const transactions = Math.min(1_000_000, Math.max(10, Number(values.transactions)));
const perBlock = 10;

async function secondsUntilReady(file: string, signal: NodeJS.Signals): Promise<number> {
  const started = performance.now();
  const node = NodeProcess.launch(file);
  await node.ready();
  const seconds = (performance.now() - started) / 1000;
  await node.stop(signal);
  return Math.round(seconds * 100) / 100;
}

const network = await TestNetwork.plan(['one']);
try {
  const { alpha, beta } = network.organisations;
  const config = { ...network.config, batchTimeoutMs: 1 };
  const devnet = await startDevnet(config);
  const channel = devnet.channels.get('one');
  if (!channel) throw new Error('there is no channel');
  const membership = new Membership([...config.organisations, config.orderer]);
  const client = await enrol(alpha);
  const peers = [alpha, beta].map(({ mspId, peer }) => {
    if (!peer) throw new Error(`${mspId} has no peer`);
    return membership.signingIdentity(mspId, peer.certPem, peer.keyPem);
  });
  const signing = membership.signingIdentity(client.mspId, client.certPem, client.keyPem);
  const ledger = TestLedger.over(channel, membership, signing, peers);
  const value = Buffer.alloc(300, 'x');
  for (let at = 0; at < transactions; at += perBlock) {
    const batch = Array.from({ length: perBlock }, (_, index) =>
      ledger.transaction((set) => set.write('probe', `key-${at + index}`, value)),
    );
    const codes = await ledger.commit(...batch);
    if (codes.some((code) => code !== 0)) throw new Error(`codes ${codes}`);
    if (at % 10_000 === 0) process.stderr.write(`${at} of ${transactions} written\n`);
  }
  const { one: blocks } = devnet.heights();
  await devnet.close();
  const file = await network.writeConfig();
  const closed = await secondsUntilReady(file, 'SIGKILL');
  const killed = await secondsUntilReady(file, 'SIGTERM');
  const started = performance.now();
  const { verified } = await NodeProcess.verify(file);
  const verify = Math.round((performance.now() - started) / 10) / 100;
  process.stdout.write(`${JSON.stringify({ transactions: verified.one?.valid, blocks, closed, killed, verify })}\n`);
} finally {
  await network.close();
}
