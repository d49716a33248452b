import { Device } from './device.ts';
import { readHeartRate } from './sensor.ts';

const device = await Device.open(process.argv[2] ?? 'state', { log: console.error });
device.start();
setInterval(async () => {
  const reading = { at: Date.now(), measure: 'heartRate', values: [await readHeartRate()], flags: 0 } as const;
  await device.record([reading]);
}, 1_000);
