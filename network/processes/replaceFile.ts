import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Puts `content` in place of a file so that a crash at any moment leaves either the old content or the new, never a part:
 * write beside it, flush, rename, flush the folder. Each writer has its own file beside it, so that of two at once one
 * comes last and both are whole.
 */
export async function replaceFile(file: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const fresh = join(folder, `${beginning(file)}${randomUUID()}.new`);
  try {
    const handle = await open(fresh, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  await flushFolder(folder);
}

/** Removes what killed writers of a file left beside it. Only for whoever knows that none writes now. */
export async function removeLeftovers(file: string): Promise<void> {
  const folder = dirname(file);
  const start = beginning(file);
  for (const name of await readdir(folder))
    if (name.startsWith(start) && /^[0-9a-f-]{36}\.new$/.test(name.slice(start.length)))
      await rm(join(folder, name), { force: true });
}

function beginning(file: string): string {
  return `.${basename(file)}.`;
}

/** Flushes a folder's entries, so that names created, renamed or removed in it survive a power cut. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
