import { setTimeout as pause } from 'node:timers/promises';
import { startNode } from '../service.ts';
import { readConfig } from './config.ts';
import { startControl } from './control.ts';
import { FleetDevice } from './fleet.ts';
import { boxes } from './wearers.ts';

/**
 * The process in which the demonstration's devices run, each with the client that a real one would have and a folder of its own. It
 * is ended at any moment. Prints one line of JSON when it takes commands (`control.ts`).
 */
const stepMs = 10_000;
const configFile = process.argv[2] ?? '';
const config = readConfig(configFile);
const say = (text: string) => console.error(`${new Date().toISOString()} ${text}`);
const abort = new AbortController();
const devices: FleetDevice[] = [];

const control = await startControl(() => devices, config.controlPort);
process.once('SIGTERM', () => abort.abort());
process.stdout.write(`${JSON.stringify({ ready: true, port: control.port })}\n`);

await setUp();
for (const box of boxes) devices.push(await FleetDevice.open(config, box, say));
say(`${devices.length} devices measure.`);
for (const device of devices) device.start();
while (!abort.signal.aborted) {
  const started = Date.now();
  for (const device of devices) {
    if (abort.signal.aborted) break;
    await device.step().catch((error: unknown) => say(`${device.box.name}: ${String(error)}`));
  }
  const left = stepMs - (Date.now() - started);
  await pause(Math.max(0, left), undefined, { signal: abort.signal }).catch(() => undefined);
}
await Promise.all(devices.map((device) => device.stop()));
control.server.close();
process.exit(0);

/** What an earlier start has set up is left, but that the gateway may have other ports by now. */
async function setUp(): Promise<void> {
  for (;;) {
    try {
      const office = await startNode({
        name: 'The office of the fleet',
        args: ['network/devices/office.ts', configFile],
        logFile: config.logFile,
        advice: 'it is tried again.',
        ready: 'line',
        readyWithinMs: 600_000,
        signal: abort.signal,
        say,
      });
      await office.end;
      return;
    } catch (error) {
      if (abort.signal.aborted) process.exit(0);
      say(`The devices are not set up: ${error instanceof Error ? error.message : String(error)}`);
      await pause(20_000, undefined, { signal: abort.signal }).catch(() => undefined);
    }
  }
}
