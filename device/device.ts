import { createPrivateKey } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CryptoError } from '#crypto/errors.ts';
import { nodeFrameSigner } from '#crypto/telemetry/nodeSignature.ts';
import type { FrameSigner } from '#crypto/telemetry/signature.ts';
import { type MeasureName, measureNames } from '#monitoring/catalogue.ts';
import type { SignedPlan } from '#monitoring/plan.ts';
import type { Reading } from '#monitoring/reading.ts';
import type { DeviceStatus } from '#server/telemetry/gateway/protocol.ts';
import { GatewayApi, GatewayRefused } from './api.ts';
import type { Content } from './content.ts';
import { Delivery, jittered, type RefusedFrame } from './delivery.ts';
import { type DeviceKeys, type DeviceLabel, type DeviceSettings, openEnrolled } from './enrolment.ts';
import { StateFolder } from './folder.ts';
import { httpsConnect } from './httpsConnect.ts';
import { record } from './ledger.ts';
import { Membership } from './membership.ts';
import { mqttConnect } from './mqtt.ts';
import { type Lane, lanes, Outbox } from './outbox.ts';
import { pemOf } from './pem.ts';
import { Recorder } from './recorder.ts';
import { resealRefused } from './refusal.ts';
import { type CircleNote, GatewayLost, type Transport } from './transport.ts';
import { readWearer, writeWearer } from './wearer.ts';

export interface DeviceOptions {
  /** What it measures; everything where this is left out. */
  measures?: readonly MeasureName[];
  /** 0 to 1; left out where it hangs on a cable. */
  battery?: () => number;
  /** How long readings wait for others before they are sealed together, and how many at most. */
  sealEveryMs?: number;
  sealAtReadings?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** False while there is no way to the gateway, for example where a radio is switched off. */
  mayConnect?: () => boolean;
  /** Told of what went wrong and is tried again. */
  log?: (text: string) => void;
}

/** The patient who has seated the device, with what it has of that patient's. */
interface Worn {
  membership: Membership;
  outbox: Outbox;
  recorder: Recorder;
  delivery: Delivery;
}

const tickMs = 30_000;
const statusMs = 5 * 60_000;
const settleMs = 10 * 60_000;
const unseatedMs = 30_000;

/**
 * A device that has been enrolled (`enrolDevice`): what is recorded is kept, watched, sealed for the circle of the patient who has
 * seated it, and brought to the gateway. It may be killed at any moment.
 */
export class Device {
  readonly id: string;
  private readonly folder: StateFolder;
  private readonly keys: DeviceKeys;
  private readonly settings: DeviceSettings;
  private readonly label: DeviceLabel;
  private readonly options: DeviceOptions;
  private readonly api: GatewayApi;
  private readonly sign: FrameSigner;
  private readonly abort = new AbortController();
  private worn: Worn | undefined;
  private transport: Transport | undefined;
  private settling: Promise<void> | undefined;
  private again = false;
  private sealing: Promise<void> | undefined;
  private loops: Promise<unknown> | undefined;

  private constructor(
    folder: StateFolder,
    { keys, settings, label }: Awaited<ReturnType<typeof openEnrolled>>,
    options: DeviceOptions,
  ) {
    this.id = settings.device;
    this.folder = folder;
    this.keys = keys;
    this.settings = settings;
    this.label = label;
    this.options = options;
    this.api = new GatewayApi(keys, settings);
    this.sign = nodeFrameSigner(createPrivateKey(pemOf(keys.pkcs8)));
  }

  /** Opens the folder of a device; throws where it is not enrolled. */
  static async open(path: string, options: DeviceOptions = {}): Promise<Device> {
    const folder = await StateFolder.open(path);
    const device = new Device(folder, await openEnrolled(folder), options);
    const patient = await readWearer(folder);
    if (patient !== undefined) await device.wear(patient);
    return device;
  }

  /** Whose it is; undefined while no patient has seated it. */
  get patient(): string | undefined {
    return this.worn?.membership.patient;
  }

  /** What is watched, as the patient's clinician has decided. */
  get plan(): SignedPlan | undefined {
    return this.worn?.membership.plan;
  }

  /** Whether readings can be sealed now. */
  async isSealing(): Promise<boolean> {
    return (await this.worn?.membership.sealing()) !== undefined;
  }

  /** Frames that no gateway has yet. */
  get pending(): number {
    return lanes.reduce((sum, lane) => sum + (this.worn?.outbox.lane(lane).waiting.length ?? 0), 0);
  }

  /**
   * Keeps readings: they are on the disk when this resolves. False while no patient has seated the device. Throws `ReadingError` for
   * what nobody can have.
   */
  async record(readings: readonly Reading[]): Promise<boolean> {
    if (this.worn === undefined) return false;
    await this.worn.recorder.record(readings);
    if (this.worn.outbox.taken.length >= (this.options.sealAtReadings ?? 500)) void this.seal();
    return true;
  }

  /** Tells digests of a time before the device began. */
  async tell(contents: readonly Content[]): Promise<void> {
    await this.worn?.recorder.tell(contents);
  }

  /** Seals what is recorded now, and does not wait for its time. */
  seal(): Promise<void> {
    this.sealing ??= this.tried('seal', async () => this.worn?.recorder.seal()).finally(() => {
      this.sealing = undefined;
    });
    return this.sealing;
  }

  /** Connects and works until `stop`. */
  start(): void {
    const { sealEveryMs = 10_000 } = this.options;
    const every = (ms: number, name: string, work: () => Promise<void>) =>
      this.repeat(ms, () => this.tried(name, work));
    this.loops ??= Promise.all([
      this.deliver(),
      every(sealEveryMs, 'seal', () => this.seal()),
      every(tickMs, 'tick', async () => this.worn?.recorder.tick()),
      every(statusMs, 'status', () => this.tellStatus()),
      every(settleMs, 'settle', async () => this.settle()),
    ]);
  }

  /** Ends its work; what it has is kept. */
  async stop(): Promise<void> {
    this.abort.abort();
    await this.loops;
    await this.settling;
    await this.worn?.recorder.idle();
    await this.worn?.outbox.close();
    this.api.close();
  }

  /** Comes to where the ledger is; asked while it does, it looks again afterwards. */
  settle(): Promise<void> {
    this.again = true;
    this.settling ??= this.settleUntilDone().finally(() => {
      this.settling = undefined;
    });
    return this.settling;
  }

  private async settleUntilDone(): Promise<void> {
    for (let failures = 0; this.again && !this.abort.signal.aborted; ) {
      this.again = false;
      try {
        await this.worn?.membership.settle();
        failures = 0;
        this.worn?.delivery.wake();
        await this.worn?.recorder.tick();
      } catch (error) {
        this.tellFault('circle', error);
        // What the gateway or the ledger refuses is looked at again with the next note.
        if (!(error instanceof GatewayLost) || failures > 5) continue;
        this.again = true;
        failures += 1;
        await this.wait(jittered(failures));
      }
    }
  }

  private async deliver(): Promise<void> {
    while (!this.abort.signal.aborted && this.worn === undefined) {
      await this.tried('seat', () => this.lookForSeat());
      if (this.worn === undefined) await this.wait(unseatedMs * (0.5 + Math.random()));
    }
    await this.worn?.delivery.run(this.abort.signal);
  }

  /** Asks the gateway who has let the device in. */
  async lookForSeat(): Promise<void> {
    await this.noted(await this.api.circles());
  }

  /** Gives up the connection; another is tried for a moment later. */
  disconnect(): void {
    this.transport?.close();
  }

  /** A seat that is news: the first patient's, as a device measures one person. */
  private async noted(circles: readonly CircleNote[]): Promise<void> {
    const own = circles.find(({ patient }) => patient === this.patient);
    const [first] = circles;
    if (this.worn === undefined && first !== undefined) {
      await this.wear(first.patient);
      await writeWearer(this.folder, first.patient);
    } else if (own?.stale) await this.worn?.membership.stop();
    else if (own !== undefined && this.worn?.membership.isNews(own) === false) return;
    void this.settle();
  }

  private async wear(patient: string): Promise<void> {
    const { folder, keys, settings, api, sign, options } = this;
    const { measures = measureNames, now = Date.now, log } = options;
    const outbox = await Outbox.open(folder.file(`${patient}.outbox`));
    const membership = await Membership.open({
      ...{ patient, folder, keys, settings, api, now: () => new Date(now()) },
      record: (intent) => record(api, keys, settings, intent),
    });
    const connect = settings.gateway.mqtt === undefined ? httpsConnect(api) : mqttConnect(keys, settings);
    const delivery: Delivery = new Delivery({
      outbox,
      connect: async (noted) => {
        if (options.mayConnect?.() === false) throw new GatewayLost('There is no way to the gateway now.');
        return connect(noted);
      },
      noted: (circles) => void this.tried('note', () => this.noted(circles)),
      connected: (transport) => {
        this.transport = transport;
        void this.tried('status', () => this.tellStatus());
      },
      refused: (name, refusal) => this.refused(name, refusal),
      pause: (ms) => this.wait(ms),
      ...(log !== undefined && { failed: (error: unknown) => this.tellFault('connection', error) }),
    });
    const recorder = new Recorder({
      ...{ device: this.id, outbox, sign, measures, now },
      sealing: () => membership.sealing(),
      plan: () => membership.plan,
      enclosed: (name) => delivery.wake(name),
    });
    this.worn = { membership, outbox, recorder, delivery };
  }

  private async refused(lane: Lane, refusal: RefusedFrame): Promise<'again' | 'later'> {
    const { worn } = this;
    const { code, number } = refusal;
    this.options.log?.(`${this.id}: ${lane} ${number} was refused: ${code}`);
    if (worn === undefined) return 'later';
    if (code === 'STALE_EPOCH') await this.settle();
    return resealRefused(worn, lane, refusal);
  }

  private async tellStatus(): Promise<void> {
    const { battery, now = Date.now } = this.options;
    const status: DeviceStatus = {
      ...(battery !== undefined && { battery: battery() }),
      ...{ firmware: this.label.firmware, at: now(), pending: this.pending },
    };
    await this.transport?.tell(status);
  }

  private async repeat(ms: number, work: () => Promise<void>): Promise<void> {
    while (!this.abort.signal.aborted) {
      // Devices that were started together do not work at the same moment.
      await this.wait(ms * (0.9 + 0.2 * Math.random()));
      if (!this.abort.signal.aborted) await work();
    }
  }

  private async wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.abort.signal }).catch(() => undefined);
  }

  private async tried(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.tellFault(name, error);
    }
  }

  /** What comes from outside is tried again; anything else is a fault of this code, or of the disk. */
  private tellFault(name: string, error: unknown): void {
    const isExpected = error instanceof GatewayLost || error instanceof GatewayRefused || error instanceof CryptoError;
    const detail = error instanceof Error ? `${error.name} ${error.message}` : String(error);
    this.options.log?.(`${this.id}: ${name}: ${detail}`);
    if (!isExpected && this.options.log === undefined) console.error(error);
  }
}
