import { readFileSync } from 'node:fs';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import { type ConnectorGateway, openConnector } from '../../gateways/connector/connector.ts';
import { type DatabaseGateway, openDatabase } from '../../gateways/db/database.ts';
import { runAsLeader } from '../../gateways/db/leader.ts';
import { type IpfsGateway, openIpfs } from '../../gateways/ipfs/ipfs.ts';
import { type LedgerGateway, openLedger } from '../../gateways/ledger/ledger.ts';
import { followLedgerProfile } from '../../gateways/ledger/profile.ts';
import { listenToTelemetry, type TelemetryChange } from '../changes.ts';
import { Alerting } from './alerting.ts';
import { Backlog } from './backlog.ts';
import { Batcher, countWaiting, type Round } from './batcher.ts';
import { mostUnacknowledged, startBroker } from './broker.ts';
import { CircleBook } from './circleBook.ts';
import { Directory } from './directory.ts';
import { Doorkeeper } from './doorkeeper.ts';
import type { GatewaySettings } from './env.ts';
import { Figures } from './figures.ts';
import { type GatewayHealth, startHealth } from './health.ts';
import { startHttps } from './https.ts';
import { Intake } from './intake.ts';
import type { Messenger } from './messenger.ts';
import { Notes } from './notes.ts';
import { Rates } from './rates.ts';
import { connectBroker } from './remoteBroker.ts';
import { runRetention } from './retention.ts';
import { deviceRoutes } from './routes.ts';
import { FrameWriter } from './writer.ts';

/** What the gateway acts upon; tests put others in their place. */
export interface GatewayStores {
  database: DatabaseGateway;
  ledger: LedgerGateway;
  ipfs: IpfsGateway;
  connector: Pick<ConnectorGateway, 'anchor' | 'alert' | 'archiveKey' | 'authorities'>;
}

export interface RunningGateway {
  /** Absent where another broker is used. */
  mqttPort: number | undefined;
  httpsPort: number;
  healthPort: number;
  health(): GatewayHealth;
  /** Brings everything that waits to the ledger, as far as it goes now. */
  flush(): Promise<Round>;
  stop(): Promise<void>;
}

const sweepEveryMs = 30_000;
/** How long a stop waits for the database. */
const stopWithinMs = 5_000;
/** How long the batcher waits after a round that left something behind. */
const shortestRoundMs = 200;

export function openStores(settings: GatewaySettings): GatewayStores {
  return {
    database: openDatabase(settings.DATABASE_URL, (error) => log().warn({ err: error }, 'database connection lost')),
    ledger: openLedger(followLedgerProfile(settings.LEDGER_PROFILE)),
    ipfs: openIpfs(settings.IPFS_API_URL),
    connector: openConnector({ url: settings.CONNECTOR_URL, token: settings.CONNECTOR_TOKEN }),
  };
}

/** Starts everything that takes readings in and brings them on. */
export async function startGateway(settings: GatewaySettings, stores = openStores(settings)): Promise<RunningGateway> {
  const { database, ledger, ipfs, connector } = stores;
  const { db } = database;
  const stopping = new AbortController();
  const { signal } = stopping;
  const [mspId, gateway] = [settings.TELEMETRY_MSP, settings.TELEMETRY_DEVICE];
  const tls = {
    cert: readFileSync(settings.TELEMETRY_TLS_CERT),
    key: readFileSync(settings.TELEMETRY_TLS_KEY),
    ca: settings.TELEMETRY_CAS.map((file) => readFileSync(file)),
  };

  const figures = new Figures(db);
  const backlog = new Backlog(settings.TELEMETRY_MOST_WAITING);
  const directory = new Directory({ db, ledger });
  const book = new CircleBook({ db, ledger });
  const { TELEMETRY_HOST: host, TELEMETRY_MQTT_PORT: mqttPort, MQTT_URL: url } = settings;
  // What another broker has acknowledged is not made to wait here: others would wait behind it.
  const allowance = { frames: settings.TELEMETRY_FRAMES_PER_SECOND, bytes: settings.TELEMETRY_BYTES_PER_SECOND };
  const rates = new Rates(url === undefined ? allowance : { frames: 1e9, bytes: 1e12 });
  const mostOpen = url === undefined ? mostUnacknowledged : Number.POSITIVE_INFINITY;
  const alerting = new Alerting({ db, ledger, connector, mspId, gateway });
  const writer = new FrameWriter(db, signal, (frames) => {
    if (frames.some(({ kind }) => kind === 'alert')) alerting.wake();
  });
  const intake = new Intake({ writer, book, rates, backlog, figures, mostOpen, signal });
  const notes = new Notes(db, () => messenger);
  const quietly = (work: Promise<unknown>, what: string) => {
    work.catch((error) => {
      log().warn({ detail: asAppError(error).detail }, what);
    });
  };
  const onArrival = (device: string) => quietly(notes.tell(device), 'a device was not told of its circles');
  const door = new Doorkeeper({ db, directory, intake, figures, onArrival });
  const embedded = url === undefined ? await startBroker({ host, port: mqttPort, tls, door, figures }) : undefined;
  const messenger: Messenger =
    embedded ??
    (await connectBroker({
      ...{ url: url ?? '', gateway, db, directory, door, figures, cert: tls.cert, key: tls.key },
      ...(settings.MQTT_CA !== undefined && { ca: readFileSync(settings.MQTT_CA) }),
    }));
  const news = new News();
  const https = await startHttps({
    ...{ host, port: settings.TELEMETRY_HTTPS_PORT, tls, door, figures },
    routes: deviceRoutes({
      ...{ db, ledger, ipfs, connector, mspId, gateway, door, book },
      awaitFrames: (patient, until) => news.of(patient, until),
    }),
  });

  const batcher = new Batcher({
    ...{ db, ipfs, connector, mspId, gateway },
    onRefused: (device, code, frames) => {
      figures.refuse(device, `LEDGER_${code}`, frames);
      writer.forget();
    },
  });
  let last: { at: string; round: Round } | undefined;
  const flush = async () => {
    const round = await batcher.round();
    last = { at: new Date().toISOString(), round };
    backlog.set(await countWaiting(db));
    return round;
  };
  const batching = runAsLeader(settings.DATABASE_URL, 'medloom:telemetry', signal, async (working) => {
    while (!working.aborted) {
      const started = performance.now();
      await flush().catch((error) => {
        log().warn({ detail: asAppError(error).detail }, 'frames wait for a batch');
      });
      const spent = performance.now() - started;
      const wait = backlog.isFull ? shortestRoundMs : settings.TELEMETRY_BATCH_MS - spent;
      await pause(Math.max(shortestRoundMs, wait), working);
    }
  });
  const alarms = runAsLeader(settings.DATABASE_URL, 'medloom:alerts', signal, (working) => alerting.run(working));
  const changes = listenToTelemetry(settings.DATABASE_URL);
  const unsubscribe = changes.subscribe({
    begun: () => {
      directory.forget();
      book.forget();
    },
    told: (change) => heed(change),
  });
  const heed = (change: TelemetryChange) => {
    if (change.about === 'frames') for (const [patient] of change.of) news.tell(patient);
    if (change.about === 'circle') {
      book.forget(change.patient);
      quietly(notes.tellCircle(change.patient), 'devices were not told of a circle');
    }
    if (change.about === 'device') quietly(heedDevice(change.id), 'a change of a device was not heeded');
  };
  const heedDevice = async (id: string) => {
    directory.forget(id);
    const device = await directory.find(id);
    if (device?.status !== 'active') messenger.dismiss(id, device?.status ?? 'unknown');
    await notes.tellAbout(id);
  };
  const sweeping = (async () => {
    while (!signal.aborted) {
      rates.sweep();
      await pause(sweepEveryMs, signal);
    }
  })();
  const jobs = [
    ...[batching, alarms, sweeping, figures.run(signal), notes.run(signal)],
    runRetention(db, settings.TELEMETRY_KEPT_HOURS, signal),
  ];
  if (embedded === undefined) quietly(notes.tellAll(), 'devices were not told of their circles');
  backlog.set(await countWaiting(db));

  const health = (): GatewayHealth => ({
    ...{ connected: messenger.connected, backlog: backlog.count, waiting: backlog.waiting },
    ...{ frames: figures.totals.frames, readings: figures.totals.readings, bytes: figures.totals.bytes },
    ...{ repeated: figures.totals.known, refused: Object.fromEntries(figures.totals.refused) },
    ...(last && { lastRound: { at: last.at, ...last.round } }),
  });
  const told = await startHealth(settings.TELEMETRY_HEALTH_PORT, health);
  return {
    mqttPort: embedded?.port,
    httpsPort: https.port,
    healthPort: told.port,
    health,
    flush,
    stop: async () => {
      // What is on its way to the disk gets there and is acknowledged; nothing else is taken.
      await Promise.race([writer.idle(), pause(stopWithinMs, signal)]);
      stopping.abort();
      unsubscribe();
      await Promise.allSettled([messenger.close(), https.close(), told.close()]);
      await Promise.allSettled(jobs);
      ledger.close();
      await database.close();
    },
  };
}

/** Lets those wait who want to know of new frames of a patient. */
class News {
  readonly #waiting = new Map<string, Set<() => void>>();

  of(patient: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(patient) ?? new Set();
      this.#waiting.set(patient, waiting);
      const done = () => {
        waiting.delete(done);
        if (waiting.size === 0 && this.#waiting.get(patient) === waiting) this.#waiting.delete(patient);
        signal.removeEventListener('abort', done);
        resolve();
      };
      waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }

  tell(patient: string): void {
    for (const done of [...(this.#waiting.get(patient) ?? [])]) done();
  }
}
