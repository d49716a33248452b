import { AsyncLocalStorage } from 'node:async_hooks';
import pino, { type Logger } from 'pino';
import { logLevel } from './env.ts';

const requests = new AsyncLocalStorage<{ requestId: string }>();

let root: Logger | undefined;

/**
 * The structured log. Entries carry the id of the request that they belong to and no personal data: people appear by
 * their random id only.
 */
export function log(): Logger {
  root ??= pino({ level: logLevel(), base: { service: 'portal' } });
  const request = requests.getStore();
  return request === undefined ? root : root.child(request);
}

/** Runs `work` so that all that it logs carries `requestId`. */
export function withRequestId<T>(requestId: string, work: () => Promise<T>): Promise<T> {
  return requests.run({ requestId }, work);
}

/** The id of the request being served, for hops to other processes. */
export function currentRequestId(): string | undefined {
  return requests.getStore()?.requestId;
}
