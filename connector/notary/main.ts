import '#network/parent.ts';
import { createConnectorServer } from '../http/server.ts';
import { openGateway } from '../ledger/connection.ts';
import { readIdentity } from '../ledger/identity.ts';
import { createLog } from '../log.ts';
import { readEthereumKey, readProfile } from '../profile.ts';
import { createNotary } from './notary.ts';
import { ownTerms } from './ownTerms.ts';
import { notaryRoutes } from './routes.ts';
import { readNotarySettings } from './settings.ts';

/**
 * The notary of one organisation: a process of its own with a key of its own, which reads its organisation's own peer, believes
 * nobody else, and signs what it reads: for the token on Ethereum, and for receipts. It serves the loopback, and whoever has its token.
 *
 * Prints one line of JSON when it serves.
 */
const env = readNotarySettings(process.env);
const log = createLog(env.LOG_LEVEL);
const profile = readProfile(env.CONNECTOR_PROFILE);
const files = profile.organisations[env.NOTARY_MSP]?.notary;
const host = profile.ledger().organisations[env.NOTARY_MSP];
if (!files || !host) throw new Error(`The profile has no notary of ${env.NOTARY_MSP}, or no gateway of it.`);
const gateway = openGateway(host.gateway);
const ledger = gateway.as(readIdentity(env.NOTARY_MSP, files));
const notary = ownTerms(createNotary(env.NOTARY_MSP, ledger, readEthereumKey(files.ethereumKeyFile)), {
  chainId: env.ETHEREUM_CHAIN_ID,
  verifyingContract: env.PRESCRIPTION_TOKEN_ADDRESS,
});

const server = createConnectorServer(notaryRoutes(notary), env.NOTARY_TOKEN, log);

function stop(): void {
  server.close(() => {
    gateway.close();
    process.exit(0);
  });
  server.closeIdleConnections();
}

process.once('SIGTERM', stop);
process.once('SIGINT', stop);
server.once('error', (error) => {
  log.error({ err: error }, 'cannot serve');
  process.exit(1);
});
server.listen(env.NOTARY_PORT, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : env.NOTARY_PORT;
  process.stdout.write(`${JSON.stringify({ ready: true, mspId: env.NOTARY_MSP, url: `http://127.0.0.1:${port}` })}\n`);
});
