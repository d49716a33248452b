import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgress, type Progress } from '../../step.ts';
import { runCommand } from '../command.ts';
import { round } from '../statistics.ts';
import { measureAlerts } from './alertDelay.ts';
import { countAnchors } from './anchored.ts';
import { measureConnections } from './connections.ts';
import type { GatewayAddress, LightIdentity } from './lightDevice.ts';
import { startLoad } from './loadProcess.ts';
import { measureNaive } from './naive.ts';
import { type BenchNetwork, withBenchNetwork } from './network.ts';
import { parseOptions, type TelemetryOptions } from './options.ts';
import { measureYear } from './plots.ts';
import { measureProofs } from './proofs.ts';
import { openRealDevice } from './realDevice.ts';
import { folderBytes, measureThroughput, settled } from './throughput.ts';

/**
 * `npm run bench:telemetry`: what a network takes of readings, from devices over TLS and MQTT, the gateway, PostgreSQL and IPFS to
 * the ledger, where they are counted; and what people wait for meanwhile. Starts a network of its own; the load runs in a process of
 * its own on the same processors. The last line is one JSON object.
 */
await runCommand(async () => {
  const options = parseOptions(process.argv.slice(2));
  const progress = createProgress();
  const figures = await withBenchNetwork(progress, (bench) => measure(bench, options, progress));
  progress.close();
  process.stdout.write(`${JSON.stringify(figures)}\n`);
});
// Everything is stopped; some client that has no other end would keep the process for ever.
process.exit();

async function measure(bench: BenchNetwork, options: TelemetryOptions, progress: Progress) {
  const { network, portal, population, folder } = bench;
  const { run } = network;
  const gateway = {
    host: '127.0.0.1',
    port: Number(new URL(run.telemetry.mqtt).port),
    ca: readFileSync(run.telemetry.caFile, 'utf8'),
  };
  const { devices } = await progress.step(`${options.devices} devices seated`, () =>
    population.populate(options.devices),
  );
  const file = join(folder, 'devices.json');
  writeFileSync(file, JSON.stringify(devices), { mode: 0o600 });
  const anchors = await countAnchors(run);
  const load = startLoad();
  try {
    await progress.step('Devices connected', () =>
      load.ask({ kind: 'connect', file, from: 0, count: devices.length, atOnce: 32, gateway }),
    );
    const sizes = () => ({
      ledger: anchors.count().blockBytes,
      ipfs: folderBytes(join(run.stateDir, 'ipfs', 'blocks')),
    });
    const throughput = await progress.step(`As many readings as it takes, for ${options.seconds} s`, () =>
      measureThroughput({ load, anchors, sizes }, options),
    );
    const memoryMb = Math.round(await network.rssMb());
    const naive = await progress.step('One transaction for each reading', () =>
      measureNaive(portal, run.telemetry.device, devices, Math.min(10, options.seconds)),
    );
    const real = await progress.step('A device with the real client', () =>
      openRealDevice(portal, run, join(folder, 'real')),
    );
    try {
      const rate = throughput.readingsPerSecond / 2;
      const alerts = await progress.step(`Alerts, with ${Math.round(rate)} readings a second beside them`, async () => {
        const seconds = options.alerts * 1.2 + 10;
        const how = { seconds, atOnce: options.inFlight, readingsPerFrame: options.readings, rate };
        const [measured] = await Promise.all([
          measureAlerts(portal, real, options.alerts),
          settled(load, anchors, how),
        ]);
        return measured;
      });
      const plotYearP95Ms = await progress.step('A year of a patient', () => measureYear(portal, real, options.rounds));
      const [first] = devices;
      const proofVerifyMs = first === undefined ? 0 : await measureProofs(first, options);
      await load.ask({ kind: 'disconnect' });
      const connections = await measureHeld(bench, options, progress, { gateway, seated: devices });
      return {
        ...throughput,
        ...{ ...naive, gain: round(throughput.readingsPerSecond / naive.naivePerSecond) },
        ...alerts,
        ...{ proofVerifyMs, plotYearP95Ms, memoryMb, connections },
        ...{ devices: devices.length, readingsPerFrame: options.readings, seconds: options.seconds },
      };
    } finally {
      await real.device.stop();
    }
  } finally {
    await load.stop();
    anchors.stop();
  }
}

async function measureHeld(
  { network, population, folder }: BenchNetwork,
  { connections }: TelemetryOptions,
  progress: Progress,
  { gateway, seated }: { gateway: GatewayAddress; seated: readonly LightIdentity[] },
) {
  const gatewayPid = network.run.processes.find(({ name }) => name === 'telemetry')?.pid ?? 0;
  const most = Math.max(0, ...connections);
  const others = await progress.step(`${most} devices registered`, () =>
    population.register(Math.max(0, most - seated.length)),
  );
  const devices = [...seated, ...others];
  const held = [];
  for (const count of connections) {
    const own = devices.slice(0, count);
    held.push(
      await progress.step(`${count} connections`, () => measureConnections(own, { gateway, gatewayPid, folder })),
    );
  }
  return held;
}
