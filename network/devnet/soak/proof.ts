import { cp, rm } from 'node:fs/promises';
import { peer } from '@hyperledger/fabric-protos';
import type { DevnetConfig } from '../config.ts';
import { type Audit, auditLedger } from '../ledger/audit.ts';
import * as keys from '../ledger/keys.ts';
import { ChannelStore } from '../ledger/store.ts';
import type { Sent } from './load.ts';

/**
 * Verifies what a killed node has left, on a copy, so that the node itself recovers the original: the whole ledger of each channel,
 * and that each transaction that was reported as VALID is there, once, with its effect. Throws with the first that is not.
 */
export async function prove(config: DevnetConfig, reported: Iterable<Sent>): Promise<Record<string, Audit>> {
  const copy = `${config.stateDir}-copy`;
  await cp(config.stateDir, copy, { recursive: true });
  const audits: Record<string, Audit> = {};
  const sent = [...reported];
  try {
    for (const { name } of config.channels) {
      const store = await ChannelStore.open(copy, name, () => {
        throw new Error(`channel ${name} is empty`);
      });
      try {
        audits[name] = await auditLedger(name, store.database, config.orderer.rootCertPem);
        const own = sent.filter(({ channel }) => channel === name);
        for (const transaction of own) {
          const wrong = effectOf(store, transaction);
          if (wrong) throw new Error(`channel ${name}: ${transaction.txId} was reported as VALID, and ${wrong}`);
        }
        for (const key of new Set(own.filter(({ kind }) => kind === 'count').map((transaction) => transaction.key)))
          await proveCounter(store, key);
      } finally {
        await store.close();
      }
    }
  } finally {
    await rm(copy, { recursive: true });
  }
  return audits;
}

/** Answers with what is missing. Keys other than counters are written once. */
function effectOf(store: ChannelStore, { txId, kind, key, value }: Sent): string | undefined {
  const status = store.transaction(txId);
  if (status?.code !== peer.TxValidationCode.VALID) return `is not committed (${status?.code})`;
  const version = { block: status.block, tx: status.tx };
  if (kind === 'count') {
    const bytes = store.database.getSync(keys.historyKey('probe', key, version));
    return bytes ? undefined : `has not raised ${key}`;
  }
  const state = store.state('probe', key);
  if (state?.value.toString() !== value || !keys.sameVersion(state.version, version)) return `has not written ${key}`;
  if (kind === 'put') return undefined;
  const secret = store.privateState('probe', 'secrets', key);
  const whole = secret?.value.toString() === `secret of ${key}` && keys.sameVersion(secret.version, version);
  return whole ? undefined : `has not written its private value`;
}

/** A counter must stand at the number of its changes: none was made twice, and none lost after another built on it. */
async function proveCounter(store: ChannelStore, key: string): Promise<void> {
  const prefix = keys.historyPrefix('probe', key);
  const changes = (await store.database.keys(keys.wholePrefix(prefix)).all()).length;
  const value = store.state('probe', key)?.value.toString();
  if (value !== String(changes)) throw new Error(`${key} was raised ${changes} times and stands at ${value}`);
}
