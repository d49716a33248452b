/** One store of one IndexedDB database, opened for a single piece of work. */

const completion = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });

/** Does `work` in a store, which is made where there is none. */
export async function inBrowserStore<T>(
  { name, store }: { name: string; store: string },
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(store);
  const database = await completion(opening);
  try {
    return await completion(work(database.transaction(store, mode).objectStore(store)));
  } finally {
    database.close();
  }
}
