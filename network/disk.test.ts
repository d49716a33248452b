import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openState } from './state.ts';
import { explainFailure } from './step.ts';
import { mountRefusal } from './testing/mounts.ts';

/** The real functions, until a test says that the disk is full or read-only. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    statfsSync: vi.fn(fs.statfsSync),
    writeFileSync: vi.fn(fs.writeFileSync),
    mkdirSync: vi.fn(fs.mkdirSync),
    rmSync: vi.fn(fs.rmSync),
  };
});

let base = '';
let dir = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'medloom-disk-'));
  dir = join(base, 'state');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const fs = await vi.importActual<typeof import('node:fs')>('node:fs');

/** What a person reads who starts on `folder`. */
const said = (folder: string) =>
  openState(folder).then(
    (state) => {
      state.release();
      return 'It started.';
    },
    (error: unknown) => explainFailure(error),
  );

function fails(code: string): () => never {
  return () => {
    throw Object.assign(new Error(`${code}: by this test`), { code });
  };
}

const full = /The disk of .* has \d+ MB free; a start needs 300 MB\.\nWhat to do: free some space/;

describe('a start on a disk', () => {
  it('with too little room is refused before anything is made', async () => {
    const disk = statfsSync(base);
    vi.mocked(statfsSync).mockReturnValueOnce({ ...disk, bavail: 100, bsize: 1e6 });
    expect(await said(dir)).toMatch(/has 100 MB free; a start needs 300 MB/);
    expect(existsSync(dir)).toBe(false);
  });

  it('that is full leaves the folder as it was', async () => {
    mkdirSync(dir);
    vi.mocked(writeFileSync).mockImplementationOnce((file) => {
      // As the system does it: the name is made, the content is refused.
      vi.mocked(writeFileSync).mockRestore();
      writeFileSync(file, '');
      return fails('ENOSPC')();
    });
    expect(await said(dir)).toBe(
      `The state folder ${dir} cannot be written to. The disk is full.\n` +
        'What to do: free some space and start again; nothing that was recorded is lost.',
    );
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each([
    ['the ledgers', 'ledger'],
    ['the logs, last', 'devnet.log'],
  ])('that ends while everything is emptied, at %s, is finished by the next start', async (_name, at) => {
    await said(dir);
    for (const name of ['ledger', 'database']) mkdirSync(join(dir, name));
    writeFileSync(join(dir, 'logs', 'devnet.log'), '');
    vi.mocked(rmSync).mockImplementation((path, options) => {
      if (basename(String(path)) === at) throw new Error('pulled');
      fs.rmSync(path, options);
    });
    await expect(openState(dir, { fresh: true })).rejects.toThrow('pulled');
    vi.mocked(rmSync).mockRestore();
    expect(await said(dir)).toBe('It started.');
    expect(readdirSync(dir).sort()).toEqual(['logs', 'medloom.json']);
    expect(readdirSync(join(dir, 'logs'))).toEqual([]);
  });

  it.each([
    ['EROFS', 'The disk is read-only.', 'clone Medloom to a disk that can be written to'],
    ['EACCES', 'This user may not do that.', 'make the files yours'],
    ['EDQUOT', 'The disk quota is used up.', 'free some space'],
    ['ESTALE', 'ESTALE: by this test', 'choose another folder: --state DIR'],
  ])('that refuses with %s says so in words, with what helps', async (code, cause, advice) => {
    vi.mocked(mkdirSync).mockImplementationOnce(fails(code));
    const text = await said(dir);
    expect(text).toContain(`The state folder ${dir} cannot be written to.`);
    expect(text).toContain(cause);
    expect(text).toContain(`What to do: ${advice}`);
    expect(existsSync(dir)).toBe(false);
  });
});

const refusal = mountRefusal();

describe.skipIf(refusal !== undefined)('a start on a mounted disk', () => {
  const mount = (...options: string[]) => execFileSync('mount', ['-t', 'tmpfs', ...options, 'tmpfs', dir]);
  beforeEach(() => mkdirSync(dir));
  afterEach(() => execFileSync('umount', [dir]));

  it('of one megabyte is refused, and nothing is left on it', async () => {
    mount('-o', 'size=1m');
    expect(await said(join(dir, 'state'))).toMatch(full);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('without a free inode is refused, and nothing is left on it', async () => {
    mount('-o', 'size=400m,nr_inodes=2');
    writeFileSync(join(dir, 'thesis.txt'), '');
    expect(await said(join(dir, 'state'))).toContain('The disk is full.');
    expect(readdirSync(dir)).toEqual(['thesis.txt']);
  });

  it('that is read-only is refused in words', async () => {
    mount('-o', 'ro');
    expect(await said(join(dir, 'state'))).toMatch(/cannot be written to\. The disk is read-only\.\nWhat to do: clone/);
    expect(readdirSync(dir)).toEqual([]);
  });
});
