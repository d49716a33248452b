import '#network/parent.ts';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createLog } from '../log.ts';
import { readProfile } from '../profile.ts';
import { documentsOf } from './documents.ts';
import { type OpenSite, openSite } from './openSite.ts';
import { createFhirListener } from './server.ts';
import { readFhirProfile, readFhirSettings } from './settings.ts';

/**
 * The connector's FHIR interface: a process of its own that an institution's software asks, so that what can be reached from the
 * house's network is not the process that certifies keys. It ends a day before the first of its certificates does, and is to be
 * started again.
 *
 * Prints one line of JSON when it serves.
 */
const env = readFhirSettings(process.env);
const log = createLog(env.LOG_LEVEL);
const profile = readProfile(env.CONNECTOR_PROFILE);
const { sites: named } = readFhirProfile(env.FHIR_PROFILE);
const documents = documentsOf(env.IPFS_API_URL);

const server: Server =
  env.FHIR_TLS_CERT === undefined || env.FHIR_TLS_KEY === undefined
    ? createServer()
    : createTlsServer({ cert: readFileSync(env.FHIR_TLS_CERT), key: readFileSync(env.FHIR_TLS_KEY) });
/** Until the sites are open. */
let listener: RequestListener = (_request, response) => response.writeHead(503, { 'retry-after': '2' }).end();
server.on('request', (request, response) => listener(request, response));
server.headersTimeout = 10_000;
server.requestTimeout = 60_000;
await new Promise<void>((resolve, reject) => {
  server.once('error', reject);
  server.listen(env.FHIR_PORT, env.FHIR_HOST, resolve);
});
const address = server.address();
const port = typeof address === 'object' && address !== null ? address.port : env.FHIR_PORT;
const scheme = env.FHIR_TLS_CERT === undefined ? 'http' : 'https';
const publicUrl = env.FHIR_PUBLIC_URL ?? `${scheme}://localhost:${port}`;

const open: OpenSite[] = [];
for (const site of named) open.push(await openSite(profile, site, { publicUrl, documents }));
listener = createFhirListener(
  open.map(({ site }) => site),
  log,
);

function stop(): void {
  server.close(() => {
    for (const { gateway } of open) gateway.close();
    process.exit(0);
  });
  server.closeIdleConnections();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
const dayMs = 86_400_000;
const longestTimerMs = 2 ** 31 - 1;
const ends = open.map(({ certificatePem }) => Date.parse(new X509Certificate(certificatePem).validTo));
setTimeout(stop, Math.min(longestTimerMs, Math.max(0, Math.min(...ends) - Date.now() - dayMs))).unref();

const bases = Object.fromEntries(open.map(({ site }) => [site.name, site.base]));
process.stdout.write(`${JSON.stringify({ ready: true, port, url: publicUrl, bases })}\n`);
