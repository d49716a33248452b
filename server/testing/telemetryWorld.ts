import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from '@ipld/dag-cbor';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { NewAlert } from '#chaincode/model/alert.ts';
import type { Anchored, Batch, Outcome } from '#chaincode/model/telemetry.ts';
import { toHex } from '#crypto/bytes.ts';
import { nodeFrameSigner } from '#crypto/telemetry/nodeSignature.ts';
import { type FrameContent, type SealedFrame, sealFrame } from '#crypto/telemetry/seal.ts';
import { type Authority, createKey, issueAuthority, issueLeaf } from '#network/organisations/certificates.ts';
import { AppError } from '#server/errors.ts';
import { openDatabase } from '../gateways/db/database.ts';
import { circleEpochs, circleSeats, devices } from '../gateways/db/schema/circles.ts';
import { tellChange } from '../telemetry/changes.ts';
import { type GatewaySettings, readGatewaySettings } from '../telemetry/gateway/env.ts';
import { type GatewayStores, type RunningGateway, startGateway } from '../telemetry/gateway/gateway.ts';
import { presentedIn } from '../telemetry/gateway/identity.ts';
import { framesTopic, type Refusal, refusedNote, refusedTopic } from '../telemetry/gateway/protocol.ts';
import { name26, World } from './world.ts';

export const testPatient = `pt-0-${'p'.repeat(26)}`;
const circleKey = new Uint8Array(32).fill(7);

/** The contract of a channel, as far as batches are concerned: each stream goes on where it was, and each batch counts once. */
export class TestContract {
  readonly anchored: Batch[] = [];
  readonly alerts: NewAlert[] = [];
  readonly #heads = new Map<string, number>();
  /** Of these devices nothing is taken. */
  readonly refused = new Map<string, Outcome['code']>();
  down = false;

  anchor({ batches }: { batches: Batch[] }): Anchored {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    return { outcomes: batches.map((batch) => this.#one(batch)) };
  }

  #one(batch: Batch): Outcome {
    const { id, patient } = batch;
    if (this.anchored.some((known) => known.id === id)) return { id, outcome: 'duplicate' };
    for (const { device, stream, first } of batch.streams) {
      const code = this.refused.get(device);
      if (code !== undefined) return { id, outcome: 'refused', code, device };
      const last = this.#heads.get(`${patient}/${device}/${stream}`) ?? 0;
      if (first !== last + 1) return { id, outcome: 'refused', code: 'WRONG_STATE', device };
    }
    for (const { device, stream, last } of batch.streams) this.#heads.set(`${patient}/${device}/${stream}`, last);
    this.anchored.push(batch);
    return { id, outcome: 'accepted' };
  }

  /** How often each frame of a device is anchored, by stream and number. */
  counts(device: string): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { streams } of this.anchored)
      for (const part of streams.filter((one) => one.device === device))
        for (let number = part.first; number <= part.last; number += 1) {
          const key = `${part.stream}/${number}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
    return counts;
  }
}

/** Certificates of an organisation that is known to the gateway, and of one that is not. */
async function authorities() {
  const make = async (name: string): Promise<Authority> => {
    const keyPem = await createKey();
    return { keyPem, certPem: await issueAuthority(name, name, keyPem) };
  };
  return { known: await make('HospitalMSP'), foreign: await make('ForeignMSP') };
}

export interface TestDevice {
  id: string;
  stream: Uint8Array;
  keyPem: string;
  certPem: string;
  /** The next frame of its stream. */
  seal(content?: Partial<FrameContent>): Promise<SealedFrame>;
}

/** A gateway in this process, on a real PostgreSQL, with devices that connect by real TLS. */
export class TelemetryWorld {
  readonly world: World;
  readonly contract = new TestContract();
  readonly settings: GatewaySettings;
  readonly #authorities: Awaited<ReturnType<typeof authorities>>;
  readonly #dir: string;
  readonly #clients: MqttClient[] = [];
  #gateway: RunningGateway | undefined;

  private constructor(
    world: World,
    dir: string,
    made: Awaited<ReturnType<typeof authorities>>,
    settings: GatewaySettings,
  ) {
    this.world = world;
    this.#dir = dir;
    this.#authorities = made;
    this.settings = settings;
  }

  static async start(change: Record<string, string> = {}): Promise<TelemetryWorld> {
    const [world, made] = await Promise.all([World.start(), authorities()]);
    const dir = mkdtempSync(join(tmpdir(), 'medloom-telemetry-'));
    const file = (name: string, text: string) => {
      writeFileSync(join(dir, name), text);
      return join(dir, name);
    };
    const keyPem = await createKey();
    const tlsNames = { dns: ['localhost'], ip: ['127.0.0.1'] };
    const leaf = { commonName: 'telemetry', unit: 'client', organisation: 'HospitalMSP', tlsNames } as const;
    const settings = readGatewaySettings({
      DATABASE_URL: world.portal.settings.databaseUrl,
      ...{ LEDGER_PROFILE: 'none', IPFS_API_URL: 'http://127.0.0.1:1', CONNECTOR_URL: 'http://127.0.0.1:1' },
      ...{ CONNECTOR_TOKEN: 't'.repeat(32), TELEMETRY_DEVICE: `dev-${'g'.repeat(26)}`, TELEMETRY_MSP: 'HospitalMSP' },
      TELEMETRY_TLS_CERT: file('server.crt', await issueLeaf(made.known, leaf, keyPem)),
      TELEMETRY_TLS_KEY: file('server.key', keyPem),
      TELEMETRY_CAS: file('ca.crt', made.known.certPem),
      // Rounds are made by the tests.
      TELEMETRY_BATCH_MS: '3600000',
      ...change,
    });
    const telemetry = new TelemetryWorld(world, dir, made, settings);
    const at = new Date(Date.now() - 86_400_000);
    await world.portal.db.insert(circleEpochs).values({
      ...{
        patient: testPatient,
        generation: 1,
        epoch: 1,
        cid: 'b',
        contentHash: '',
        keyCommitment: '',
        by: testPatient,
      },
      since: at,
    });
    return telemetry;
  }

  /** The settings as a process of its own gets them. */
  environment(change: Record<string, string>): Record<string, string> {
    const settings = Object.entries(this.settings).map(([name, value]) => [name, String(value)]);
    return { ...Object.fromEntries(settings), LOG_LEVEL: 'silent', ...change };
  }

  get gateway(): RunningGateway {
    if (this.#gateway === undefined) throw new Error('no gateway runs');
    return this.#gateway;
  }

  /** Starts the gateway with these settings changed. */
  async open(change: Partial<GatewaySettings> = {}, stores: Partial<GatewayStores> = {}): Promise<RunningGateway> {
    const { ledger, ipfs, connector } = this.world.portal;
    this.#gateway = await startGateway(
      { ...this.settings, ...change },
      {
        database: openDatabase(this.settings.DATABASE_URL),
        ...{ ledger: { ...ledger, close: () => undefined, channels: () => ledger.channels() }, ipfs },
        connector: {
          anchor: async (request) => this.contract.anchor(request),
          alert: async ({ raise, escalate }) => {
            this.contract.alerts.push(...raise);
            return { escalated: escalate };
          },
          archiveKey: (request) => connector.archiveKey(request),
          authorities: () => connector.authorities(),
        },
        ...stores,
      },
    );
    return this.#gateway;
  }

  async close(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.end(true);
    await this.#gateway?.stop();
    this.#gateway = undefined;
  }

  async stop(): Promise<void> {
    await this.close();
    await this.world.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** A device on the registry, with a seat in the test patient's circle unless told otherwise. */
  async device(change: { foreign?: boolean; seated?: boolean; purpose?: string } = {}): Promise<TestDevice> {
    const id = `dev-${name26()}`;
    const keyPem = await createKey();
    const issuer = change.foreign ? this.#authorities.foreign : this.#authorities.known;
    const leaf = { commonName: id, unit: 'client', organisation: 'HospitalMSP' } as const;
    const certPem = await issueLeaf(issuer, leaf, keyPem);
    const presented = presentedIn(new X509Certificate(certPem));
    const { db } = this.world.portal;
    const { purpose = 'sensor' } = change;
    await db.insert(devices).values({
      ...{ id, institutionId: 'inst-north-hospital', mspId: 'HospitalMSP', model: 'Test', purpose, status: 'active' },
      ...{ signingKeyHash: presented?.signingKeyHash ?? '', version: 1 },
    });
    if (change.seated !== false)
      await db.insert(circleSeats).values({
        ...{ patient: testPatient, subject: id, channel: 'care-0', kind: purpose === 'monitor' ? 'monitor' : 'device' },
        ...{ state: 'active', since: new Date(Date.now() - 86_400_000), version: 1 },
      });
    await tellChange(db, { about: 'circle', patient: testPatient });
    const sign = nodeFrameSigner(createPrivateKey(keyPem));
    const stream = crypto.getRandomValues(new Uint8Array(8));
    let number = 0;
    const seal = (content: Partial<FrameContent> = {}) => {
      number = content.number ?? number + 1;
      const now = Date.now();
      const said: FrameContent = {
        ...{ patient: testPatient, device: id, stream, number, generation: 1, epoch: 1, kind: 'readings' },
        ...{ from: now - 10_000, to: now, items: [[0, 1, 72]] },
        ...content,
      };
      return sealFrame(circleKey, said, sign);
    };
    return { id, stream, keyPem, certPem, seal };
  }

  /** A connection by MQTT 5, with all that it is told. */
  async connect(
    device: TestDevice,
    { port = this.gateway.mqttPort, ...change }: { protocolVersion?: 4 | 5; clientId?: string; port?: number } = {},
  ): Promise<Connection> {
    const options: IClientOptions = {
      ...{ protocolVersion: 5, clientId: device.id, reconnectPeriod: 0, connectTimeout: 5_000, clean: true },
      ...{ cert: device.certPem, key: device.keyPem, rejectUnauthorized: false },
      ...change,
    };
    const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${port}`, options, false);
    this.#clients.push(client);
    const refused: Refusal[] = [];
    const told: { topic: string; text: string }[] = [];
    client.on('error', () => client.end(true));
    client.on('message', (topic, payload) => {
      const text = payload.toString();
      told.push({ topic, text });
      if (topic === refusedTopic(device.id)) refused.push(...refusedNote.parse(JSON.parse(text)).refused);
    });
    const ended = new Promise<number | undefined>((resolve) => {
      let reason: number | undefined;
      client.on('disconnect', (packet) => {
        reason = packet.reasonCode;
      });
      client.on('close', () => resolve(reason));
    });
    await client.subscribeAsync([refusedTopic(device.id)], { qos: 1 });
    const publish = async (payload: Uint8Array, topic = framesTopic(device.id)) => {
      // What is on its way when a connection ends is told of by nobody.
      const lost = ended.then(() => Promise.reject(new Error('the connection has ended')));
      await Promise.race([client.publishAsync(topic, Buffer.from(payload), { qos: 1 }), lost]);
    };
    return { client, refused, told, ended, publish, send: (...frames) => publish(packetOf(frames)) };
  }
}

export interface Connection {
  client: MqttClient;
  /** What it was told is refused. */
  refused: Refusal[];
  told: { topic: string; text: string }[];
  /** Resolves to the reason code with which the server ended it; undefined where it told none. */
  ended: Promise<number | undefined>;
  publish(payload: Uint8Array, topic?: string): Promise<void>;
  /** Resolves with the acknowledgement. */
  send(...frames: SealedFrame[]): Promise<void>;
}

export const packetOf = (frames: readonly SealedFrame[]): Uint8Array => encode(frames.map(({ bytes }) => bytes));
export const streamHex = (device: TestDevice): string => toHex(device.stream);
