import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from '../../step.ts';
import { round } from '../statistics.ts';
import type { AnchorCounter } from './anchored.ts';
import type { LoadProcess } from './loadProcess.ts';
import type { TelemetryOptions } from './options.ts';

export interface ThroughputFigures {
  /** Readings that the ledger has anchored, by the time from the first frame to the last block. */
  readingsPerSecond: number;
  /** From a frame's sending to its acknowledgement, when it goes as fast as it can. */
  ackP50Ms: number;
  ackP95Ms: number;
  bytesPerReading: { wire: number; ipfs: number; ledger: number };
}

/** As fast as the gateway acknowledges, for so long; then until the last reading is on the ledger. Throws where one is lost. */
export async function measureThroughput(
  { load, anchors, sizes }: { load: LoadProcess; anchors: AnchorCounter; sizes(): { ledger: number; ipfs: number } },
  { seconds, inFlight, readings: readingsPerFrame }: TelemetryOptions,
): Promise<ThroughputFigures> {
  // The first compiles and connects what is used first.
  await settled(load, anchors, { seconds: Math.min(5, seconds), atOnce: inFlight, readingsPerFrame });
  const [sizesBefore, started] = [sizes(), performance.now()];
  const sent = await settled(load, anchors, { seconds, atOnce: inFlight, readingsPerFrame });
  const after = sizes();
  const each = (bytes: number) => round(bytes / sent.readings, 2);
  return {
    readingsPerSecond: round((sent.readings * 1_000) / (sent.at - started), 0),
    ...{ ackP50Ms: round(sent.ackP50Ms), ackP95Ms: round(sent.ackP95Ms) },
    bytesPerReading: {
      wire: each(sent.sentBytes),
      ipfs: each(after.ipfs - sizesBefore.ipfs),
      ledger: each(after.ledger - sizesBefore.ledger),
    },
  };
}

/** Sends, and waits until what was acknowledged is anchored: each frame of each device's stream once, or it is a fault. */
export async function settled(
  load: LoadProcess,
  anchors: AnchorCounter,
  how: { seconds: number; atOnce: number; readingsPerFrame: number; rate?: number },
) {
  const before = anchors.count();
  const sent = await load.ask({ kind: 'send', ...how });
  if (sent.failed > 0 || sent.refused > 0) {
    const message = `${sent.failed} frames failed, and ${sent.refused} were refused.`;
    throw new StepError(message, { advice: 'see the logs of telemetry and connector.' });
  }
  const after = await anchors.reached(sent.streams);
  anchors.streams.requireExactly(sent.streams);
  if (after.refused > before.refused) {
    const message = `The ledger refused ${after.refused - before.refused} batches.`;
    throw new StepError(message, { advice: 'see the logs of telemetry and connector.' });
  }
  return { ...sent, at: after.at };
}

/** Bytes of all files below a folder. */
export function folderBytes(folder: string): number {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    try {
      sum += statSync(join(entry.parentPath, entry.name)).size;
    } catch {
      // A store's compaction has removed it meanwhile.
    }
  }
  return sum;
}
