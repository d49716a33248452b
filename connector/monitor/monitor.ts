import { CryptoError } from '#crypto/errors.ts';
import { importSigningKey } from '#crypto/signingKey.ts';
import { nodeFrameSigner } from '#crypto/telemetry/nodeSignature.ts';
import { GatewayApi, GatewayRefused } from '#device/api.ts';
import type { DeviceSettings } from '#device/enrolment.ts';
import type { StateFolder } from '#device/folder.ts';
import { GatewayLost } from '#device/transport.ts';
import type { ConnectorLog } from '../log.ts';
import { pause } from '../repeat.ts';
import type { SystemKey } from '../systems/systemKey.ts';
import { WatchedPatient } from './watchedPatient.ts';

export interface MonitorOptions {
  settings: DeviceSettings;
  key: SystemKey;
  folder: StateFolder;
  everyMs: number;
  log: ConnectorLog;
  now?: () => number;
}

/** Patients that are looked at side by side; what is sealed and opened takes a core. */
const atOnce = 4;
const statusMs = 5 * 60_000;
const firmware = 'monitor 1';

/** Watches every patient who has seated the monitor, until `signal` aborts. What fails is tried again with the next look. */
export async function watchPatients(options: MonitorOptions, signal: AbortSignal): Promise<void> {
  const { settings, key, log, everyMs, now = Date.now } = options;
  const pkcs8 = new Uint8Array(key.privateKey.export({ type: 'pkcs8', format: 'der' }));
  const keys = { pkcs8, signing: await importSigningKey(pkcs8) };
  const api = new GatewayApi(keys, settings);
  const watched = new Map<string, WatchedPatient>();
  const { folder } = options;
  const sign = nodeFrameSigner(key.privateKey);
  const open = (patient: string) => WatchedPatient.open({ patient, folder, settings, keys, sign, api, now, log });

  const look = async () => {
    const circles = await api.circles();
    await inTurns(circles, atOnce, (note) =>
      tried(log, note.patient, async () => {
        const patient = watched.get(note.patient) ?? (await open(note.patient));
        watched.set(note.patient, patient);
        await patient.noted(note);
        await patient.look();
      }),
    );
    for (const [id, patient] of watched) {
      if (circles.some(({ patient: seated }) => seated === id)) continue;
      watched.delete(id);
      await tried(log, id, () => patient.leave());
      await patient.close();
    }
  };

  let toldAt = 0;
  while (!signal.aborted) {
    await tried(log, settings.device, look);
    if (now() - toldAt >= statusMs) {
      toldAt = now();
      await tried(log, settings.device, () => api.status({ firmware, at: now(), pending: 0 }));
    }
    await pause(everyMs, signal);
  }
  for (const patient of watched.values()) await patient.close();
  api.close();
}

/** Away or refusing for now; anything else is a fault of this code and ends the process. */
async function tried(log: Pick<ConnectorLog, 'warn'>, subject: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isExpected = error instanceof GatewayLost || error instanceof GatewayRefused || error instanceof CryptoError;
    if (!isExpected) throw error;
    log.warn({ err: error, subject }, 'this will be tried again');
  }
}

async function inTurns<T>(all: readonly T[], width: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const worker = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
