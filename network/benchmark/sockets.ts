import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** One end of a TCP connection: whose it is, its ports, and the payload bytes that went through it so far. */
export interface SocketUse {
  pid: number;
  localPort: number;
  remotePort: number;
  received: number;
  sent: number;
}

/** TCP sockets of this machine with their owners, by `ss` of iproute2. Rejects where there is no `ss`. */
export async function listSockets(): Promise<SocketUse[]> {
  const { stdout } = await promisify(execFile)('ss', ['-tinpHO'], { maxBuffer: 16 * 1024 * 1024 });
  return stdout.split('\n').flatMap((line) => {
    const socket = parseSocket(line);
    return socket ? [socket] : [];
  });
}

/** Reads a line of `ss -tinpHO`; undefined for one without an owner. A counter that `ss` leaves out is zero. */
export function parseSocket(line: string): SocketUse | undefined {
  const [, , , local, remote] = line.trim().split(/\s+/);
  const pid = /pid=(\d+)/.exec(line)?.[1];
  if (!local || !remote || pid === undefined) return undefined;
  const counter = (name: string) => Number(new RegExp(`\\b${name}:(\\d+)`).exec(line)?.[1] ?? 0);
  return {
    ...{ pid: Number(pid), localPort: portOf(local), remotePort: portOf(remote) },
    ...{ received: counter('bytes_received'), sent: counter('bytes_sent') },
  };
}

const portOf = (address: string) => Number(address.slice(address.lastIndexOf(':') + 1));

/** Adds up what passes through the sockets of each name over time, also of those that have been closed meanwhile. */
export class Traffic {
  readonly #nameOf: (socket: SocketUse) => string | undefined;
  readonly #last = new Map<string, SocketUse>();
  readonly #totals = new Map<string, { received: number; sent: number }>();

  /** `nameOf` says whose traffic a socket's is; undefined for one that does not count. */
  constructor(nameOf: (socket: SocketUse) => string | undefined) {
    this.#nameOf = nameOf;
  }

  /** Takes a list of all sockets and gives the totals so far, by name. */
  add(sockets: readonly SocketUse[]): Map<string, { received: number; sent: number }> {
    const seen = new Set<string>();
    for (const socket of sockets) {
      const name = this.#nameOf(socket);
      if (name === undefined) continue;
      const key = `${socket.pid} ${socket.localPort} ${socket.remotePort}`;
      seen.add(key);
      const before = this.#last.get(key);
      // Counters that went back are those of another connection between the same ports.
      const known = before && before.received <= socket.received && before.sent <= socket.sent ? before : undefined;
      const total = this.#totals.get(name) ?? { received: 0, sent: 0 };
      this.#totals.set(name, {
        received: total.received + socket.received - (known?.received ?? 0),
        sent: total.sent + socket.sent - (known?.sent ?? 0),
      });
      this.#last.set(key, socket);
    }
    for (const key of this.#last.keys()) if (!seen.has(key)) this.#last.delete(key);
    return new Map([...this.#totals].map(([name, total]) => [name, { ...total }]));
  }
}
