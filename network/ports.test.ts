import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { claimPort } from './portClaims.ts';
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

  it('gives no port to two processes, until the first one has ended', async () => {
    const module = JSON.stringify(new URL('./portClaims.ts', import.meta.url).href);
    const another = (ports: number[]) => {
      const script = `const { claimPort } = await import(${module}); console.log(JSON.stringify(${JSON.stringify(ports)}.map(claimPort)))`;
      const { stdout, stderr } = spawnSync(process.execPath, ['--eval', script], { encoding: 'utf8' });
      return JSON.parse(stdout || JSON.stringify(stderr));
    };
    const mine = await findFreePorts(2);
    expect(another(mine)).toEqual([false, false]);
    expect(mine.map(claimPort)).toEqual([false, false]);
    // Port numbers that nobody looks for.
    expect(another([1, 2])).toEqual([true, true]);
    expect([1, 2].map(claimPort)).toEqual([true, true]);
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
