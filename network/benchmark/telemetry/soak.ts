import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isNull } from 'drizzle-orm';
import { z } from 'zod';
import { storedBatch } from '#chaincode/model/telemetry.ts';
import { copyBytes } from '#crypto/bytes.ts';
import { readBatch } from '#crypto/telemetry/batch.ts';
import { openFrame } from '#crypto/telemetry/seal.ts';
import { Device } from '#device/device.ts';
import { ofWire, type Reading } from '#monitoring/reading.ts';
import { telemetryFrames } from '#server/gateways/db/schema/telemetry.ts';
import type { Portal } from '#server/portal.ts';
import { openKeyMaker } from '../../demonstration/keys.ts';
import { demonstrationPassword, demonstrationPin } from '../../demonstration/people.ts';
import type { CircleBrowser } from '../../devices/circleBrowser.ts';
import { beginCircle, equip, folderOf } from '../../devices/setUp.ts';
import { signersOf } from '../../devices/signers.ts';
import { boxes } from '../../devices/wearers.ts';
import { createProgress, type Progress, StepError } from '../../step.ts';
import { runCommand } from '../command.ts';
import { round } from '../statistics.ts';
import { type BenchNetwork, withBenchNetwork } from './network.ts';
import { parseSoakOptions, type SoakOptions } from './options.ts';
import { openSoakLoad, type SoakLoad } from './soakLoad.ts';

/**
 * `npm run soak:telemetry`: a load of light devices and, beside it, real ones send while the gateway (and with it the broker), the
 * storage, the ledger, the connector and the database are killed one after the other. Then each reading that was acknowledged, or
 * that a real device was told is kept, has to be in one anchored batch, once: read from the ledger, taken from IPFS and checked
 * against its root; those of the real devices are opened too. The last line is one JSON object.
 */
const everyMs = 250;
const betweenKillsMs = 12_000;
const settledWithinMs = 180_000;
const victims = ['telemetry', 'ipfs', 'devnet', 'connector', 'database', 'telemetry'];
const patients = 3;
const page = z.object({ items: z.array(storedBatch), bookmark: z.string() });

interface Measuring {
  device: Device;
  patient: string;
  doctor: CircleBrowser;
  /** Times of the readings that it has kept. */
  kept: Set<number>;
}

await runCommand(async () => {
  const options = parseSoakOptions(process.argv.slice(2));
  const progress = createProgress();
  const told = await withBenchNetwork(progress, (bench) => soak(bench, options, progress));
  progress.close();
  process.stdout.write(`${JSON.stringify(told)}\n`);
});
// Everything is stopped; some client that has no other end would keep the process for ever.
process.exit();

async function soak(bench: BenchNetwork, options: SoakOptions, progress: Progress) {
  const load = await progress.step(`A load of ${options.devices} devices`, () => openSoakLoad(bench, options));
  try {
    return await findEach(bench, load, progress);
  } finally {
    await load.stop();
  }
}

async function findEach(bench: BenchNetwork, load: SoakLoad, progress: Progress) {
  const measuring = await progress.step(`${patients} devices seated`, () => openDevices(bench));
  const { killed, sent } = await killUnderLoad(bench, { load, measuring }, progress);
  const readings = measuring.reduce((sum, { kept }) => sum + kept.size, 0);
  await progress.step(`${readings + sent.readings} readings on the ledger`, () => settled(bench.portal, measuring));
  const loadBatches = await progress.step('Each reading of the load found', () => load.requireEach(sent));
  const batches = await progress.step('Each reading found', async () => {
    let count = 0;
    for (const one of measuring) count += await compare(bench.portal, one);
    return count;
  });
  await Promise.all(measuring.map(({ device }) => device.stop()));
  const { readings: loadReadings, frames, again, seconds } = sent;
  return {
    ...{ killed, devices: measuring.length, readings, batches },
    load: {
      ...{ devices: sent.devices, readings: loadReadings, frames, batches: loadBatches },
      ...{ readingsPerSecond: round(loadReadings / seconds), tries: frames + again },
    },
    ...{ lost: 0, doubled: 0 },
  };
}

/** All send from before the first kill until some time after the last. */
async function killUnderLoad(
  { network }: BenchNetwork,
  { load, measuring }: { load: SoakLoad; measuring: readonly Measuring[] },
  progress: Progress,
) {
  const over = new AbortController();
  const killed: string[] = [];
  const kill = async () => {
    for (const victim of victims) {
      await delay(betweenKillsMs, undefined, { signal: over.signal });
      const found = network.run.processes.find(({ name }) => name.toLowerCase().includes(victim));
      if (found === undefined) throw new StepError(`No process is called ${victim}.`, { advice: 'see run.json.' });
      process.kill(found.pid, 'SIGKILL');
      progress.say(`${found.name} was killed.`);
      killed.push(found.name);
    }
    await delay(betweenKillsMs, undefined, { signal: over.signal });
    over.abort();
  };
  const seconds = ((victims.length + 1) * betweenKillsMs) / 1_000;
  const recording = measuring.map((one) => measure(one, over.signal));
  try {
    const [sent] = await Promise.all([load.send(seconds), kill(), ...recording]);
    return { killed, sent };
  } finally {
    over.abort();
  }
}

async function openDevices({ portal, network, folder }: BenchNetwork): Promise<Measuring[]> {
  const { mqtt, https, caFile } = network.run.telemetry;
  const config = { folder: join(folder, 'soak'), gateway: { mqtt, https, ca: readFileSync(caFile, 'utf8') } };
  const keyMaker = openKeyMaker({ password: demonstrationPassword, pin: demonstrationPin }, 1);
  const setUp = { portal, config, signerOf: signersOf(portal, keyMaker), say: () => {} };
  const measuring: Measuring[] = [];
  for (const box of boxes.filter(({ kind }) => kind === 'hub').slice(0, patients)) {
    await equip(setUp, box);
    const doctor = await beginCircle(setUp, box.wearer, [box]);
    const device = await Device.open(folderOf(config, box), { sealEveryMs: 2_000, log: () => {} });
    if (doctor === undefined || device.patient === undefined) throw new Error(`${box.name} is not worn.`);
    device.start();
    measuring.push({ device, patient: device.patient, doctor, kept: new Set() });
  }
  await keyMaker.close();
  return measuring;
}

async function measure({ device, kept }: Measuring, over: AbortSignal): Promise<void> {
  for (let last = 0; !over.aborted; ) {
    const at = Math.max(Date.now(), last + 1);
    last = at;
    const reading: Reading = { at, measure: 'heartRate', values: [60 + (at % 40)], flags: 0 };
    if (await device.record([reading])) kept.add(at);
    await delay(everyMs);
  }
}

/** Waits until no device has anything left, and the gateway no frame that is not anchored. */
async function settled({ db }: Portal, measuring: readonly Measuring[]): Promise<void> {
  const until = Date.now() + settledWithinMs;
  for (;;) {
    await Promise.all(measuring.map(({ device }) => device.seal()));
    const pending = measuring.reduce((sum, { device }) => sum + device.pending, 0);
    const waiting =
      pending > 0 ? pending : await db.$count(telemetryFrames, isNull(telemetryFrames.anchoredAt)).catch(() => 1);
    if (waiting === 0) return;
    if (Date.now() > until)
      throw new StepError(`${waiting} frames did not arrive.`, { advice: 'see the logs of telemetry.' });
    await delay(1_000);
  }
}

/** Answers how many batches there are; throws where a reading is not there once. */
async function compare(portal: Portal, { device, patient, doctor, kept }: Measuring): Promise<number> {
  const found = new Map<number, number>();
  let batches = 0;
  for (let bookmark = ''; ; ) {
    const channel = `care-${patient.split('-')[1]}`;
    const call = { channel, contract: 'care', function: 'telemetry:listBatches', args: [patient, '100', bookmark] };
    const listed = page.parse(JSON.parse(Buffer.from(await portal.ledger.evaluate(call)).toString()));
    for (const batch of listed.items) {
      batches += 1;
      for (const frame of readBatch(batch, copyBytes(await portal.ipfs.readBlock(batch.cid))).frames) {
        if (frame.k !== 'readings' || frame.d !== device.id) continue;
        const { items } = await openFrame(doctor.keyOf(patient, frame.g, frame.e), frame);
        for (const item of items) {
          const { at } = ofWire(item, frame.f);
          found.set(at, (found.get(at) ?? 0) + 1);
        }
      }
    }
    bookmark = listed.bookmark;
    if (bookmark === '') break;
  }
  const lost = [...kept].filter((at) => !found.has(at)).length;
  const doubled = [...found.values()].filter((times) => times > 1).length;
  const foreign = [...found.keys()].filter((at) => !kept.has(at)).length;
  if (lost + doubled + foreign > 0) {
    const message = `${device.id}: ${lost} readings are lost, ${doubled} are there twice, ${foreign} were never measured.`;
    throw new StepError(message, { advice: 'this is a fault; keep the logs.' });
  }
  return batches;
}
