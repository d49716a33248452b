import '#network/parent.ts';
import { X509Certificate } from 'node:crypto';
import { deviceRecord } from '#chaincode/model/records.ts';
import { readAuthority } from '../authority/issueCertificate.ts';
import { createConnectorServer } from '../http/server.ts';
import { openDocuments } from '../ipfs/documents.ts';
import { openGateway } from '../ledger/connection.ts';
import { readIdentity } from '../ledger/identity.ts';
import { createLog } from '../log.ts';
import { readEthereumKey, readProfile, readSeed } from '../profile.ts';
import { registeredSystem } from '../systems/registeredSystem.ts';
import { systemKeyOf, systemReadingSeed } from '../systems/systemKey.ts';
import { anchorReceipt } from './anchoring.ts';
import { createBench } from './bench.ts';
import { openClaimsLedger } from './claimsLedger.ts';
import { answerQuestion } from './eligibility.ts';
import { adjudicatorRoutes } from './routes.ts';
import { runAdjudicator } from './run.ts';
import { readAdjudicatorSettings } from './settings.ts';
import { openSettlement, quoteFor } from './settlement.ts';
import { openTokens } from './tokens.ts';

/**
 * An insurer's adjudicator: a process of its connector that alone has the device's keys, decides what is clear, hands to a person what is not, and
 * answers before something is served. It serves the loopback, and whoever has its token. It ends a day before its certificate
 * does, and is to be started again.
 *
 * Prints one line of JSON when it serves.
 */
const env = readAdjudicatorSettings(process.env);
const log = createLog(env.LOG_LEVEL);
const profile = readProfile(env.CONNECTOR_PROFILE);
const { [env.ADJUDICATOR_MSP]: organisation } = profile.organisations;
const { [env.ADJUDICATOR_MSP]: host } = profile.ledger().organisations;
if (!organisation?.ca || !organisation.registrar || !organisation.systems || !host) {
  throw new Error(`The profile lets no systems of ${env.ADJUDICATOR_MSP} sign.`);
}
const gateway = openGateway(host.gateway);
const authority = await readAuthority(env.ADJUDICATOR_MSP, organisation.ca);
const registrar = gateway.as(readIdentity(env.ADJUDICATOR_MSP, organisation.registrar));
const seed = readSeed(organisation.systems.seedFile);
const key = await systemKeyOf(seed, env.ADJUDICATOR_DEVICE);
const certify = await registeredSystem(
  env.ADJUDICATOR_MSP,
  { authority, ledger: registrar },
  env.ADJUDICATOR_DEVICE,
  key,
);
const certificatePem = await certify();
const readDevice = {
  channel: 'registry',
  contract: 'registry',
  function: 'readDevice',
  args: [env.ADJUDICATOR_DEVICE],
};
const { institutionId, purpose } = deviceRecord.parse(JSON.parse(await registrar.evaluate(readDevice)));
if (purpose !== 'adjudicator') throw new Error(`${env.ADJUDICATOR_DEVICE} is no adjudicator.`);

const ledger = gateway.as({ mspId: env.ADJUDICATOR_MSP, certificatePem, privateKey: key.privateKey });
const bench = createBench({
  ...{ device: env.ADJUDICATOR_DEVICE, insurer: institutionId, log, ledger: openClaimsLedger(ledger) },
  readingSeed: systemReadingSeed(seed, env.ADJUDICATOR_DEVICE),
  documents: openDocuments(env.IPFS_API_URL),
  tokens: openTokens({ rpcUrl: env.ETHEREUM_RPC_URL, address: env.PRESCRIPTION_TOKEN_ADDRESS }),
});
const settlement = openSettlement({
  ...{ rpcUrl: env.ETHEREUM_RPC_URL, address: env.CARE_SETTLEMENT_ADDRESS, coin: env.SETTLEMENT_COIN_ADDRESS },
  ...{ currency: env.SETTLEMENT_CURRENCY, fromBlock: env.SETTLEMENT_FROM_BLOCK },
  ...{ key: readEthereumKey(env.ADJUDICATOR_KEY_FILE) },
});
const routes = adjudicatorRoutes({
  device: env.ADJUDICATOR_DEVICE,
  answer: (asked) => answerQuestion(asked, bench),
  quote: async (claim) => quoteFor(await bench.ledger.claim(claim), institutionId, await settlement()),
  anchor: (receipt) =>
    anchorReceipt(receipt, {
      ...{ insurer: institutionId, ledger: bench.ledger, client: settlement },
      confirmations: env.SETTLEMENT_CONFIRMATIONS,
    }),
});
const server = createConnectorServer(routes, env.ADJUDICATOR_TOKEN, log);

const stopping = new AbortController();
const stop = () => stopping.abort();
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
const dayMs = 86_400_000;
const longestTimerMs = 2 ** 31 - 1;
const endsInMs = Date.parse(new X509Certificate(certificatePem).validTo) - Date.now() - dayMs;
setTimeout(stop, Math.min(longestTimerMs, Math.max(0, endsInMs))).unref();

server.once('error', (error) => {
  log.error({ err: error }, 'cannot serve');
  process.exit(1);
});
server.listen(env.ADJUDICATOR_PORT, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : env.ADJUDICATOR_PORT;
  const said = { ready: true, device: env.ADJUDICATOR_DEVICE, url: `http://127.0.0.1:${port}`, certificatePem };
  process.stdout.write(`${JSON.stringify(said)}\n`);
});
await runAdjudicator({ bench, ledger, settlement, everyMs: env.ADJUDICATOR_EVERY_MS, log }, stopping.signal);
server.close(() => {
  gateway.close();
  process.exit(0);
});
server.closeIdleConnections();
