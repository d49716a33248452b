import { openBytes, sealBytes } from '#crypto/aead.ts';
import { type Bytes, toHex, utf8 } from '#crypto/bytes.ts';
import { deriveKey } from '#crypto/derive.ts';
import { inBrowserStore } from './browserDatabase.ts';

/**
 * Keeps an open vault over a reload of the page. The secret is encrypted twice: under a key derived from a marker in
 * the tab's session storage, so that it ends with the browser session, and under an AES key that cannot be taken out
 * of the browser.
 */

export interface SessionEntry {
  /** `password`: the wrapping key that signing in left; `vault`: the vault key. */
  kind: 'password' | 'vault';
  /** Empty where the person is not known yet. */
  personId: string;
  secret: Uint8Array<ArrayBuffer>;
}

export interface SessionStore {
  put(marker: string, entry: SessionEntry): Promise<void>;
  /** The entry of this marker, unless it is older than the idle time; whatever is too old is wiped. */
  get(marker: string): Promise<SessionEntry | null>;
  /** Starts the idle time of this marker's entry anew. */
  extend(marker: string): Promise<void>;
  /** Wipes the entries of all tabs. */
  clear(): Promise<void>;
}

/** After so long without use the keys lock. */
export const idleMs = 15 * 60_000;

interface StoredEntry {
  kind: SessionEntry['kind'];
  personId: string;
  key: CryptoKey;
  nonce: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
  expiresAt: number;
}

const withStore = <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
  inBrowserStore({ name: 'medloom-vault', store: 'session' }, mode, work);

function isStored(value: unknown): value is StoredEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'key' in value &&
    value.key instanceof CryptoKey &&
    'expiresAt' in value &&
    typeof value.expiresAt === 'number'
  );
}

/** Entries are found by a name from which the marker cannot be told. */
const entryName = (marker: string) => toHex(deriveKey(utf8(marker), 'medloom/session/name/v1', { length: 16 }));
const markerKey = (marker: string) => deriveKey(utf8(marker), 'medloom/session/key/v1');
const context = ({ kind, personId }: Pick<SessionEntry, 'kind' | 'personId'>): Bytes =>
  utf8(JSON.stringify([kind, personId]));

/** The store of a browser; usable in pages and workers. */
export function browserSessionStore(now: () => number = Date.now): SessionStore {
  const read = async (marker: string): Promise<StoredEntry | undefined> => {
    const entry: unknown = await withStore('readonly', (store) => store.get(entryName(marker)));
    return isStored(entry) ? entry : undefined;
  };
  const write = async (marker: string, entry: StoredEntry) => {
    await withStore('readwrite', (store) => store.put(entry, entryName(marker)));
  };
  return {
    async put(marker, { kind, personId, secret }) {
      const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
      const nonce = crypto.getRandomValues(new Uint8Array(12));
      const inner = await sealBytes(markerKey(marker), secret, context({ kind, personId }));
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, inner);
      await write(marker, { kind, personId, key, nonce, sealed, expiresAt: now() + idleMs });
    },
    async get(marker) {
      const entry = await read(marker);
      if (entry === undefined) return null;
      if (entry.expiresAt <= now()) {
        await withStore('readwrite', (store) => store.delete(entryName(marker)));
        return null;
      }
      try {
        const inner = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: entry.nonce }, entry.key, entry.sealed);
        const secret = await openBytes(markerKey(marker), new Uint8Array(inner), context(entry), 'ALTERED');
        return { kind: entry.kind, personId: entry.personId, secret };
      } catch {
        return null;
      }
    },
    async extend(marker) {
      const entry = await read(marker);
      if (entry !== undefined) await write(marker, { ...entry, expiresAt: now() + idleMs });
    },
    async clear() {
      await withStore('readwrite', (store) => store.clear());
    },
  };
}

const markerName = 'medloom-vault';

/** The marker of this tab's session; survives reloads, not the tab. Only pages have it, workers are told. */
export function sessionMarker(): string {
  const kept = sessionStorage.getItem(markerName);
  if (kept !== null) return kept;
  const made = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0'));
  sessionStorage.setItem(markerName, made.join(''));
  return made.join('');
}

/**
 * Leaves the password's wrapping key for the page that follows the sign-in, so that the vault opens there without
 * asking for the password again. The caller's copy is wiped.
 */
export async function handOverWrappingKey(wrappingKey: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    await browserSessionStore().put(sessionMarker(), { kind: 'password', personId: '', secret: wrappingKey });
  } finally {
    wrappingKey.fill(0);
  }
}
