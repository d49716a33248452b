import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Published examples are not kept in the project; whoever has them names their folders: `EPCIS_EXAMPLES`, a copy of
 * GS1's repository EPCIS, and `EPCIS_HASH_EXAMPLES`, the folder tests/examples of epcis-event-hash-generator.
 */
const folders = {
  epcis: process.env.EPCIS_EXAMPLES,
  hash: process.env.EPCIS_HASH_EXAMPLES,
};

/** Files of a folder and of those below it, by their path in it; none where nobody has named the folder. */
export function publishedFiles(source: keyof typeof folders, ending: string): string[] {
  const folder = folders[source];
  if (folder === undefined || folder === '') return [];
  if (!existsSync(folder)) throw new Error(`the folder of published examples does not exist: ${folder}`);
  return globSync(`**/*${ending}`, { cwd: folder }).sort();
}

export function publishedText(source: keyof typeof folders, file: string): string {
  return readFileSync(join(folders[source] ?? '', file), 'utf8');
}
