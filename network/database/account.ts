import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StepError } from '../step.ts';

const run = promisify(execFile);

/** How to start a program under the account that owns the data folder. */
export interface Account {
  /** Whom the data folder must belong to, when that is not whoever runs this. */
  owner?: { uid: number; gid: number };
  /** What to hand to `spawn`. */
  identity: { uid?: number; gid?: number };
  /** Put before the program and its arguments. */
  prefix: string[];
}

/**
 * PostgreSQL refuses to run as root. Under root its programs run as the owner of the data folder, or as the user `postgres`,
 * which is made when it is missing; otherwise they run as whoever started us.
 *
 * @param folders what that account must be able to reach
 * @throws when a folder on the way is closed to that account; the message names it
 */
export async function chooseAccount(dataFolder: string, folders: string[]): Promise<Account> {
  if (process.getuid?.() !== 0) return { identity: {}, prefix: [] };
  const owner = (await ownerOf(dataFolder)) ?? (await postgresUser());
  const plain: Account = { owner, identity: owner, prefix: [] };
  const closed = await firstClosedFolder(plain, folders);
  if (closed === undefined) return plain;
  // A folder such as /root is closed to others on purpose and stays so. Linux can let this one program pass through folders
  // and read files without being root, where util-linux is installed and the capability is ours to give.
  for (const capability of ['+dac_read_search', '+dac_override']) {
    const account: Account = {
      owner,
      identity: {},
      prefix: [
        ...['setpriv', '--reuid', String(owner.uid), '--regid', String(owner.gid), '--clear-groups'],
        ...['--inh-caps', capability, '--ambient-caps', capability, '--'],
      ],
    };
    if ((await firstClosedFolder(account, folders)) === undefined) return account;
  }
  throw new StepError(
    `PostgreSQL cannot run as root, and its user (id ${owner.uid}) may not pass through the folder ${closed}.`,
    {
      advice: `allow that with "chmod o+x ${closed}", put Medloom in another folder, start it as an ordinary user, or set DATABASE_URL to a server.`,
    },
  );
}

async function ownerOf(folder: string): Promise<{ uid: number; gid: number } | undefined> {
  const found = await stat(folder).catch(() => undefined);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined;
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const existing = await lookUpPostgres();
  if (existing) return existing;
  try {
    await run('groupadd', ['--system', '--force', 'postgres']);
    await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres']);
  } catch (error) {
    throw new StepError('PostgreSQL cannot run as root, and the user "postgres" could not be made.', {
      advice: 'make it, start Medloom as an ordinary user, or set DATABASE_URL to a server.',
      cause: error,
    });
  }
  const made = await lookUpPostgres();
  if (!made) throw new Error('The user "postgres" was made but is not found.');
  return made;
}

async function lookUpPostgres(): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/** Tries, as the account, to enter each folder from the root down: right also where access lists or mounts decide. */
async function firstClosedFolder(account: Account, folders: string[]): Promise<string | undefined> {
  const chain = new Set(folders.flatMap(ancestors));
  const script = 'for folder; do cd "$folder" 2>/dev/null || { printf %s "$folder"; exit 3; }; done';
  const [command = 'sh', ...args] = [...account.prefix, 'sh', '-c', script, 'sh', ...chain];
  try {
    await run(command, args, { cwd: '/', ...account.identity });
    return undefined;
  } catch (error) {
    const printed = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    return printed || folders[0];
  }
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [...ancestors(parent), folder];
}
