import { type FileHandle, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { flushFolder, removeLeftovers, replaceFile } from '#network/processes/replaceFile.ts';

/** Length and CRC-32 of an entry, both unsigned and big-endian, before its bytes. */
const headLength = 8;
/** Far beyond what a device writes at once; a greater length in a file is damage. */
const mostBytes = 16 * 1024 * 1024;

/**
 * A file to which entries are only added, one after another. A torn end, as a power cut leaves it, is cut off when the file is
 * opened: nobody was told that it was there.
 */
export class AppendLog {
  private readonly file: string;
  private handle: FileHandle;
  private turn: Promise<void> = Promise.resolve();
  private broken: Error | undefined;
  /** Bytes of the file. */
  size: number;

  private constructor(file: string, handle: FileHandle, size: number) {
    this.file = file;
    this.handle = handle;
    this.size = size;
  }

  /** Opens the file, or makes it; answers what it holds as well. */
  static async open(file: string): Promise<{ log: AppendLog; entries: Uint8Array[] }> {
    const handle = await open(file, 'a+', 0o600);
    await removeLeftovers(file);
    const bytes = await readFile(file);
    const { entries, end } = read(bytes);
    if (end < bytes.length) {
      await handle.truncate(end);
      await handle.sync();
    }
    await flushFolder(dirname(file));
    return { log: new AppendLog(file, handle, end), entries };
  }

  /** Adds entries. They are on the disk when `then` is called, before whatever is asked for next is done. */
  append(entries: readonly Uint8Array[], then: () => void = () => {}): Promise<void> {
    return this.inTurn(async () => {
      if (this.broken) throw this.broken;
      const bytes = Buffer.concat(entries.flatMap(framed));
      try {
        await this.handle.appendFile(bytes);
        await this.handle.datasync();
      } catch (error) {
        await this.cutOff();
        throw error;
      }
      this.size += bytes.length;
      then();
    });
  }

  /** Puts the entries that `content` answers in the place of all, in one step; nothing where it answers none. */
  replace(content: () => readonly Uint8Array[] | undefined): Promise<void> {
    return this.inTurn(async () => {
      const entries = content();
      if (entries === undefined) return;
      const bytes = Buffer.concat(entries.flatMap(framed));
      await replaceFile(this.file, bytes);
      const before = this.handle;
      this.handle = await open(this.file, 'a', 0o600);
      this.size = bytes.length;
      await before.close();
    });
  }

  close(): Promise<void> {
    return this.inTurn(() => this.handle.close());
  }

  /** What follows a part of an entry would be cut off with it when the file is opened. */
  private async cutOff(): Promise<void> {
    try {
      await this.handle.truncate(this.size);
    } catch (cause) {
      this.broken = new Error('The end of the log is damaged; open it anew.', { cause });
    }
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }
}

function framed(entry: Uint8Array): Uint8Array[] {
  const head = Buffer.alloc(headLength);
  head.writeUInt32BE(entry.length, 0);
  head.writeUInt32BE(crc32(entry), 4);
  return [head, entry];
}

/** The whole entries from the beginning on, and where the last one ends. */
function read(bytes: Buffer): { entries: Uint8Array[]; end: number } {
  const entries: Uint8Array[] = [];
  let end = 0;
  while (end + headLength <= bytes.length) {
    const length = bytes.readUInt32BE(end);
    const entry = bytes.subarray(end + headLength, end + headLength + length);
    if (length > mostBytes || entry.length < length || crc32(entry) !== bytes.readUInt32BE(end + 4)) break;
    entries.push(new Uint8Array(entry));
    end += headLength + length;
  }
  return { entries, end };
}
