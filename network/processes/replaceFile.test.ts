import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeLeftovers, replaceFile } from './replaceFile.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-replace-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('leaves one whole content of several that are written at once', async () => {
  const file = join(folder, 'chain.json');
  const contents = ['a', 'b', 'c', 'd'].map((letter, index) => letter.repeat(500_000 * (index + 1)));
  await Promise.all(contents.map((content) => replaceFile(file, content)));
  expect(contents.includes(await readFile(file, 'utf8'))).toBe(true);
  expect(await readdir(folder)).toEqual(['chain.json']);
});

it('leaves nothing where it fails', async () => {
  await mkdir(join(folder, 'chain.json', 'taken'), { recursive: true });
  await expect(replaceFile(join(folder, 'chain.json'), 'x')).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['chain.json']);
});

it('removes what killed writers left, and nothing of another file', async () => {
  const others = [`.chain.json.claim.${randomUUID()}.new`, `.other.${randomUUID()}.new`, 'chain.json'];
  for (const name of [`.chain.json.${randomUUID()}.new`, ...others]) await writeFile(join(folder, name), 'x');
  await removeLeftovers(join(folder, 'chain.json'));
  expect((await readdir(folder)).sort()).toEqual(others.sort());
});
