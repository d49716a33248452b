import { type Bytes, copyBytes } from '#crypto/bytes.ts';
import { decodeCbor, encodeCbor } from '#crypto/cbor.ts';
import { type FrameContent, sealFrame } from '#crypto/telemetry/seal.ts';
import type { FrameSigner } from '#crypto/telemetry/signature.ts';
import type { AlertContent } from '#monitoring/alert.ts';
import type { MeasureName } from '#monitoring/catalogue.ts';
import type { Period } from '#monitoring/digest.ts';
import type { Plan } from '#monitoring/plan.ts';
import { faultOf, ofWire, type Reading, toWire } from '#monitoring/reading.ts';
import { step } from '#monitoring/watch.ts';
import { firstState } from '#monitoring/watchState.ts';
import { alertContents, type Content, digestContents, packContent, readingContents, unpackContent } from './content.ts';
import { closePeriods, type Memory, packMemory, unpackMemory, withReadings } from './memory.ts';
import type { Lane, Outbox } from './outbox.ts';

/** The epoch under whose key is sealed now. */
export interface Sealing {
  patient: string;
  generation: number;
  epoch: number;
  /** 32 bytes; secret. */
  key: Bytes;
}

export interface RecorderOptions {
  device: string;
  outbox: Outbox;
  sign: FrameSigner;
  /** What the device measures; silence of anything else is nothing that it tells. */
  measures: readonly MeasureName[];
  /** Undefined while nothing may be sealed. */
  sealing(): Promise<Sealing | undefined>;
  plan(): Plan | undefined;
  /** Frames are new in a lane. */
  enclosed(lane: Lane): void;
  now(): number;
}

const mostReadingBytes = 128 * 1024;

/**
 * What becomes of readings: kept at once, watched at once, and sealed into frames when it is time. Each step is one entry of the
 * outbox, so that a device that is killed goes on where it was; while nothing may be sealed readings wait.
 */
export class Recorder {
  private readonly options: RecorderOptions;
  private memory: Memory;
  /** Sequence of the last reading that was watched. */
  private watched = 0;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(options: RecorderOptions) {
    this.options = options;
    this.memory = unpackMemory(options.outbox.snapshot);
  }

  /** Keeps readings; whoever has to be called is called. Throws `ReadingError` for what nobody can have. */
  record(readings: readonly Reading[]): Promise<void> {
    return this.inTurn(async () => {
      for (const reading of readings) {
        const fault = faultOf(reading);
        if (fault !== undefined) throw fault;
      }
      await this.options.outbox.take(readings.map((reading) => encodeCbor(toWire(reading, 0))));
      await this.watch();
    });
  }

  /** Looks at the clock: silence, and hours and days that are over. Every half minute. */
  tick(): Promise<void> {
    return this.inTurn(async () => {
      await this.watch();
      const sealing = await this.options.sealing();
      if (sealing === undefined) return;
      for (const period of ['hour', 'day'] as const) await this.tellPeriod(period, sealing);
    });
  }

  /** Seals all readings that are in no frame. */
  seal(): Promise<void> {
    return this.inTurn(async () => {
      const { outbox, plan } = this.options;
      const sealing = await this.options.sealing();
      const last = outbox.taken.at(-1);
      if (sealing === undefined || last === undefined) return;
      await this.watch();
      const readings = outbox.taken.map(({ content }) => readingOf(content));
      const memory = withReadings(this.memory, readings, plan()?.terms.limits ?? {});
      await this.enclose('readings', sealing, readingContents(readings), memory, last.sequence);
    });
  }

  /** Tells digests of a time before there were readings here. */
  tell(contents: readonly Content[]): Promise<void> {
    return this.inTurn(async () => {
      const sealing = await this.options.sealing();
      if (sealing === undefined) throw new Error('Nothing may be sealed now.');
      await this.enclose('digests', sealing, contents, this.memory);
    });
  }

  /**
   * Seals what waits in a lane under the present epoch, as a new stream, since the gateway takes nothing more of the old one.
   * `without`: the number of a frame that nobody takes, which is left out. False while nothing may be sealed.
   */
  reseal(lane: Lane, without?: number): Promise<boolean> {
    return this.inTurn(async () => {
      const { outbox } = this.options;
      const sealing = await this.options.sealing();
      if (sealing === undefined) return false;
      const left = outbox.lane(lane).waiting.filter(({ number }) => number !== without);
      const stream = outbox.newStream();
      const frames: { bytes: Bytes; content: Bytes }[] = [];
      for (const { content } of left) {
        frames.push(await this.sealOne(sealing, stream, frames.length + 1, unpackContent(content)));
      }
      await outbox.begin(lane, stream, frames);
      return true;
    });
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.turn;
  }

  /**
   * Watches what others measure, as an institution's monitor does. `isTold`: somebody has called for it already, and need not be
   * called again. False where nothing can be sealed or there is no plan: then nothing has been watched.
   */
  observe(readings: readonly Reading[], isTold: (content: AlertContent) => boolean): Promise<boolean> {
    return this.inTurn(() => this.judge(readings, isTold, readings.length > 0));
  }

  private async watch(): Promise<void> {
    const fresh = this.options.outbox.taken.filter(({ sequence }) => sequence > this.watched);
    const readings = fresh.map(({ content }) => readingOf(content));
    if (await this.judge(readings, () => false, false)) this.watched = fresh.at(-1)?.sequence ?? this.watched;
  }

  /** `keep`: what has been watched is in no other place, so that it is written down at once. */
  private async judge(
    readings: readonly Reading[],
    isTold: (content: AlertContent) => boolean,
    keep: boolean,
  ): Promise<boolean> {
    const { device, now } = this.options;
    const plan = this.ownPlan();
    const sealing = await this.options.sealing();
    // An alert that cannot be sealed is not raised before it can.
    if (plan === undefined || sealing === undefined) return false;
    const done = step(plan, this.memory.watch ?? firstState(now()), { now: now(), readings });
    const memory = { ...this.memory, watch: done.state };
    const raised = done.told.flatMap((told) => (told.kind === 'raised' && !isTold(told.content) ? [told.content] : []));
    if (raised.length > 0 || keep) {
      const contents = raised.map((content) => alertContents(device, plan, content, sealing.key));
      await this.enclose('alerts', sealing, contents, memory);
    }
    this.memory = memory;
    return true;
  }

  /** The plan without the silence of what others measure. */
  private ownPlan(): Plan | undefined {
    const plan = this.options.plan();
    if (plan === undefined) return undefined;
    const named = Object.entries(plan.terms.missingAfterSeconds);
    const own: readonly string[] = this.options.measures;
    const missingAfterSeconds = Object.fromEntries(named.filter(([name]) => own.includes(name)));
    return { ...plan, terms: { ...plan.terms, missingAfterSeconds } };
  }

  private async tellPeriod(period: Period, sealing: Sealing): Promise<void> {
    const { closed, left } = closePeriods(this.memory, period, this.options.now());
    if (closed.length > 0) await this.enclose('digests', sealing, digestContents(period, closed), left);
  }

  private async enclose(
    lane: Lane,
    sealing: Sealing,
    contents: readonly Content[],
    memory: Memory,
    consumed?: number,
  ): Promise<void> {
    const { outbox, enclosed } = this.options;
    const { stream, next } = outbox.lane(lane);
    const frames: { bytes: Bytes; content: Bytes }[] = [];
    for (const content of contents) frames.push(await this.sealOne(sealing, stream, next + frames.length, content));
    const snapshot = packMemory(memory);
    await outbox.enclose(lane, frames, { snapshot, ...(consumed !== undefined && { consumed }) });
    this.memory = memory;
    enclosed(lane);
  }

  private async sealOne({ key, ...place }: Sealing, stream: Bytes, number: number, content: Content) {
    const { device, sign } = this.options;
    const whole: FrameContent = { ...place, ...content, device, stream, number };
    const { bytes } = await sealFrame(key, whole, sign);
    return { bytes: copyBytes(bytes), content: packContent(content) };
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }
}

const readingOf = (content: Uint8Array): Reading => ofWire(decodeCbor(content, mostReadingBytes, 'FRAME_MALFORMED'), 0);
