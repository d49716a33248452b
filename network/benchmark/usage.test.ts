import { expect, it } from 'vitest';
import { busyMsOf, cpuMsOf, processUse, withDescendants } from './processTimes.ts';
import { parseSocket, type SocketUse, Traffic } from './sockets.ts';
import { UsageLog, valueAt } from './usage.ts';

it('reads processor time behind a name with spaces and parentheses', () => {
  const rest = Array.from({ length: 50 }, (_, index) => String(index));
  expect(cpuMsOf(`7 (a (b) c) S ${rest.join(' ')}`)).toBe((10 + 11) * 10);
});

it('leaves waiting out of what the machine was busy with', () => {
  expect(busyMsOf('cpu  1 2 3 1000 500 4 5 6 7 8\ncpu0 9 9 9 9')).toBe(10 * (1 + 2 + 3 + 4 + 5 + 6));
});

it('reads a line of ss', () => {
  const line =
    'ESTAB 0 0 127.0.0.1:40500 [::ffff:127.0.0.1]:7051 users:(("peer",pid=812,fd=19)) timer:(keepalive,12sec,0) ts sack ' +
    'cubic wscale:7,7 rto:201 bytes_sent:1500 bytes_retrans:10 bytes_acked:1501 bytes_received:99 segs_out:20';
  expect(parseSocket(line)).toEqual({ pid: 812, localPort: 40500, remotePort: 7051, received: 99, sent: 1500 });
  expect(parseSocket('ESTAB 0 0 127.0.0.1:1 127.0.0.1:2 cubic bytes_sent:7')).toBeUndefined();
  expect(parseSocket('')).toBeUndefined();
});

it('adds up sockets over time, the closed ones and those that follow on the same ports', () => {
  const socket = (localPort: number, received: number, sent = 0): SocketUse => ({
    ...{ pid: 1, localPort, remotePort: 9, received, sent },
  });
  const traffic = new Traffic(({ localPort }) => (localPort < 100 ? 'peer' : undefined));
  const received = (...sockets: SocketUse[]) => traffic.add(sockets).get('peer')?.received;
  expect(received(socket(1, 10), socket(2, 5), socket(100, 1_000))).toBe(15);
  expect(received(socket(1, 30))).toBe(35);
  expect(received(socket(1, 30), socket(2, 7))).toBe(42);
  expect(received(socket(1, 4))).toBe(46);
});

it('interpolates a counter between samples and stays at its ends outside', () => {
  const samples = [10, 20, 40].map((at) => ({ at, count: at * 3 }));
  const value = (at: number) => valueAt(samples, at, ({ count }) => count);
  expect([value(0), value(10), value(15), value(30), value(99)]).toEqual([30, 30, 45, 90, 120]);
  expect(valueAt([], 5, () => 1)).toBe(0);
});

it.skipIf(process.platform !== 'linux')('follows this process and what it starts', async () => {
  expect((await withDescendants(process.pid))[0]).toBe(process.pid);
  expect((await processUse(process.pid))?.rssBytes).toBeGreaterThan(10e6);
  expect(await processUse(2 ** 22 + 1)).toBeUndefined();
  const log = new UsageLog([{ name: 'test', pid: process.pid }], () => undefined);
  log.start();
  const from = Date.now();
  let spent = process.cpuUsage().user;
  const until = spent + 400_000;
  while (spent < until) {
    spent = process.cpuUsage().user;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await log.stop();
  const use = log.between(from, Date.now());
  expect(use.cpuMs.test).toBeGreaterThan(200);
  expect(use.machineMs).toBeGreaterThan(100);
  expect(use.rssBytes.test).toBeGreaterThan(10e6);
});
