import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { replaceFile } from '../processes/replaceFile.ts';
import { putBack, StepError } from '../step.ts';

const passwordsSchema = z.object({ superuser: z.string().min(32), medloom: z.string().min(32) });

/** The passwords of the server's two roles: its superuser, and `medloom`, which owns the portal's database and nothing else. */
export type Passwords = z.infer<typeof passwordsSchema>;

/** Makes random passwords and keeps them in a file that only its owner may read. */
export async function makePasswords(file: string): Promise<Passwords> {
  const passwords = {
    superuser: randomBytes(24).toString('base64url'),
    medloom: randomBytes(24).toString('base64url'),
  };
  await replaceFile(file, JSON.stringify(passwords), 0o600);
  return passwords;
}

/** @throws when the file is missing or damaged: the database cannot be opened without it */
export async function readPasswords(file: string): Promise<Passwords> {
  try {
    return passwordsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new StepError(
      `The database's passwords in ${file} are missing or damaged; without them the database is not opened.`,
      { advice: putBack, cause: error },
    );
  }
}
