import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startOf } from './processInfo.ts';
import { type ProcessOptions, type Running, startNode } from './service.ts';
import { type SuperviseOptions, supervise } from './supervise.ts';

const dir = mkdtempSync(join(tmpdir(), 'medloom-supervise-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let count = 0;

/** Writes a program and answers with what starts it. */
function program(source: string) {
  const name = `program-${count++}`;
  const file = join(dir, `${name}.mjs`);
  const logFile = join(dir, `${name}.log`);
  writeFileSync(file, source);
  const abort = new AbortController();
  const said: string[] = [];
  const options: ProcessOptions = {
    ...{ name, args: [file], logFile, advice: 'ask the author.', ready: 'line', signal: abort.signal },
    say: (text) => said.push(text),
  };
  return { ...options, abort, said, start: () => startNode(options) };
}

const stays = `console.log('starting'); console.log('{"ready":true,"port":7}'); setInterval(() => {}, 1000);`;
const gone = async (pid: number) => (await startOf(pid)) === undefined;

describe('startNode', () => {
  it('waits for the ready line, keeps the output in the log and ends the process', async () => {
    const { start, logFile } = program(stays);
    const running = await start();
    expect(running.announcement).toEqual({ ready: true, port: 7 });
    await running.stop();
    expect(await gone(running.pid)).toBe(true);
    expect(readFileSync(logFile, 'utf8')).toContain('starting');
  });

  it('fails with the end of the log when the process ends before it is ready', async () => {
    const { start, logFile } = program(`console.error('no such disk'); process.exit(3);`);
    await expect(start()).rejects.toMatchObject({
      message: expect.stringMatching(/ended with code 3.*\n.*no such disk/s),
    });
    await expect(start()).rejects.toMatchObject({ logFile });
  });

  it('says what to do: what the last words tell, or what is said of the process', async () => {
    const unknown = program(`throw new Error('no idea');`);
    await expect(unknown.start()).rejects.toMatchObject({
      message: expect.stringMatching(/Error: no idea/),
      advice: 'ask the author.',
      logFile: unknown.logFile,
    });
    const full = program(`throw Object.assign(new Error('write'), { code: 'ENOSPC' });`);
    await expect(full.start()).rejects.toMatchObject({ advice: expect.stringContaining('free some space') });
    // The words of an earlier process explain nothing about this one.
    writeFileSync(unknown.logFile, 'No space left on device\n');
    await expect(unknown.start()).rejects.toMatchObject({
      message: expect.not.stringContaining('No space'),
      advice: 'ask the author.',
    });
  });

  it('gives up a process that is never ready, and one whose start is abandoned', async () => {
    const slow = program('setInterval(() => {}, 1000)');
    await expect(startNode({ ...slow, readyWithinMs: 300 })).rejects.toThrow('was not ready after 0.3 s');
    const abandoned = program('setInterval(() => {}, 1000)');
    const start = abandoned.start();
    abandoned.abort.abort(new Error('changed my mind'));
    await expect(start).rejects.toThrow('changed my mind');
  });

  it.skipIf(!existsSync('/dev/full'))('reads on when the log cannot be written, and says so once', async () => {
    const wrote = `${'x'.repeat(1_000_000)}\n`;
    const source = `process.stdout.write(${JSON.stringify(wrote)}, () => process.exit(0));`;
    const { said, name, ...options } = program(source);
    // As the portal is started, of which no line is awaited.
    const ready = () => Promise.resolve(true);
    const running = await startNode({ ...options, name, ready, logFile: '/dev/full' });
    await running.end;
    expect(said).toEqual([expect.stringMatching(`${name} goes on, but its log cannot be written: .*ENOSPC`)]);
  });

  it('insists when a process does not heed its end', async () => {
    const running = await startNode({ ...program(`process.on('SIGTERM', () => {}); ${stays}`), stopWithinMs: 200 });
    await running.stop();
    expect(await gone(running.pid)).toBe(true);
  });

  it('ends with the process that started it, even by kill -9', async () => {
    const inner = program(stays);
    const service = JSON.stringify(new URL('./service.ts', import.meta.url).href);
    const { abort: _, signal: __, start: ___, said: ____, ...options } = inner;
    const outer = program(`
      import { startNode } from ${service};
      const inner = await startNode({ ...${JSON.stringify(options)}, signal: new AbortController().signal, say: console.error });
      console.log(JSON.stringify({ ready: true, inner: inner.pid }));
    `);
    const running = await outer.start();
    const { inner: pid } = running.announcement as { inner: number };
    expect(await gone(pid)).toBe(false);
    process.kill(running.pid, 'SIGKILL');
    await expect.poll(() => gone(pid), { timeout: 10_000 }).toBe(true);
  });
});

describe('supervise', () => {
  const supervised = async (
    source: string,
    waitsMs: number[],
    told: Pick<SuperviseOptions<Running>, 'onStart' | 'onEnd'> = {},
  ) => {
    const { start, name, logFile } = program(source);
    const said: string[] = [];
    const seen: number[] = [];
    const service = await supervise({
      ...{ name, start, logFile, waitsMs },
      say: (text) => said.push(text),
      onStart: (running) => {
        seen.push(running.pid);
        return told.onStart?.(running);
      },
      onEnd: (pid) => told.onEnd?.(pid),
    });
    return { service, said, seen, name };
  };

  it('starts a process again that was killed, and says so', async () => {
    const { service, said, seen, name } = await supervised(stays, [10, 10]);
    process.kill(seen[0] ?? 0, 'SIGKILL');
    await expect.poll(() => said).toEqual([`! ${name} ended; it is started again.`, `✓ ${name} runs again.`]);
    expect(service.current()?.pid).toBe(seen[1]);
    await service.stop();
    expect(await gone(seen[1] ?? 0)).toBe(true);
    expect(seen).toHaveLength(2);
  });

  it('gives up a process that keeps failing, with the last lines of its log', async () => {
    const { service, said, seen } = await supervised(
      `console.log('{"ready":true}'); console.error('disk on fire'); setTimeout(() => process.exit(1), 50);`,
      [10, 10],
    );
    await expect.poll(() => said.at(-1), { timeout: 10_000 }).toContain('disk on fire');
    expect(said.at(-2)).toMatch(/ended 3 times and is given up/);
    expect(seen).toHaveLength(3);
    expect(service.current()).toBeUndefined();
    await service.stop();
  });

  it('says that what became of a process cannot be noted, and keeps it', async () => {
    let full = false;
    const note = () => {
      if (full) throw new Error('no space left');
    };
    const { service, said, seen, name } = await supervised(stays, [10], { onStart: note, onEnd: note });
    full = true;
    process.kill(seen[0] ?? 0, 'SIGKILL');
    const unnoted = `! What became of ${name} cannot be noted: no space left`;
    await expect
      .poll(() => said, { timeout: 10_000 })
      .toEqual([unnoted, `! ${name} ended; it is started again.`, unnoted, `✓ ${name} runs again.`]);
    expect(await gone(seen[1] ?? 0)).toBe(false);
    await service.stop();
    expect(await gone(seen[1] ?? 0)).toBe(true);
  });

  it('ends the first process where that cannot be noted', async () => {
    const pids: number[] = [];
    const refused = supervised(stays, [], {
      onStart: ({ pid }) => {
        pids.push(pid);
        throw new Error('no space left');
      },
    });
    await expect(refused).rejects.toThrow('no space left');
    expect(await gone(pids[0] ?? 0)).toBe(true);
  });

  it('throws when the first start fails', async () => {
    await expect(supervised('process.exit(2)', [])).rejects.toThrow('ended with code 2');
  });
});
