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
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { endOrphans } from './orphans.ts';
import { replaceFile } from './processes/replaceFile.ts';
import { endProcess, isAlive, type ProcessMark, processMark, startOf } from './processInfo.ts';
import { codeOf, StepError, systemFailure } from './step.ts';
import { takeHold } from './turn.ts';

/** What a start needs at the least: build, ledgers and logs of a demonstration. */
const neededBytes = 300e6;
const stateVersion = 2;

const marker = z.object({ medloom: z.literal('state'), version: z.int(), emptying: z.literal(true).optional() });
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

/** What the set-up, other commands and other starts have here before the first start, and what `fresh` keeps. */
const isKept = (name: string) => /^(toolchain|fabric-release.*|bench|logs|lock|lock\..*|build-.*\.turn.*)$/.test(name);

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
  const foreign = present.filter((name) => !isKept(name));
  if (!ours && foreign.length > 0)
    throw new StepError(`${folder} is not a state folder of Medloom: it holds ${foreign.slice(0, 3).join(', ')}.`, {
      advice: 'name another folder: --state DIR. Nothing was changed.',
    });
  await lock(folder);
  try {
    await endOrphans(folder);
    await endLeftovers(join(folder, 'children.json'));
    if (options.fresh || readJson(markerFile, marker)?.emptying) await empty(folder, markerFile);
    else if (ours) checkMarker(markerFile);
    mkdirSync(join(folder, 'logs'), { recursive: true });
    if (!existsSync(markerFile)) await mark(markerFile);
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

function mark(file: string, more: { emptying?: true } = {}): Promise<void> {
  return replaceFile(file, `${JSON.stringify({ medloom: 'state', version: stateVersion, ...more })}\n`);
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

async function lock(folder: string): Promise<void> {
  const file = join(folder, 'lock');
  const own = join(folder, `lock.${randomUUID()}`);
  const started = await startOf(process.pid);
  writeFileSync(own, JSON.stringify({ pid: process.pid, started }), { mode: 0o600 });
  try {
    if (await takeHold(own, file)) return;
    await refuseWhileHeld(folder, file);
    throw new StepError(`Another start takes ${folder} at this moment.`, { advice: 'wait for it, or try again.' });
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

/**
 * Deletes what lies in the folder itself; a link is removed and not followed. The marker says so from the first moment and goes
 * last: the next start finishes what was cut short, since read models without their ledger would be wrong for good.
 */
async function empty(folder: string, markerFile: string): Promise<void> {
  await mark(markerFile, { emptying: true });
  for (const name of readdirSync(folder)) {
    if (isKept(name) || name === basename(markerFile)) continue;
    const path = join(folder, name);
    if (lstatSync(path).isSymbolicLink()) rmSync(path);
    else rmSync(path, { recursive: true, force: true });
  }
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  for (const name of readdirSync(logs)) if (name !== 'setup.log') rmSync(join(logs, name), { recursive: true });
  rmSync(markerFile);
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
  try {
    writeFileSync(fresh, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
