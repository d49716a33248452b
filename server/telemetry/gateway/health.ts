import { createServer } from 'node:http';

/** What the gateway says of itself; counts are since the process began. */
export interface GatewayHealth {
  /** Devices with a connection by MQTT. */
  connected: number;
  /** Frames that are acknowledged and that no ledger has yet. */
  backlog: number;
  /** Packets whose acknowledgement waits for room. */
  waiting: number;
  frames: number;
  readings: number;
  bytes: number;
  /** Frames that came again. */
  repeated: number;
  /** By code. */
  refused: Record<string, number>;
  lastRound?: { at: string; frames: number; batches: number; anchored: number; refused: number };
}

/** Answers `GET /health` with JSON, on the loopback alone. */
export async function startHealth(
  port: number,
  health: () => GatewayHealth,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const isKnown = request.method === 'GET' && request.url?.split('?')[0] === '/health';
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(isKnown ? { state: 'up', ...health() } : { code: 'NOT_FOUND' }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
