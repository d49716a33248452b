import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mountRefusal } from './testing/mounts.ts';

const source = readFileSync(new URL('./bootstrap.mjs', import.meta.url), 'utf8');
const refusal = mountRefusal();
let dir = '';

/** A project of one package whose entries print their arguments, and an npm that does what the test says. */
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'medloom-bootstrap-'));
  mkdirSync(join(dir, 'network'));
  writeFileSync(join(dir, 'network', 'bootstrap.mjs'), source);
  for (const entry of ['up', 'test'])
    writeFileSync(join(dir, 'network', `${entry}.ts`), `console.log('${entry}', ...process.argv.slice(2));`);
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }');
  lock({ 'node_modules/one': { version: '1.0.0' } });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

type Packages = Record<string, { version: string; optional?: boolean; os?: string[]; cpu?: string[] }>;

function lock(packages: Packages): void {
  writeFileSync(
    join(dir, 'package-lock.json'),
    JSON.stringify({ packages: { '': { version: '0.1.0' }, ...packages } }),
  );
}

function installed(packages: Packages): void {
  mkdirSync(join(dir, 'node_modules'), { recursive: true });
  writeFileSync(join(dir, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
}

/** The environment in which npm is of this source, in CommonJS as npm's own. */
function withNpm(npm: string): NodeJS.ProcessEnv {
  const cli = join(dir, 'bin', 'npm-cli.js');
  mkdirSync(join(dir, 'bin'), { recursive: true });
  writeFileSync(join(dir, 'bin', 'package.json'), '{ "type": "commonjs" }');
  writeFileSync(cli, npm);
  return { ...process.env, npm_execpath: cli };
}

/** Starts the bootstrap, and goes on while it runs. */
function starting(npm: string) {
  const child = spawn(process.execPath, ['network/bootstrap.mjs', 'start'], { cwd: dir, env: withNpm(npm) });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
  return { pid: child.pid, end: once(child, 'close'), said: () => said };
}

/** Runs the bootstrap to its end. */
function bootstrap(args: string[], npm = `throw new Error('npm was not expected');`) {
  const env = withNpm(npm);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['network/bootstrap.mjs', ...args], {
    ...{ cwd: dir, env, encoding: 'utf8' },
  });
  return { status, stdout, stderr };
}

const installing = (packages: Packages) => `
  const { mkdirSync, writeFileSync } = require('node:fs');
  mkdirSync('node_modules', { recursive: true });
  writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(JSON.stringify({ packages }))});
  console.log('npm ' + process.argv.slice(2).join(' '));`;

describe('the set-up', () => {
  it('hands over at once where the packages are those of the lock file', () => {
    installed({ 'node_modules/one': { version: '1.0.0' } });
    expect(bootstrap(['start', '--port', '7'])).toMatchObject({ status: 0, stdout: 'up --port 7\n' });
    expect(bootstrap(['dev'])).toMatchObject({ status: 0, stdout: 'up --dev\n' });
    expect(bootstrap(['test', 'unit'])).toMatchObject({ status: 0, stdout: 'test unit\n' });
  });

  it('installs without running scripts of packages where one is missing or has another version', () => {
    const wanted = { 'node_modules/one': { version: '1.0.0' } };
    const states: (Packages | undefined)[] = [undefined, {}, { 'node_modules/one': { version: '0.9.0' } }];
    for (const present of states) {
      rmSync(join(dir, 'node_modules'), { recursive: true, force: true });
      if (present) installed(present);
      const { status, stdout } = bootstrap(['start'], installing(wanted));
      expect(status).toBe(0);
      expect(stdout).toMatch(/✓ Packages from npm.*\d s\nup\n$/);
      expect(readFileSync(join(dir, '.medloom', 'logs', 'setup.log'), 'utf8')).toMatch(/install --ignore-scripts/);
    }
  });

  it('lets one start install what several miss, and takes over from one that was killed', async () => {
    const wanted = { 'node_modules/one': { version: '1.0.0' } };
    const turn = join(dir, '.medloom', 'build-packages.turn');
    mkdirSync(join(dir, '.medloom'));
    symlinkSync(`${process.pid} earlier`, turn);
    // Installs when it is told to, so that the second start surely comes meanwhile.
    const npm = `
      const { existsSync, writeFileSync } = require('node:fs');
      writeFileSync('begun', '');
      const timer = setInterval(() => {
        if (!existsSync('go')) return;
        clearInterval(timer);
        ${installing(wanted)}
      }, 10);`;
    const first = starting(npm);
    await expect.poll(() => existsSync(join(dir, 'begun')), { timeout: 10_000 }).toBe(true);
    const second = starting(npm);
    await expect.poll(second.said, { timeout: 10_000 }).toMatch(`(process ${first.pid}); it is waited for`);
    writeFileSync(join(dir, 'go'), '');
    await Promise.all([first.end, second.end]);
    expect(first.said()).toMatch(/✓ Packages from npm.*\nup\n$/);
    expect(second.said()).toMatch(/waited for\nup\n$/);
    expect(existsSync(turn)).toBe(false);
  });

  it('does without optional packages, but not without those of this machine', () => {
    const own = { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] };
    const foreign = { ...own, os: ['beos'] };
    lock({ 'node_modules/native': { version: '1.0.0', optional: true }, 'node_modules/foreign': foreign });
    installed({});
    expect(bootstrap(['start'])).toMatchObject({ status: 0 });
    lock({ 'node_modules/own': own });
    expect(bootstrap(['start'], installing({ 'node_modules/own': own })).stdout).toMatch(/✓ Packages/);
  });

  it.each([
    ['npm error code ENOTFOUND', /registry cannot be reached. Check the network/],
    ['npm error code ENOSPC', /the disk is full/],
    ['npm error code EROFS', /the disk is read-only/],
    ['npm error code EACCES', /this user may not write there/],
    ['npm error code EINTEGRITY', /npm cache clean/],
    ['npm error something new', /it ended with code 7. Its last words:\n {2}npm error something new\nStart again/],
  ])('names the cause of "%s", what to do and the log', (output, message) => {
    const { status, stderr } = bootstrap(['start'], `console.error(${JSON.stringify(output)}); process.exit(7);`);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/The log is \.medloom\/logs\/setup\.log/);
  });

  it('passes on the exit code and refuses an unknown task', () => {
    installed({ 'node_modules/one': { version: '1.0.0' } });
    writeFileSync(join(dir, 'network', 'up.ts'), 'process.exit(5);');
    expect(bootstrap(['start']).status).toBe(5);
    expect(bootstrap(['strat'])).toMatchObject({ status: 1, stderr: expect.stringContaining('"strat"') });
  });

  it('says that nothing can be written', () => {
    writeFileSync(join(dir, '.medloom'), 'a file');
    expect(bootstrap(['start'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/Nothing can be written.*\.medloom.*Move away what is in the way/),
    });
  });

  it.skipIf(refusal !== undefined)('says that the disk of the clone is read-only, and what helps', () => {
    execFileSync('mount', ['--bind', dir, dir]);
    try {
      execFileSync('mount', ['-o', 'remount,ro,bind', dir]);
      const before = readdirSync(dir);
      const child = spawnSync(process.execPath, ['network/bootstrap.mjs', 'start'], { cwd: dir, encoding: 'utf8' });
      expect(child.stderr).toMatch(/the disk is read-only. Clone Medloom to a place that can be written to/);
      expect(child.status).toBe(1);
      expect(readdirSync(dir)).toEqual(before);
    } finally {
      execFileSync('umount', [dir]);
    }
  });

  it('is noticed by what it started when it is killed', async () => {
    installed({ 'node_modules/one': { version: '1.0.0' } });
    writeFileSync(
      join(dir, 'network', 'up.ts'),
      `process.on('disconnect', () => process.exit()); console.log(process.pid); setInterval(() => {}, 1000);`,
    );
    const child = spawn(process.execPath, ['network/bootstrap.mjs', 'start'], { cwd: dir });
    const [data] = await once(child.stdout, 'data');
    const pid = Number(String(data));
    child.kill('SIGKILL');
    const gone = () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    };
    await expect.poll(gone, { timeout: 5_000 }).toBe(true);
  });
});

describe('a machine whose Node is too old', () => {
  const name = `node-${process.platform}-${process.arch}`;
  const toolchain = () => readdirSync(join(dir, '.medloom', 'toolchain'));

  /** This Node is made too old by asking for one that does not exist yet; the entry says who runs it. */
  beforeEach(() => {
    const asking = source.replace('neededMajor = 24;', 'neededMajor = 999;');
    expect(asking).not.toBe(source);
    writeFileSync(join(dir, 'network', 'bootstrap.mjs'), asking);
    writeFileSync(join(dir, 'network', 'up.ts'), `console.log('up under', process.env.BROUGHT ?? 'the old Node');`);
    installed({ 'node_modules/one': { version: '1.0.0' } });
  });

  /** An npm that puts a program of this text where npm puts Node. */
  const bringing = (program: string) => `
    const { mkdirSync, writeFileSync } = require('node:fs');
    const prefix = process.argv[process.argv.indexOf('--prefix') + 1];
    console.log('npm ' + process.argv.slice(2).join(' ') + ' in ' + process.cwd());
    mkdirSync(prefix + '/node_modules/${name}/bin', { recursive: true });
    writeFileSync(prefix + '/node_modules/${name}/bin/node', ${JSON.stringify(program)}, { mode: 0o755 });`;
  const newer = `#!/bin/sh\nBROUGHT='the brought Node' exec '${process.execPath}' "$@"\n`;

  it('gets one from npm, once, and runs under it', () => {
    const first = bootstrap(['start'], bringing(newer));
    expect(first.stdout).toMatch(
      /✓ Node 24\.\d+\.\d+ from npm \(this machine has .*\).*\nup under the brought Node\n$/,
    );
    const log = readFileSync(join(dir, '.medloom', 'logs', 'setup.log'), 'utf8');
    expect(log).toMatch(new RegExp(`install --prefix .* --ignore-scripts ${name}@24`));
    expect(toolchain()).toEqual([expect.stringMatching(/^node-24\.\d+\.\d+$/)]);
    expect(bootstrap(['start'])).toMatchObject({ status: 0, stdout: 'up under the brought Node\n' });
  });

  it('is told when the one from npm does not run there, and takes up nothing', () => {
    const { status, stderr } = bootstrap(['start'], bringing('#!/bin/sh\nexit 127\n'));
    expect(status).toBe(1);
    expect(stderr).toMatch(/does not run here: it ended with code 127\nInstall Node 999 by hand/);
    expect(stderr).toMatch(/The log is/);
    expect(toolchain()).toEqual([]);
  });

  it('is told why npm could not bring one, and nothing half is left', () => {
    const { status, stderr } = bootstrap(['start'], `console.error('npm error code ENOTFOUND'); process.exit(1);`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/registry cannot be reached/);
    expect(toolchain()).toEqual([]);
  });
});
