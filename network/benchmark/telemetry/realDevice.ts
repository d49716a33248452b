import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Device } from '#device/device.ts';
import type { PlanTerms } from '#monitoring/plan.ts';
import { defaultTerms } from '#monitoring/planDefaults.ts';
import type { Portal } from '#server/portal.ts';
import { openKeyMaker } from '../../demonstration/keys.ts';
import { demonstrationPassword, demonstrationPin } from '../../demonstration/people.ts';
import type { CircleBrowser } from '../../devices/circleBrowser.ts';
import { beginCircle, equip, folderOf } from '../../devices/setUp.ts';
import { signersOf } from '../../devices/signers.ts';
import { type Box, boxes, type Wearer } from '../../devices/wearers.ts';
import type { RunFile } from '../../runFile.ts';

/** A device with the real client on a patient of the demonstration, and the doctor's browser that may read what it tells. */
export interface RealDevice {
  device: Device;
  patient: string;
  doctor: CircleBrowser;
}

const withinMs = 60_000;

/** Each critical heart rate calls at once, and the next time again. */
function termsAtOnce(_: Wearer, [responder = '']: readonly string[]): PlanTerms {
  const heartRate = { criticalHigh: 140, hysteresis: 5, forSeconds: 0 };
  return { ...defaultTerms(responder), limits: { heartRate }, trends: [], missingAfterSeconds: {}, settleSeconds: 0 };
}

/** Enrols and seats a device, by the code of the demonstration's fleet. */
export async function openRealDevice(portal: Portal, run: RunFile, folder: string): Promise<RealDevice> {
  const [box] = boxes;
  if (box === undefined) throw new Error('The demonstration has no devices.');
  const { mqtt, https, caFile } = run.telemetry;
  const config = { folder, gateway: { mqtt, https, ca: readFileSync(caFile, 'utf8') } };
  const keyMaker = openKeyMaker({ password: demonstrationPassword, pin: demonstrationPin }, 1);
  try {
    const setUp = { portal, config, signerOf: signersOf(portal, keyMaker), say: () => {} };
    await equip(setUp, box);
    const doctor = await beginCircle(setUp, box.wearer, [box], termsAtOnce);
    if (doctor === undefined) throw new Error('The patient is watched already.');
    const device = await started(folderOf(config, box), box);
    return { device, patient: device.patient ?? '', doctor };
  } finally {
    await keyMaker.close();
  }
}

async function started(folder: string, { kind }: Box): Promise<Device> {
  const device = await Device.open(folder, { measures: kind === 'hub' ? ['heartRate'] : [], log: () => {} });
  device.start();
  const until = Date.now() + withinMs;
  while (device.plan === undefined) {
    if (Date.now() > until) throw new Error('The device has no plan.');
    await device.settle();
    await delay(300);
  }
  return device;
}
