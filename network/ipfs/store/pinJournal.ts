import { open, readFile, truncate } from 'node:fs/promises';
import { z } from 'zod';
import { replaceFile } from '../../processes/replaceFile.ts';

const pinModeSchema = z.enum(['recursive', 'direct']);
const entrySchema = z.union([
  z.object({ pin: z.string(), mode: pinModeSchema, name: z.string() }),
  z.object({ unpin: z.string() }),
]);

export type PinMode = z.infer<typeof pinModeSchema>;
export interface Pin {
  mode: PinMode;
  name: string;
}
type Entry = z.infer<typeof entrySchema>;

/**
 * The pins, as a file of one JSON line for each change. A change counts once its line is on the disk. A last line without its
 * line break was cut short by a kill, was never acknowledged, and is dropped; any other line that cannot be read is an error.
 */
export class PinJournal {
  readonly #file: string;
  readonly #pins: Map<string, Pin>;
  #waiting: { entry: Entry; done: () => void; failed: (error: unknown) => void }[] = [];
  #writing = false;

  private constructor(file: string, pins: Map<string, Pin>) {
    this.#file = file;
    this.#pins = pins;
  }

  static async open(file: string): Promise<PinJournal> {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    });
    const lines = text.split('\n');
    const cut = lines.pop() ?? '';
    const pins = new Map<string, Pin>();
    for (const [index, line] of lines.entries()) apply(pins, parse(line, file, index + 1));
    if (lines.length > 1_000 + 2 * pins.size || text === '') await replaceFile(file, compact(pins));
    else if (cut) await truncate(file, Buffer.byteLength(text) - Buffer.byteLength(cut));
    return new PinJournal(file, pins);
  }

  get pins(): ReadonlyMap<string, Pin> {
    return this.#pins;
  }

  /** Resolves when the change is on the disk. */
  record(entry: Entry): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ entry, done, failed });
      if (!this.#writing) void this.#write();
    });
  }

  /** Writes what waits with one flush for all of it, until nothing waits. */
  async #write(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const handle = await open(this.#file, 'a', 0o600);
        try {
          const before = (await handle.stat()).size;
          try {
            await handle.appendFile(batch.map(({ entry }) => `${JSON.stringify(entry)}\n`).join(''));
            await handle.datasync();
          } catch (error) {
            // A disk that fills up may take a part: it must not stand before the next line.
            await handle.truncate(before);
            throw error;
          }
        } finally {
          await handle.close();
        }
        for (const { entry, done } of batch) {
          apply(this.#pins, entry);
          done();
        }
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    // At once, not when a promise settles: what is asked for in between would wait for ever.
    this.#writing = false;
  }
}

function parse(line: string, file: string, number: number): Entry {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch (error) {
    throw new Error(
      `The list of pins ${file} is damaged in line ${number}. It was not changed; restore it from a backup.`,
      {
        cause: error,
      },
    );
  }
}

function apply(pins: Map<string, Pin>, entry: Entry): void {
  if ('unpin' in entry) pins.delete(entry.unpin);
  else pins.set(entry.pin, { mode: entry.mode, name: entry.name });
}

function compact(pins: Map<string, Pin>): string {
  return [...pins].map(([pin, { mode, name }]) => `${JSON.stringify({ pin, mode, name })}\n`).join('');
}
