import '#network/parent.ts';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StateFolder } from '#device/folder.ts';
import { readAuthority } from '../authority/issueCertificate.ts';
import { openGateway } from '../ledger/connection.ts';
import { readIdentity } from '../ledger/identity.ts';
import { createLog } from '../log.ts';
import { readProfile, readSeed } from '../profile.ts';
import { registeredSystem } from '../systems/registeredSystem.ts';
import { systemKeyOf } from '../systems/systemKey.ts';
import { watchPatients } from './monitor.ts';
import { readMonitorSettings } from './settings.ts';

/**
 * The institution's monitor: a process of the connector that takes part in the circles of patients who have seated it, and calls
 * for what their devices cannot call for themselves. Its keys come from the organisation's seed; it ends a day before its
 * certificate does, and is to be started again.
 *
 * Prints one line of JSON when it watches.
 */
const env = readMonitorSettings(process.env);
const log = createLog(env.LOG_LEVEL);
const profile = readProfile(env.CONNECTOR_PROFILE);
const { [env.MONITOR_MSP]: organisation } = profile.organisations;
const { [env.MONITOR_MSP]: host } = profile.ledger().organisations;
if (!organisation?.ca || !organisation.registrar || !organisation.systems || !host) {
  throw new Error(`The profile lets no systems of ${env.MONITOR_MSP} sign.`);
}
const gateway = openGateway(host.gateway);
const authority = await readAuthority(env.MONITOR_MSP, organisation.ca);
const ledger = gateway.as(readIdentity(env.MONITOR_MSP, organisation.registrar));
const key = await systemKeyOf(readSeed(organisation.systems.seedFile), env.MONITOR_DEVICE);
const certify = await registeredSystem(env.MONITOR_MSP, { authority, ledger }, env.MONITOR_DEVICE, key);
const certificatePem = await certify();
gateway.close();

/** Authorities of every organisation that the profile names: whom members' certificates must come from. */
const roots = Object.entries(profile.organisations).flatMap(([mspId, { ca }]) =>
  ca === undefined ? [] : [{ mspId, pem: readFileSync(ca.certFile, 'utf8') }],
);
const settings = {
  ...{ device: env.MONITOR_DEVICE, mspId: env.MONITOR_MSP, certificatePem, roots },
  gateway: { https: env.TELEMETRY_GATEWAY_URL, ca: readFileSync(env.TELEMETRY_GATEWAY_CA, 'utf8') },
};
const stopping = new AbortController();
const stop = () => stopping.abort();
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
const dayMs = 86_400_000;
const longestTimerMs = 2 ** 31 - 1;
const endsInMs = Date.parse(new X509Certificate(certificatePem).validTo) - Date.now() - dayMs;
setTimeout(stop, Math.min(longestTimerMs, Math.max(0, endsInMs))).unref();

const folder = await StateFolder.open(env.MONITOR_STATE);
process.stdout.write(`${JSON.stringify({ ready: true, device: env.MONITOR_DEVICE })}\n`);
await watchPatients({ settings, key, folder, everyMs: env.MONITOR_EVERY_MS, log }, stopping.signal);
process.exit(0);
