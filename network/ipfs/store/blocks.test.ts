import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Blocks } from './blocks.ts';
import { digestNamed } from './hashes.ts';

let folder: string;
let blocks: Blocks;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-blocks-'));
  blocks = new Blocks(folder);
  await blocks.open();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(text: string): Promise<{ cid: CID; file: string }> {
  const bytes = new TextEncoder().encode(text);
  const digest = digestNamed('sha2-256', bytes);
  if (!digest) throw new Error('no digest');
  const cid = await blocks.put(CID.createV1(raw.code, digest), bytes);
  const [name = ''] = (await readdir(folder, { recursive: true })).filter((entry) => entry.endsWith('.data'));
  return { cid, file: join(folder, name) };
}

/** What stands there can be named but not opened, as when the process has no more handles. */
async function makeUnreadable(file: string): Promise<void> {
  await rm(file);
  await symlink(file, file);
}

describe('Blocks', () => {
  it('does not take for flushed what it could not open', async () => {
    const { file } = await put('a block');
    await makeUnreadable(file);
    await expect(blocks.flush()).rejects.toThrow('ELOOP');
    await rm(file);
    await put('a block');
    await expect(blocks.flush()).resolves.toBeUndefined();
  });

  it('flushes nothing of a block that was removed meanwhile', async () => {
    const { cid } = await put('a block');
    await blocks.delete(cid);
    await expect(blocks.flush()).resolves.toBeUndefined();
  });

  it('does not take a block for missing that it could not look at', async () => {
    const { cid, file } = await put('a block');
    expect(await blocks.sizeOf(cid)).toBe(7);
    await makeUnreadable(file);
    await expect(blocks.sizeOf(cid)).rejects.toThrow('ELOOP');
    await rm(file);
    expect(await blocks.sizeOf(cid)).toBeUndefined();
  });
});
