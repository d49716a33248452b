/** What an account sends is sent one after another, because each takes the account's next number. */
export type Queue = <T>(act: () => Promise<T>) => Promise<T>;

/** Runs acts one after another; a failed one does not stop those behind it. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const mine = last.then(act);
    last = mine.catch(() => undefined);
    return mine;
  };
}
