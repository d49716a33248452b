import { z } from 'zod';
import { type AlertLevel, alertLevel } from '#chaincode/model/alert.ts';
import type { Root } from '#crypto/certificate.ts';
import { CryptoError } from '#crypto/errors.ts';
import { decodeFrame, type Frame } from '#crypto/telemetry/frame.ts';
import { openFrame } from '#crypto/telemetry/seal.ts';
import { requireFrame } from '#device/circleTrust.ts';
import type { StateFolder } from '#device/folder.ts';
import type { Membership } from '#device/membership.ts';
import { type AlertContent, alertContent } from '#monitoring/alert.ts';
import { rankOf } from '#monitoring/plan.ts';
import { ofWire, type Reading, ReadingError } from '#monitoring/reading.ts';

const kept = z.strictObject({
  /** Place of the last frame that was read, in the gateway's order. */
  after: z.int().nonnegative(),
  /** What devices called for, by cause. */
  told: z.record(z.string(), z.strictObject({ level: alertLevel, at: z.int() })),
});
type Kept = z.infer<typeof kept>;

/** A plan has fewer; whoever makes causes up takes the place of what was told first. */
const mostCauses = 200;

/** A device's alert stands for the same cause that long before the monitor would have called for it. */
const sameCauseMs = 10 * 60_000;

/** How far a patient's frames have been read, and what devices have called for by themselves. */
export class SeenFrames {
  private readonly folder: StateFolder;
  private readonly file: string;
  private kept: Kept;

  private constructor(folder: StateFolder, file: string, known: Kept) {
    this.folder = folder;
    this.file = file;
    this.kept = known;
  }

  static async open(folder: StateFolder, patient: string): Promise<SeenFrames> {
    const file = `${patient}.seen.json`;
    return new SeenFrames(folder, file, (await folder.readJson(file, kept)) ?? { after: 0, told: {} });
  }

  get after(): number {
    return this.kept.after;
  }

  async read(after: number): Promise<void> {
    this.kept = { ...this.kept, after };
    await this.folder.writeJson(this.file, this.kept);
  }

  note({ key, level, at }: Pick<AlertContent, 'key' | 'level' | 'at'>): void {
    const others = Object.entries(this.kept.told).filter(([name]) => name !== key);
    const told = Object.fromEntries([...others.slice(1 - mostCauses), [key, { level, at }]]);
    this.kept = { ...this.kept, told };
  }

  /** A device has called for it already, at least as loudly. */
  isTold({ key, level, since }: Pick<AlertContent, 'key' | 'level' | 'since'>): boolean {
    const { [key]: told } = this.kept.told;
    return told !== undefined && isAsLoud(told.level, level) && told.at >= since - sameCauseMs;
  }
}
const isAsLoud = (told: AlertLevel, wanted: AlertLevel) => rankOf(told) <= rankOf(wanted);

/** What a frame of another device says. */
export interface Heard {
  readings: Reading[];
  alerts: AlertContent[];
}
const nothing: Heard = { readings: [], alerts: [] };

/**
 * Opens a frame of the circle. `later`: it is of an epoch that is not known here yet. What no member of the circle made, or what
 * says nothing that a device may say, says nothing; `refused` is told why.
 */
export async function hear(
  bytes: Uint8Array,
  { membership, roots, own }: { membership: Membership; roots: readonly Root[]; own: string },
  refused: (error: CryptoError | ReadingError) => void,
): Promise<Heard | 'later'> {
  const { answer } = membership;
  if (answer === undefined) return 'later';
  try {
    const frame = decodeFrame(bytes);
    const isWatched =
      frame.p === membership.patient && frame.d !== own && (frame.k === 'readings' || frame.k === 'alert');
    if (!isWatched) return nothing;
    const opening = membership.openingKey(frame.g, frame.e);
    if (opening === 'later') return 'later';
    if (opening === 'never') return nothing;
    await requireFrame(roots, answer, frame);
    const { items } = await openFrame(opening.key, frame);
    return heardIn(frame, items, refused);
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    refused(error);
    return nothing;
  }
}

function heardIn(frame: Frame, items: readonly unknown[], refused: (error: ReadingError) => void): Heard {
  if (frame.k === 'alert') {
    const parsed = alertContent.safeParse(items[0]);
    // One that says another time than its frame could speak for years to come.
    const isNow = parsed.success && parsed.data.at === frame.t;
    return { readings: [], alerts: isNow ? [parsed.data] : [] };
  }
  const readings = items.flatMap((item) => {
    try {
      return [ofWire(item, frame.f)];
    } catch (error) {
      if (!(error instanceof ReadingError)) throw error;
      refused(error);
      return [];
    }
  });
  return { readings, alerts: [] };
}
