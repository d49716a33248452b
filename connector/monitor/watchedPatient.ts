import type { FrameSigner } from '#crypto/telemetry/signature.ts';
import type { GatewayApi } from '#device/api.ts';
import type { DeviceKeys, DeviceSettings } from '#device/enrolment.ts';
import type { StateFolder } from '#device/folder.ts';
import { type DeviceIntent, record } from '#device/ledger.ts';
import { Membership } from '#device/membership.ts';
import { Outbox } from '#device/outbox.ts';
import { Recorder } from '#device/recorder.ts';
import { resealRefused } from '#device/refusal.ts';
import type { CircleNote } from '#device/transport.ts';
import { measureNames } from '#monitoring/catalogue.ts';
import type { Reading } from '#monitoring/reading.ts';
import type { ConnectorLog } from '../log.ts';
import { hear, SeenFrames } from './seenFrames.ts';

export interface WatchedOptions {
  patient: string;
  folder: StateFolder;
  settings: DeviceSettings;
  keys: Pick<DeviceKeys, 'signing'>;
  sign: FrameSigner;
  api: Pick<GatewayApi, 'circle' | 'block' | 'putBlock' | 'post' | 'frames' | 'framesAfter'>;
  now: () => number;
  log: Pick<ConnectorLog, 'warn'>;
  /** How the ledger records something in the monitor's name; left out, through the gateway. */
  recordIntent?: (intent: DeviceIntent) => Promise<void>;
}

/** An alert that is refused so often is tried again with the next look. */
const mostTries = 5;

/**
 * A patient who has seated the institution's monitor: a leaf of the circle that reads what devices send and watches it by the
 * plan. It calls for what a device cannot know (that it is silent altogether, a score from several devices), and for nothing that a
 * device has called for already.
 */
export class WatchedPatient {
  private readonly options: WatchedOptions;
  private readonly membership: Membership;
  private readonly outbox: Outbox;
  private readonly recorder: Recorder;
  private readonly seen: SeenFrames;

  private constructor(options: WatchedOptions, membership: Membership, outbox: Outbox, seen: SeenFrames) {
    this.options = options;
    this.membership = membership;
    this.outbox = outbox;
    this.seen = seen;
    const { settings, sign, now } = options;
    this.recorder = new Recorder({
      ...{ device: settings.device, outbox, sign, now, measures: measureNames },
      sealing: () => membership.sealing(),
      plan: () => membership.plan,
      enclosed: () => undefined,
    });
  }

  static async open(options: WatchedOptions): Promise<WatchedPatient> {
    const { patient, folder, settings, keys, api, now } = options;
    const { recordIntent = (intent: DeviceIntent) => record(api, keys, settings, intent) } = options;
    const membership = await Membership.open({
      ...{ patient, folder, keys, settings, api, record: recordIntent, now: () => new Date(now()) },
    });
    const outbox = await Outbox.open(folder.file(`${patient}.outbox`));
    return new WatchedPatient(options, membership, outbox, await SeenFrames.open(folder, patient));
  }

  /** Where the circle stands now, as the gateway notes. */
  async noted(note: CircleNote): Promise<void> {
    if (note.stale) await this.membership.stop();
    if (note.stale || this.membership.isNews(note)) await this.membership.settle();
  }

  /** The patient has taken the seat away: its part of the circle is forgotten. */
  async leave(): Promise<void> {
    await this.membership.settle();
  }

  /** Reads what has come, watches it and the clock, and calls whoever has to be called. */
  async look(): Promise<void> {
    if (this.membership.plan !== undefined) {
      for (let isMore = true; isMore; ) isMore = await this.readOn();
    }
    await this.send();
  }

  async close(): Promise<void> {
    await this.recorder.idle();
    await this.outbox.close();
  }

  /** Whether there may be more to read. */
  private async readOn(): Promise<boolean> {
    const { api, patient } = this.options;
    const frames = await api.framesAfter(patient, this.seen.after);
    const readings: Reading[] = [];
    let { after } = this.seen;
    for (const [place, bytes] of frames) {
      const heard = await this.hear(bytes);
      if (heard === 'later') break;
      for (const alert of heard.alerts) this.seen.note(alert);
      readings.push(...heard.readings);
      after = place;
    }
    const isWatched = await this.recorder.observe(readings, (content) => this.seen.isTold(content));
    if (!isWatched || after === this.seen.after) return false;
    await this.seen.read(after);
    return true;
  }

  private async hear(bytes: Uint8Array) {
    const { settings, patient, log } = this.options;
    const circle = { membership: this.membership, roots: settings.roots, own: settings.device };
    const refused = (error: Error) => log.warn({ err: error, patient }, 'a frame says nothing');
    const heard = await hear(bytes, circle, refused);
    if (heard !== 'later') return heard;
    await this.membership.settle();
    return hear(bytes, circle, refused);
  }

  private async send(): Promise<void> {
    for (let tries = 0; tries < mostTries; ) {
      const [first] = this.outbox.lane('alerts').waiting;
      if (first === undefined) return;
      const { refused, at } = await this.options.api.frames([first.bytes]);
      const [refusal] = refused;
      if (refusal === undefined) {
        await this.outbox.acknowledge('alerts', first.number);
        continue;
      }
      tries += 1;
      this.options.log.warn({ patient: this.options.patient, code: refusal.code }, 'an alert was not taken');
      if (refusal.code === 'STALE_EPOCH') await this.membership.settle();
      const frame = { code: refusal.code, number: first.number, at };
      if ((await resealRefused({ outbox: this.outbox, recorder: this.recorder }, 'alerts', frame)) === 'later') return;
    }
  }
}
