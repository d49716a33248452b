import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, startOf } from './processInfo.ts';
import { openState } from './state.ts';

let base = '';
let dir = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'medloom-state-'));
  dir = join(base, 'state');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** A process that lives until it is ended. */
async function sleeper(): Promise<{ pid: number; kill: () => Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { pid: child.pid ?? 0, kill };
}

describe('openState', () => {
  it('refuses a second start, with the process and the address of the first', async () => {
    const first = await openState(dir);
    first.noteUrl('http://localhost:3000');
    await expect(openState(dir)).rejects.toThrow(`process ${process.pid}. It answers at http://localhost:3000`);
    first.release();
    (await openState(dir)).release();
  });

  it('lets one of several simultaneous starts have it', async () => {
    mkdirSync(dir);
    writeFileSync(join(dir, 'lock'), JSON.stringify({ pid: process.pid, started: 'another time' }));
    const outcomes = await Promise.allSettled([openState(dir), openState(dir), openState(dir)]);
    const got = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(got).toHaveLength(1);
    got[0]?.value.release();
    expect(readdirSync(dir).filter((name) => name.startsWith('lock'))).toEqual([]);
  });

  it('takes the folder over from a process that is gone, though its id is in use again', async () => {
    mkdirSync(dir);
    const other = await sleeper();
    writeFileSync(join(dir, 'lock'), JSON.stringify({ pid: other.pid, started: '1' }));
    const state = await openState(dir);
    expect(await startOf(other.pid)).toBeDefined();
    state.release();
    await other.kill();
  });

  it('ends children of a run that was killed, and no process that has their id since', async () => {
    const first = await openState(dir);
    const child = await sleeper();
    const stranger = await sleeper();
    await first.noteChild('ipfs', child.pid);
    const file = join(dir, 'children.json');
    const noted: unknown[] = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify([...noted, { name: 'devnet', pid: stranger.pid, started: '1' }]));
    first.release();
    const second = await openState(dir);
    expect(await startOf(child.pid)).toBeUndefined();
    expect(await startOf(stranger.pid)).toBeDefined();
    expect(existsSync(file)).toBe(false);
    second.release();
    await stranger.kill();
  });

  it('forgets a child that ended', async () => {
    const state = await openState(dir);
    const child = await sleeper();
    await state.noteChild('ipfs', child.pid);
    state.forgetChild(child.pid);
    expect(JSON.parse(readFileSync(join(dir, 'children.json'), 'utf8'))).toEqual([]);
    state.release();
    await child.kill();
  });

  it('empties the folder for a fresh start, keeps what was fetched and follows no link out of it', async () => {
    (await openState(dir)).release();
    const outside = join(base, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious'), 'x');
    symlinkSync(outside, join(dir, 'ledger'));
    mkdirSync(join(dir, 'toolchain'));
    writeFileSync(join(dir, 'toolchain', 'node'), 'x');
    mkdirSync(join(dir, 'fabric-release'));
    mkdirSync(join(dir, 'database'));
    writeFileSync(join(dir, 'database', 'data'), 'x');
    writeFileSync(join(dir, 'logs', 'devnet.log'), 'x');
    writeFileSync(join(dir, 'logs', 'setup.log'), 'x');
    const state = await openState(dir, { fresh: true });
    expect(readdirSync(dir).sort()).toEqual(['fabric-release', 'lock', 'logs', 'medloom.json', 'toolchain']);
    expect(readdirSync(join(dir, 'logs'))).toEqual(['setup.log']);
    expect(existsSync(join(outside, 'precious'))).toBe(true);
    expect(existsSync(join(dir, 'toolchain', 'node'))).toBe(true);
    state.release();
  });

  it('leaves a folder alone that is not its own, even when asked to begin anew', async () => {
    mkdirSync(dir);
    writeFileSync(join(dir, 'thesis.txt'), 'years of work');
    await expect(openState(dir, { fresh: true })).rejects.toThrow('holds thesis.txt');
    expect(readdirSync(dir)).toEqual(['thesis.txt']);
  });

  it.each([
    ['damaged', '{"medl', /is damaged/],
    ['of another version', '{"medloom":"state","version":99}', /state version 99/],
  ])('says that the folder is %s, and begins anew only when asked', async (_name, content, message) => {
    (await openState(dir)).release();
    writeFileSync(join(dir, 'medloom.json'), content);
    writeFileSync(join(dir, 'kept'), 'x');
    await expect(openState(dir)).rejects.toThrow(message);
    expect(readFileSync(join(dir, 'medloom.json'), 'utf8')).toBe(content);
    expect(existsSync(join(dir, 'kept'))).toBe(true);
    (await openState(dir, { fresh: true })).release();
    expect(existsSync(join(dir, 'kept'))).toBe(false);
  });

  it('leaves its own mark as it is', async () => {
    (await openState(dir)).release();
    const { ino } = statSync(join(dir, 'medloom.json'));
    (await openState(dir)).release();
    expect(statSync(join(dir, 'medloom.json')).ino).toBe(ino);
  });

  it('names the cause when the folder cannot be made', async () => {
    writeFileSync(join(base, 'file'), '');
    await expect(openState(join(base, 'file'))).rejects.toThrow(/There is a file of that name/);
    await expect(openState(join(base, 'file', 'state'))).rejects.toThrow(/A part of its path is a file/);
  });
});

describe('isAlive', () => {
  it('tells a process from a later one with its id', async () => {
    const started = (await startOf(process.pid)) ?? '';
    expect(await isAlive({ pid: process.pid, started })).toBe(true);
    expect(await isAlive({ pid: process.pid, started: `${started}0` })).toBe(false);
  });
});
