import { openBytes, sealBytes } from '#crypto/aead.ts';
import { type Bytes, toHex, utf8 } from '#crypto/bytes.ts';
import { deriveKey } from '#crypto/derive.ts';
import { inBrowserStore } from './browserDatabase.ts';

/**
 * Keeps the leaf that this browser is in a care circle: one entry for each circle, sealed under a key derived from the
 * vault key and named so that nobody can tell from it whose circle it is. Entries stay when the vault locks; a browser
 * that loses them joins again as another leaf.
 */

/** Where sealed entries lie, by name. */
export interface CircleStore {
  get(name: string): Promise<Bytes | undefined>;
  put(name: string, sealed: Bytes): Promise<void>;
  remove(name: string): Promise<void>;
}

const database = { name: 'medloom-circles', store: 'leaves' };

/** The store of a browser; usable in pages and workers. */
export const browserCircleStore = (): CircleStore => ({
  async get(name) {
    const entry: unknown = await inBrowserStore(database, 'readonly', (store) => store.get(name));
    return entry instanceof Uint8Array ? new Uint8Array(entry) : undefined;
  },
  async put(name, sealed) {
    await inBrowserStore(database, 'readwrite', (store) => store.put(sealed, name));
  },
  async remove(name) {
    await inBrowserStore(database, 'readwrite', (store) => store.delete(name));
  },
});

/** A store in memory: for tests, and where nothing is to be kept. */
export function memoryCircleStore(): CircleStore & { kept: Map<string, Bytes> } {
  const kept = new Map<string, Bytes>();
  return {
    kept,
    async get(name) {
      return kept.get(name)?.slice();
    },
    async put(name, sealed) {
      kept.set(name, sealed.slice());
    },
    async remove(name) {
      kept.delete(name);
    },
  };
}

/** The entry of one circle of the person whose vault key it is. */
export function circleEntry(store: CircleStore, vaultKey: Uint8Array, patient: string) {
  const name = toHex(deriveKey(vaultKey, `medloom/circle/name/v1/${patient}`, { length: 16 }));
  const key = () => deriveKey(vaultKey, 'medloom/circle/store/v1');
  const context = utf8(JSON.stringify(['medloom/circle/store/v1', patient]));
  return {
    /** Undefined also for what another vault key sealed, or nobody did: it is worth no more than none. */
    async read(): Promise<Bytes | undefined> {
      const sealed = await store.get(name);
      if (sealed === undefined) return undefined;
      return openBytes(key(), sealed, context, 'ALTERED').catch(() => undefined);
    },
    async write(plain: Uint8Array): Promise<void> {
      await store.put(name, await sealBytes(key(), plain, context));
    },
    remove: () => store.remove(name),
  };
}
