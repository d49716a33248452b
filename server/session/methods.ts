import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';

/** Methods that no Request of the Fetch standard has, so that Next would fail at them with a 500. */
const forbidden: readonly string[] = ['CONNECT', 'TRACE', 'TRACK'];

/** Has Node's HTTP server call them by a name that nobody serves, which is refused like any other. */
export function refuseForbiddenMethods(): void {
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    const { request } = message;
    if (!(request instanceof IncomingMessage) || !forbidden.includes(request.method ?? '')) return;
    request.method = `X-${request.method}`;
  });
}
