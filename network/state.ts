import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { endOrphans } from './orphans.ts';
import { endProcess, isAlive, type ProcessMark, processMark, startOf } from './processInfo.ts';
import { codeOf, StepError, systemFailure } from './step.ts';
import { linked } from './turn.ts';

/** What a start needs at the least: build, ledgers and logs of a demonstration. */
const neededBytes = 300e6;
const stateVersion = 1;

const marker = z.object({ medloom: z.literal('state'), version: z.int() });
const lockFile = processMark.extend({ url: z.string().optional() });
const childrenFile = z.array(processMark.extend({ name: z.string() }));

/** The folder in which everything lies that a network keeps. It belongs to one running network at a time. */
export interface State {
  readonly dir: string;
  path(...names: string[]): string;
  /** Notes a child, so that the next start can end it should this process be killed. One that keeps a claim is not noted. */
  noteChild(name: string, pid: number): Promise<void>;
  forgetChild(pid: number): void;
  /** Where this network answers, for the message of a second start. */
  noteUrl(url: string): void;
  /** Lets another start have the folder. */
  release(): void;
}

/** What `fresh` keeps: the brought Node, and the log that is being written by the set-up. */
const keptByFresh = new Set(['toolchain', 'logs', 'lock']);

/**
 * Takes a state folder, made if it is missing: checks that it is ours, that it can be written to and that the disk has room,
 * locks it against a second start, and ends what an earlier run that was killed left behind. `fresh` empties it first.
 * Throws a StepError that says what is wrong; nothing was changed then.
 */
export async function openState(dir: string, options: { fresh?: boolean } = {}): Promise<State> {
  checkRoom(resolve(dir));
  const folder = makeFolder(resolve(dir));
  const present = readdirSync(folder).filter((name) => !name.startsWith('.'));
  const markerFile = join(folder, 'medloom.json');
  const ours = present.includes('medloom.json');
  // Before the first start the set-up has made these; anything else belongs to somebody else.
  const foreign = present.filter((name) => !keptByFresh.has(name) && !/^lock\.|^build-.*\.turn/.test(name));
  if (!ours && foreign.length > 0)
    throw new StepError(`${folder} is not a state folder of Medloom: it holds ${foreign.slice(0, 3).join(', ')}.`, {
      advice: 'name another folder: --state DIR. Nothing was changed.',
    });
  await lock(folder);
  try {
    await endOrphans(folder);
    await endLeftovers(join(folder, 'children.json'));
    if (options.fresh) empty(folder);
    else if (ours) checkMarker(markerFile);
    mkdirSync(join(folder, 'logs'), { recursive: true });
    replace(markerFile, { medloom: 'state', version: stateVersion });
  } catch (error) {
    unlock(folder);
    throw error;
  }
  return stateOf(folder);
}

function stateOf(folder: string): State {
  const children = new Map<number, ProcessMark & { name: string }>();
  const save = () => replace(join(folder, 'children.json'), [...children.values()]);
  return {
    dir: folder,
    path: (...names) => join(folder, ...names),
    async noteChild(name, pid) {
      const started = await startOf(pid);
      if (started === undefined) return;
      children.set(pid, { name, pid, started });
      save();
    },
    forgetChild(pid) {
      if (children.delete(pid)) save();
    },
    noteUrl(url) {
      const own = readJson(join(folder, 'lock'), lockFile);
      if (own?.pid === process.pid) replace(join(folder, 'lock'), { ...own, url });
    },
    release: () => unlock(folder),
  };
}

/** Makes the folder where it is missing, and sees that a file in it can be written and is then gone again. */
function makeFolder(folder: string): string {
  const probe = join(folder, `.probe.${process.pid}`);
  try {
    // Asked first, because on a read-only disk Node answers a recursive mkdir with ENOENT.
    accessSync(nearest(folder), constants.W_OK);
    mkdirSync(folder, { recursive: true });
    try {
      writeFileSync(probe, 'medloom\n');
    } finally {
      // A full disk lets the file be made and refuses its content.
      rmSync(probe, { force: true });
    }
    return realpathSync(folder);
  } catch (error) {
    const code = codeOf(error);
    const known = systemFailure(error);
    const occupied =
      code === 'EEXIST' ? 'There is a file of that name.' : code === 'ENOTDIR' && 'A part of its path is a file.';
    throw new StepError(
      `The state folder ${folder} cannot be written to. ${occupied || (known?.cause ?? String(error))}`,
      { advice: known?.advice ?? 'choose another folder: --state DIR.', cause: error },
    );
  }
}

/** Asks the disk of a folder that may not be there yet, so that a refusal leaves none behind. */
function checkRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(nearest(folder));
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  throw new StepError(
    `The disk of ${folder} has ${Math.floor(free / 1e6)} MB free; a start needs ${neededBytes / 1e6} MB.`,
    {
      advice:
        'free some space. Builds and logs lie in the clone itself; the state alone can lie on another disk: --state DIR. Nothing was changed.',
    },
  );
}

function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}

function checkMarker(file: string): void {
  const known = readJson(file, marker);
  if (known?.version === stateVersion) return;
  const what = known
    ? `was written by another version of Medloom (state version ${known.version}, this one reads ${stateVersion})`
    : 'is damaged: its file medloom.json cannot be read';
  throw new StepError(`The state folder ${join(file, '..')} ${what}.`, {
    advice: 'start with that version, name another folder (--state DIR), or begin anew, which deletes it: --fresh.',
  });
}

/**
 * The lock file is put in place by a hard link, which fails where one is there. Only the start that holds `lock.takeover`
 * may remove a stale one, so that of several simultaneous starts none removes another's.
 */
async function lock(folder: string): Promise<void> {
  const file = join(folder, 'lock');
  const takeover = join(folder, 'lock.takeover');
  const own = join(folder, `lock.${randomUUID()}`);
  const started = await startOf(process.pid);
  writeFileSync(own, JSON.stringify({ pid: process.pid, started }), { mode: 0o600 });
  try {
    if (linked(own, file)) return;
    await refuseWhileHeld(folder, file);
    // It is held for moments only; an old one was left by a start that was killed in between.
    if (Date.now() - (statSync(takeover, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 10_000) rmSync(takeover);
    if (!linked(own, takeover)) throw competing(folder);
    try {
      await refuseWhileHeld(folder, file);
      rmSync(file, { force: true });
      if (!linked(own, file)) throw competing(folder);
    } finally {
      rmSync(takeover, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}

async function refuseWhileHeld(folder: string, file: string): Promise<void> {
  const holder = readJson(file, lockFile);
  if (!holder || !(await isAlive(holder))) return;
  const where = holder.url ? ` It answers at ${holder.url}.` : '';
  throw new StepError(`Medloom already runs on ${folder}: process ${holder.pid}.${where}`, {
    advice: `use that one, end it (Ctrl-C there, or kill ${holder.pid}), or start beside it: --state DIR --port N`,
  });
}

function competing(folder: string): StepError {
  return new StepError(`Another start takes ${folder} at this moment.`, { advice: 'wait for it, or try again.' });
}

function unlock(folder: string): void {
  const file = join(folder, 'lock');
  if (readJson(file, lockFile)?.pid === process.pid) rmSync(file, { force: true });
}

/** Ends children of a run that was killed. A pid that has been given to another program since does not match its start. */
async function endLeftovers(file: string): Promise<void> {
  const left = readJson(file, childrenFile) ?? [];
  await Promise.all(left.map((child) => endProcess(child)));
  rmSync(file, { force: true });
}

/** Deletes what lies in the folder itself; a link is removed and not followed. */
function empty(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (keptByFresh.has(name) || name.startsWith('build-')) continue;
    const path = join(folder, name);
    if (lstatSync(path).isSymbolicLink()) rmSync(path);
    else rmSync(path, { recursive: true, force: true });
  }
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  for (const name of readdirSync(logs)) if (name !== 'setup.log') rmSync(join(logs, name), { recursive: true });
}

function readJson<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function replace(file: string, value: unknown): void {
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, file);
}
