import { join } from 'node:path';
import { endOrphanedPostgres } from './database/postgres.ts';
import { endOrphanedAnvil } from './ethereum/anvil.ts';
import { endOrphanedKubo } from './ipfs/kubo.ts';

/** Where in a state folder the programs work that are not ours, and so do not end with the process that started them. */
export function programPlaces(stateDir: string): { chain: string; database: string; kubo: string } {
  return {
    chain: join(stateDir, 'ethereum', 'chain.json'),
    database: join(stateDir, 'database'),
    kubo: join(stateDir, 'kubo'),
  };
}

/** Ends those that a killed run left behind, each in its own way: Anvil has its chain only in memory and gives it first. */
export async function endOrphans(stateDir: string): Promise<void> {
  const { chain, database, kubo } = programPlaces(stateDir);
  await Promise.all([endOrphanedAnvil(chain), endOrphanedPostgres(database), endOrphanedKubo(kubo)]);
}
