import type { SessionEntry, SessionStore } from './sessionStore.ts';

/** A session store in memory, for tests. */
export function memoryStore(): SessionStore & { kept: Map<string, SessionEntry> } {
  const kept = new Map<string, SessionEntry>();
  return {
    kept,
    async put(marker, entry) {
      kept.clear();
      kept.set(marker, { ...entry, secret: entry.secret.slice() });
    },
    async get(marker) {
      const entry = kept.get(marker);
      return entry === undefined ? null : { ...entry, secret: entry.secret.slice() };
    },
    async extend() {},
    async clear() {
      kept.clear();
    },
  };
}
