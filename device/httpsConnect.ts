import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayApi } from './api.ts';
import type { Connect } from './transport.ts';

/** A gateway that does not call back is asked so often where circles stand. */
const askEveryMs = 30_000;

/** Sends over HTTPS, for where only that gets through. */
export function httpsConnect(api: Pick<GatewayApi, 'circles' | 'frames' | 'status'>): Connect {
  return async (noted) => {
    noted(await api.circles());
    const ended = new AbortController();
    const over = (async () => {
      try {
        for (;;) {
          await delay(askEveryMs, undefined, { signal: ended.signal });
          noted(await api.circles());
        }
      } catch {
        // Closed, or the gateway is away: either way this connection is over.
      }
    })();
    const close = () => ended.abort();
    const lostWhere = async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work;
      } catch (error) {
        close();
        throw error;
      }
    };
    return {
      over,
      close,
      send: (_, frames) => lostWhere(api.frames(frames)),
      tell: (status) => lostWhere(api.status(status)),
    };
  };
}
