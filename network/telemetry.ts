import { createHash } from 'node:crypto';
import { readProfile } from '#connector/profile.ts';
import { openConnector } from '#server/gateways/connector/connector.ts';
import { telemetryMsp } from './channels.ts';
import { institutions } from './demonstration/people.ts';
import { findFreePorts } from './ports.ts';
import { openRegistrars } from './registrars.ts';
import type { RunFile } from './runFile.ts';
import type { Secrets } from './secrets.ts';
import type { Host } from './services.ts';
import { keepMonitor, keepTelemetry } from './services.ts';
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
    ...{ device: secrets.telemetryDevice, monitor: secrets.monitorDevice },
  };
}

/** Whether the connector can sign for a gateway here: in a network of its own it may have other organisations. */
export function servesTelemetry(connectorProfile: string): boolean {
  const { registrar, systems } = readProfile(connectorProfile).organisations[telemetryMsp] ?? {};
  return registrar !== undefined && systems !== undefined;
}

/** The authorities that certify devices. */
function authoritiesOf(connectorProfile: string): string[] {
  return Object.values(readProfile(connectorProfile).organisations).flatMap(({ ca }) => ca?.certFile ?? []);
}

/** Registers the gateway and the hospital's monitor as devices where that was not done before, and starts the gateway. */
export async function startTelemetry(
  host: Host,
  plan: RunFile['telemetry'],
  options: { secrets: Secrets; connectorProfile: string; settings: Record<string, string> },
): Promise<void> {
  const { secrets, connectorProfile, settings } = options;
  const { CONNECTOR_URL: url = '', CONNECTOR_TOKEN: token = '' } = settings;
  const registrars = openRegistrars(connectorProfile);
  try {
    await registrars.admit(keeper);
    const connector = openConnector({ url, token });
    const institution = { mspId: telemetryMsp, institutionId: keeper.id };
    const systems = [
      { id: plan.device, model: 'Telemetry gateway', purpose: 'gateway' },
      { id: plan.monitor, model: 'Monitor of patients at home', purpose: 'monitor' },
    ] as const;
    for (const system of systems) {
      const keys = await connector.systemKeys({ ...institution, system: system.id });
      // What is software has no serial number but its own id.
      const serialHash = createHash('sha256').update(system.id).digest('hex');
      await registrars.registerDevice({ ...system, ...institution, serialHash, keys });
    }
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
    TELEMETRY_CAS: authoritiesOf(connectorProfile).join(','),
    TELEMETRY_MQTT_PORT: new URL(plan.mqtt).port,
    TELEMETRY_HTTPS_PORT: new URL(plan.https).port,
    TELEMETRY_HEALTH_PORT: new URL(plan.health).port,
    ...optional(host.env, [
      'MQTT_URL',
      'MQTT_CA',
      'TELEMETRY_BATCH_MS',
      'TELEMETRY_MOST_WAITING',
      'TELEMETRY_KEPT_HOURS',
    ]),
    ...optional(host.env, ['TELEMETRY_FRAMES_PER_SECOND', 'TELEMETRY_BYTES_PER_SECOND']),
  });
}

/** The hospital's monitor, which takes part in the circles of patients who have let it in. */
export const startMonitor = (host: Host, plan: RunFile['telemetry'], connectorProfile: string): Promise<void> =>
  keepMonitor(host, {
    CONNECTOR_PROFILE: connectorProfile,
    MONITOR_MSP: telemetryMsp,
    MONITOR_DEVICE: plan.monitor,
    MONITOR_STATE: host.state.path('monitor'),
    TELEMETRY_GATEWAY_URL: plan.https,
    TELEMETRY_GATEWAY_CA: plan.caFile,
    ...optional(host.env, ['LOG_LEVEL', 'MONITOR_EVERY_MS']),
  });

function optional(env: Record<string, string | undefined>, names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
