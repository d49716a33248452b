import type { Batch } from '#chaincode/model/telemetry.ts';
import { StepError } from '../../step.ts';

/** A stream of a light device, and how much of it the gateway has acknowledged: frames have the numbers 1 to `frames`. */
export interface SentStream {
  device: string;
  stream: string;
  frames: number;
  readings: number;
}

/** Which frames of which stream the ledger's batches hold, in the order of the blocks. */
export class AnchoredStreams {
  private readonly last = new Map<string, number>();
  private readonly batches: Batch[] = [];
  private readonly faults: string[] = [];

  take(batch: Batch): void {
    this.batches.push(batch);
    for (const part of batch.streams) {
      const key = keyOf(part);
      const last = this.last.get(key) ?? 0;
      if (part.first !== last + 1) this.faults.push(`${key}: ${part.first} to ${part.last} after ${last}`);
      this.last.set(key, Math.max(last, part.last));
    }
  }

  /** Frames that were acknowledged and are in no batch. */
  missing(sent: readonly SentStream[]): number {
    return sent.reduce((sum, one) => sum + Math.max(0, one.frames - (this.last.get(keyOf(one)) ?? 0)), 0);
  }

  /**
   * The batches of these streams. Throws a StepError unless they hold each acknowledged frame once and nothing else, with as many
   * readings; what other devices send meanwhile is in batches of its own, since their patients are others.
   */
  requireExactly(sent: readonly SentStream[]): Batch[] {
    const faults = [...this.faults];
    for (const one of sent) {
      const last = this.last.get(keyOf(one)) ?? 0;
      if (last !== one.frames) faults.push(`${keyOf(one)}: ${one.frames} acknowledged, ${last} anchored`);
    }
    const own = new Set(sent.map(keyOf));
    const batches = this.batches.filter(({ streams }) => streams.some((part) => own.has(keyOf(part))));
    for (const { id, streams } of batches) {
      if (!streams.every((part) => own.has(keyOf(part)))) faults.push(`${id} has streams that nobody sent`);
    }
    const acknowledged = sent.reduce((sum, { readings }) => sum + readings, 0);
    const anchored = batches.reduce((sum, { readings }) => sum + readings, 0);
    if (acknowledged !== anchored) faults.push(`${acknowledged} readings acknowledged, ${anchored} anchored`);
    if (faults.length === 0) return batches;
    const message = `What was acknowledged is not what was anchored:\n${faults.slice(0, 10).join('\n')}`;
    throw new StepError(message, { advice: 'this is a fault; see the logs of telemetry and connector.' });
  }
}

export const keyOf = ({ device, stream }: { device: string; stream: string }): string => `${device}/${stream}`;
