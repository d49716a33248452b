import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';

/**
 * Has Node's HTTP server write the address at the other end of each connection behind what X-Forwarded-For says already,
 * as a proxy would. Next writes it only where the header is absent, so that without this it would be the caller's word.
 */
export function recordPeers(): void {
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    const { request } = message;
    if (!(request instanceof IncomingMessage)) return;
    const said = request.headers['x-forwarded-for'];
    const peer = request.socket.remoteAddress ?? 'unknown';
    request.headers['x-forwarded-for'] = said === undefined ? peer : `${said}, ${peer}`;
  });
}
