/**
 * Keeps an open vault over a reload of the page: the secret is encrypted under an AES key that cannot be taken out of
 * the browser, and bound to a marker in the tab's session storage, so that it ends with the browser session.
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
  /** Starts the idle time anew. */
  extend(): Promise<void>;
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

const databaseName = 'medloom-vault';
const storeName = 'session';
const entryName = 'open';

const completion = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });

async function withStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open(databaseName, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(storeName);
  const database = await completion(opening);
  try {
    return await completion(work(database.transaction(storeName, mode).objectStore(storeName)));
  } finally {
    database.close();
  }
}

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

const associated = (marker: string, entry: Pick<SessionEntry, 'kind' | 'personId'>) =>
  new TextEncoder().encode(JSON.stringify([marker, entry.kind, entry.personId])) as Uint8Array<ArrayBuffer>;

/** The store of a browser; usable in pages and workers. */
export function browserSessionStore(now: () => number = Date.now): SessionStore {
  const clear = async () => {
    await withStore('readwrite', (store) => store.clear());
  };
  return {
    async put(marker, { kind, personId, secret }) {
      const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
      const nonce = crypto.getRandomValues(new Uint8Array(12));
      const parameters = { name: 'AES-GCM', iv: nonce, additionalData: associated(marker, { kind, personId }) };
      const sealed = await crypto.subtle.encrypt(parameters, key, secret);
      const entry: StoredEntry = { kind, personId, key, nonce, sealed, expiresAt: now() + idleMs };
      await withStore('readwrite', (store) => store.put(entry, entryName));
    },
    async get(marker) {
      const entry: unknown = await withStore('readonly', (store) => store.get(entryName));
      if (!isStored(entry)) return null;
      if (entry.expiresAt <= now()) {
        await clear();
        return null;
      }
      try {
        const parameters = { name: 'AES-GCM', iv: entry.nonce, additionalData: associated(marker, entry) };
        const secret = new Uint8Array(await crypto.subtle.decrypt(parameters, entry.key, entry.sealed));
        return { kind: entry.kind, personId: entry.personId, secret };
      } catch {
        // Another tab's marker: its entry is not for this one.
        return null;
      }
    },
    async extend() {
      const entry: unknown = await withStore('readonly', (store) => store.get(entryName));
      if (isStored(entry)) {
        await withStore('readwrite', (store) => store.put({ ...entry, expiresAt: now() + idleMs }, entryName));
      }
    },
    clear,
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
