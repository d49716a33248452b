import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DevnetConfig } from '../config.ts';
import { TestLedger } from '../testing/ledger.ts';
import { NodeProcess } from '../testing/nodeProcess.ts';
import { createOrganisation, enrol } from '../testing/organisations.ts';

/**
 * `npm run bench:devnet-start`: writes a ledger with many transactions, in blocks of ten, and measures how long a node takes from its
 * launch until it serves: with the ledger closed, and killed. The last line is one JSON object.
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

const folder = await mkdtemp(join(tmpdir(), 'medloom-start-'));
try {
  const ledger = await TestLedger.open(folder, true);
  const value = Buffer.alloc(300, 'x');
  for (let at = 0; at < transactions; at += perBlock) {
    const batch = Array.from({ length: perBlock }, (_, index) =>
      ledger.transaction((set) => set.write('probe', `key-${at + index}`, value)),
    );
    await ledger.commit(...batch);
    if (at % 10_000 === 0) process.stderr.write(`${at} of ${transactions} written\n`);
  }
  await ledger.channel.close();
  const ordering = await createOrganisation('OrdererMSP', false);
  const { certPem, keyPem } = await enrol(ordering, 'orderer');
  const members = ledger.organisations.map((organisation) => organisation.mspId);
  const config: DevnetConfig = {
    stateDir: folder,
    organisations: ledger.organisations.map(({ mspId, ca, peer }) => ({
      mspId,
      rootCertPem: ca.certPem,
      ...(peer && { peer }),
    })),
    orderer: { mspId: 'OrdererMSP', certPem, keyPem, rootCertPem: ordering.ca.certPem },
    channels: [{ name: ledger.channel.name, organisations: members, chaincodes: [] }],
  };
  const file = join(folder, 'devnet.json');
  await writeFile(file, JSON.stringify(config));
  const closed = await secondsUntilReady(file, 'SIGKILL');
  const killed = await secondsUntilReady(file, 'SIGTERM');
  process.stdout.write(`${JSON.stringify({ transactions, blocks: ledger.channel.store.height, closed, killed })}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
