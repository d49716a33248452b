import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { findFreePorts, requireFreePort } from './ports.ts';

describe('ports', () => {
  it('finds different free ports below those of outgoing connections', async () => {
    const ports = await findFreePorts(20);
    expect(new Set(ports).size).toBe(20);
    for (const port of ports) {
      expect(port).toBeLessThan(32_768);
      await requireFreePort(port);
    }
  });

  it('names the process that listens on a port', async () => {
    const [port = 0] = await findFreePorts(1);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const by = process.platform === 'linux' ? ` by process ${process.pid} ` : '';
    await expect(requireFreePort(port)).rejects.toMatchObject({
      message: expect.stringContaining(`Port ${port} is in use${by}`),
      advice: expect.stringContaining(`--port ${port + 1}`),
    });
    await new Promise((resolve) => server.close(resolve));
  });
});
