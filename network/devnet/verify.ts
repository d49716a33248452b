import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DevnetConfig, DevnetError } from './config.ts';
import { type Audit, auditLedger } from './ledger/audit.ts';
import { ChannelStore } from './ledger/store.ts';

/** Reads the whole ledger of every channel of a node that does not run. Throws DevnetError with the first fault. */
export async function verifyLedgers({ stateDir, channels, orderer }: DevnetConfig): Promise<Record<string, Audit>> {
  const audits: Record<string, Audit> = {};
  for (const { name } of channels) {
    if (!existsSync(join(stateDir, 'channels', `${name}.tip`)) && !existsSync(join(stateDir, 'channels', name)))
      continue;
    const store = await ChannelStore.open(stateDir, name, () => {
      throw new DevnetError(`channel ${name}: there is no ledger in ${stateDir}`);
    });
    try {
      audits[name] = await auditLedger(name, store.database, orderer.rootCertPem);
    } catch (error) {
      if (error instanceof DevnetError) throw error;
      throw new DevnetError(
        `channel ${name}: the ledger is damaged: ${error instanceof Error ? error.message : error}`,
      );
    } finally {
      await store.close();
    }
  }
  return audits;
}
