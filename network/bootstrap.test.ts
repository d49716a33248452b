import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let dir = '';

/** A project of one package whose entries print their arguments, and an npm that does what the test says. */
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'medloom-bootstrap-'));
  mkdirSync(join(dir, 'network'));
  copyFileSync(fileURLToPath(new URL('./bootstrap.mjs', import.meta.url)), join(dir, 'network', 'bootstrap.mjs'));
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

/** Runs the bootstrap with an npm of this source, in CommonJS as npm's own. */
function bootstrap(args: string[], npm = `throw new Error('npm was not expected');`) {
  const cli = join(dir, 'bin', 'npm-cli.js');
  mkdirSync(join(dir, 'bin'), { recursive: true });
  writeFileSync(join(dir, 'bin', 'package.json'), '{ "type": "commonjs" }');
  writeFileSync(cli, npm);
  const env = { ...process.env, npm_execpath: cli };
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
    ['npm error something new', /it ended with code 7/],
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
      stderr: expect.stringContaining('Nothing can be written'),
    });
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
