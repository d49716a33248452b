import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { refuseForbiddenMethods } from './methods.ts';

it('calls TRACE by a name that a Request can have, and leaves other methods alone', async () => {
  refuseForbiddenMethods();
  const server = createServer(({ method }, response) => {
    const { method: asked } = new Request('http://localhost/', { method: method ?? '' });
    response.end(asked);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const ask = (method: string) =>
    new Promise<string>((resolve, reject) => {
      let told = '';
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(`${method} / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
      );
      socket.on('data', (bytes) => {
        told += bytes.toString();
      });
      socket.on('end', () => resolve(told)).on('error', reject);
    });
  try {
    expect(await ask('TRACE')).toContain('X-TRACE');
    expect(await ask('DELETE')).toMatch(/\r\nDELETE$/);
  } finally {
    server.close();
  }
});
