import { createHash } from 'node:crypto';
import { openConnector } from '#server/gateways/connector/connector.ts';
import { mspIds, telemetryMsp } from './channels.ts';
import { institutions } from './demonstration/people.ts';
import { findFreePorts } from './ports.ts';
import { openRegistrars } from './registrars.ts';
import type { RunFile } from './runFile.ts';
import type { Secrets } from './secrets.ts';
import type { Host } from './services.ts';
import { keepTelemetry } from './services.ts';
import type { State } from './state.ts';

/** The institution that answers for the gateway. */
const [keeper] = institutions;

/** Addresses of a telemetry gateway that is started later, so that others can be told of it before. */
export async function planTelemetry(state: State, secrets: Secrets): Promise<RunFile['telemetry']> {
  const [mqtt = 0, https = 0, health = 0] = await findFreePorts(3);
  return {
    mqtt: `mqtts://localhost:${mqtt}`,
    https: `https://localhost:${https}`,
    health: `http://127.0.0.1:${health}`,
    caFile: state.path('organisations', telemetryMsp, 'tlsca.crt'),
    device: secrets.telemetryDevice,
  };
}

/** Registers the gateway as a device where that was not done before, and starts it. */
export async function startTelemetry(
  host: Host,
  plan: RunFile['telemetry'],
  options: { secrets: Secrets; connectorProfile: string; settings: Record<string, string> },
): Promise<void> {
  const { secrets, connectorProfile, settings } = options;
  const { CONNECTOR_URL: url = '', CONNECTOR_TOKEN: token = '' } = settings;
  const registrars = openRegistrars(connectorProfile);
  try {
    const device = { mspId: telemetryMsp, institutionId: keeper.id };
    const keys = await openConnector({ url, token }).systemKeys({ ...device, system: plan.device });
    await registrars.admit(keeper);
    // A gateway of software has no serial number but its own id.
    const serialHash = createHash('sha256').update(plan.device).digest('hex');
    const entry = { id: plan.device, ...device, model: 'Telemetry gateway', serialHash, keys };
    await registrars.registerDevice({ ...entry, purpose: 'gateway' });
  } finally {
    registrars.close();
  }
  const { state } = host;
  const ofOrganisation = (name: string) => state.path('organisations', telemetryMsp, name);
  const named = ['DATABASE_URL', 'LEDGER_PROFILE', 'IPFS_API_URL', 'CONNECTOR_URL', 'CONNECTOR_TOKEN', 'LOG_LEVEL'];
  await keepTelemetry(host, {
    ...Object.fromEntries(named.map((name) => [name, settings[name] ?? ''])),
    TELEMETRY_DEVICE: secrets.telemetryDevice,
    TELEMETRY_MSP: telemetryMsp,
    TELEMETRY_TLS_CERT: ofOrganisation('telemetry.crt'),
    TELEMETRY_TLS_KEY: ofOrganisation('telemetry.key'),
    TELEMETRY_CAS: mspIds.map((mspId) => state.path('organisations', mspId, 'ca.crt')).join(','),
    TELEMETRY_MQTT_PORT: new URL(plan.mqtt).port,
    TELEMETRY_HTTPS_PORT: new URL(plan.https).port,
    TELEMETRY_HEALTH_PORT: new URL(plan.health).port,
    ...optional(host.env, ['MQTT_URL', 'TELEMETRY_BATCH_MS', 'TELEMETRY_MOST_WAITING', 'TELEMETRY_KEPT_HOURS']),
    ...optional(host.env, ['TELEMETRY_FRAMES_PER_SECOND', 'TELEMETRY_BYTES_PER_SECOND']),
  });
}

function optional(env: Record<string, string | undefined>, names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
