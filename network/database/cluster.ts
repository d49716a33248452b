import { execFile } from 'node:child_process';
import { appendFile, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inspectProcess } from '../processes/inspect.ts';
import { flushFolder } from '../processes/replaceFile.ts';
import { adviceFor, putBack, StepError } from '../step.ts';
import type { Account } from './account.ts';
import { makePasswords, type Passwords, readPasswords } from './passwords.ts';
import type { Programs } from './programs.ts';

const majorVersion = '18';

/** The environment of PostgreSQL's programs: nothing of the caller's PG* settings, messages in English for the log. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, LANG: 'C' };
  for (const name of Object.keys(environment)) {
    if (name.startsWith('PG') || name.startsWith('LC_')) delete environment[name];
  }
  environment.LC_ALL = 'C';
  return environment;
}

/**
 * Sees that `<dir>/data` holds a database cluster of our version, and makes one when there is none. It is made under another
 * name and renamed when complete, so that a kill in between leaves nothing that looks like a cluster.
 */
export async function prepareCluster(options: {
  dir: string;
  logFile: string;
  programs: Programs;
  account: Account;
}): Promise<Passwords> {
  const { dir, logFile, programs, account } = options;
  const data = join(dir, 'data');
  const passwordFile = join(dir, 'passwords.json');
  if (await stat(data).catch(() => undefined)) {
    await checkVersion(data);
    await removeMisleadingLock(data);
    return readPasswords(passwordFile);
  }
  const fresh = join(dir, 'data.new');
  const handover = join(dir, 'password.new');
  await rm(fresh, { recursive: true, force: true });
  await rm(handover, { force: true });
  await mkdir(fresh, { mode: 0o700 });
  const passwords = await makePasswords(passwordFile);
  try {
    await writeFile(handover, `${passwords.superuser}\n`, { mode: 0o600 });
    if (account.owner) {
      for (const path of [fresh, handover]) await chown(path, account.owner.uid, account.owner.gid);
    }
    const [command = programs.initdb, ...args] = [
      ...account.prefix,
      programs.initdb,
      ...['--pgdata', fresh, '--username', 'postgres', '--pwfile', handover, '--auth', 'scram-sha-256'],
      // The same order of text on every machine, whatever locales it has.
      ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ];
    const { stdout } = await promisify(execFile)(command, args, {
      env: programEnvironment(),
      ...account.identity,
      cwd: '/',
    });
    await appendFile(logFile, stdout);
  } catch (error) {
    const printed = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    await rm(fresh, { recursive: true, force: true });
    throw new StepError(`The database could not be made in ${dir}: ${printed}`, {
      advice: adviceFor(printed) ?? 'start again, or set DATABASE_URL to a server.',
      cause: error,
      logFile,
    });
  } finally {
    await rm(handover, { force: true });
  }
  await rename(fresh, data);
  await flushFolder(dir);
  return passwords;
}

async function checkVersion(data: string): Promise<void> {
  const version = (await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version === majorVersion) return;
  if (version)
    throw new StepError(
      `The database in ${data} was made by PostgreSQL ${version}; this is version ${majorVersion}. It was not changed.`,
      { advice: 'start with the Medloom that made it, or begin anew, which deletes everything: npm start -- --fresh.' },
    );
  throw new StepError(`The folder ${data} is not a readable PostgreSQL database: it has no PG_VERSION.`, {
    advice: putBack,
  });
}

/**
 * After `kill -9` PostgreSQL finds its own stale `postmaster.pid` and deals with it, unless the id in it belongs to another
 * program by now (after a restart of the machine, or in a container). Only then it is removed here.
 */
async function removeMisleadingLock(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid < 1) return;
  const running = await inspectProcess(pid);
  if (!running) return;
  if (running.command.includes('postgres') && running.command.includes(data)) {
    throw new StepError(`The database ${data} is in use by process ${pid}.`, {
      advice: `end that first: kill -INT ${pid}`,
    });
  }
  await rm(file, { force: true });
}
