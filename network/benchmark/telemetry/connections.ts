import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processUse } from '../processTimes.ts';
import { round } from '../statistics.ts';
import type { GatewayAddress, LightIdentity } from './lightDevice.ts';
import { startLoad } from './loadProcess.ts';

export interface ConnectionFigures {
  connections: number;
  /** Until the last of them is let in. */
  seconds: number;
  /** What the gateway's memory has grown by for each, in 10^3 bytes. */
  gatewayKbEach: number;
  /** The same of the devices. */
  deviceKbEach: number;
}

const atOnce = 64;

/** Holds so many connections at once, each with TLS and a certificate of its own. */
export async function measureConnections(
  devices: readonly LightIdentity[],
  { gateway, gatewayPid, folder }: { gateway: GatewayAddress; gatewayPid: number; folder: string },
): Promise<ConnectionFigures> {
  requireFiles(devices.length);
  const file = join(folder, `connections-${devices.length}.json`);
  writeFileSync(file, JSON.stringify(devices), { mode: 0o600 });
  const load = startLoad();
  try {
    const before = await processUse(gatewayPid);
    const idle = await load.ask({ kind: 'disconnect' });
    const started = performance.now();
    const command = { kind: 'connect', file, from: 0, count: devices.length, atOnce, gateway } as const;
    const held = await load.ask(command);
    const seconds = (performance.now() - started) / 1_000;
    if (held.connected !== devices.length) {
      throw new Error(`${held.connected} of ${devices.length} devices are connected.`);
    }
    const after = await processUse(gatewayPid);
    const kb = (bytes: number) => round(bytes / 1_000 / devices.length);
    return {
      connections: devices.length,
      seconds: round(seconds),
      gatewayKbEach: kb((after?.rssBytes ?? 0) - (before?.rssBytes ?? 0)),
      deviceKbEach: kb(held.rssBytes - idle.rssBytes),
    };
  } finally {
    await load.stop();
  }
}

/** Every connection is an open file, of the gateway and of the load. Node raises its own limit to the hard one. */
function requireFiles(connections: number): void {
  const limit = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  const needed = connections + 500;
  if (limit !== 'unlimited' && Number(limit) < needed) {
    throw new Error(`${needed} open files are needed, and ulimit -Hn allows ${limit}.`);
  }
}
