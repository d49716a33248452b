/** One store of one IndexedDB database, opened for a single piece of work. */

const completion = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });

const committed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave up'));
  });

/** Does `work` in a store, which is made where there is none. With `strict` what was written is on the disk afterwards. */
export async function inBrowserStore<T>(
  { name, store, durability = 'default' }: { name: string; store: string; durability?: IDBTransactionDurability },
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(store);
  const database = await completion(opening);
  try {
    const transaction = database.transaction(store, mode, { durability });
    const done = committed(transaction);
    const [answer] = await Promise.all([completion(work(transaction.objectStore(store))), done]);
    return answer;
  } finally {
    database.close();
  }
}
