import '#network/parent.ts';
import { readEnvironment } from './env.ts';
import { connectorRoutes } from './http/routes.ts';
import { createConnectorServer } from './http/server.ts';
import { createLog } from './log.ts';
import { readProfile } from './profile.ts';
import { openServices } from './services.ts';

/**
 * The connector: the process that holds an institution's own keys, which the portal never sees. In the demonstration one
 * process serves every organisation, each with its own keys and its own gateway.
 *
 * Prints one line of JSON when it serves.
 */
const env = readEnvironment(process.env);
const log = createLog(env.LOG_LEVEL);
const services = await openServices(readProfile(env.CONNECTOR_PROFILE), env);
const server = createConnectorServer(connectorRoutes(services), env.CONNECTOR_TOKEN, log);

const stopping = new AbortController();

function stop(): void {
  stopping.abort();
  server.close(() => {
    services.close();
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
server.listen(env.CONNECTOR_PORT, '127.0.0.1', () => {
  void services.follow(log, stopping.signal);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : env.CONNECTOR_PORT;
  process.stdout.write(`${JSON.stringify({ ready: true, port, url: `http://127.0.0.1:${port}` })}\n`);
});
