import { chmod, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { removeLeftovers, replaceFile } from '#network/processes/replaceFile.ts';

/** Where a device keeps what must outlive it: files that are replaced whole, for their owner only. */
export class StateFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async open(path: string): Promise<StateFolder> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
    for (const name of await readdir(path)) if (!name.startsWith('.')) await removeLeftovers(join(path, name));
    return new StateFolder(path);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Undefined where it is not there. Throws for what has another shape: it is damaged, and nothing is done with it. */
  async readJson<Shape extends z.ZodType>(name: string, shape: Shape): Promise<z.infer<Shape> | undefined> {
    const text = await this.read(name);
    if (text === undefined) return undefined;
    try {
      return shape.parse(JSON.parse(Buffer.from(text).toString()));
    } catch (cause) {
      throw new Error(`${this.file(name)} is damaged.`, { cause });
    }
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      return new Uint8Array(await readFile(this.file(name)));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  writeJson(name: string, value: unknown): Promise<void> {
    return this.write(name, `${JSON.stringify(value, undefined, 2)}\n`);
  }

  write(name: string, content: string | Uint8Array): Promise<void> {
    return replaceFile(this.file(name), content);
  }

  async remove(name: string): Promise<void> {
    await rm(this.file(name), { force: true });
  }
}
