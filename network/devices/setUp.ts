import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readDeviceFile } from '#components/registry/deviceFile.ts';
import { Device } from '#device/device.ts';
import { acceptSettings, enrolDevice, openEnrolled } from '#device/enrolment.ts';
import { StateFolder } from '#device/folder.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type { Signer } from '../demonstration/accounts.ts';
import { institutions, staff } from '../demonstration/people.ts';
import { transact } from '../demonstration/transact.ts';
import { type CircleBrowser, openCircleBrowser } from './circleBrowser.ts';
import type { FleetConfig } from './config.ts';
import { termsFor } from './plans.ts';
import { type Box, boxes, type Wearer, wearers } from './wearers.ts';

/** Patients whose circles are made side by side: keys keep this process busy. */
const atOnce = 3;
const seatedWithinMs = 60_000;

export interface SetUp {
  portal: Portal;
  config: Pick<FleetConfig, 'folder' | 'gateway' | 'monitor'>;
  signerOf(email: string): Promise<Signer>;
  say(text: string): void;
}

/**
 * Brings the fleet into the network as people would: the hospitals' admins register the devices, patients let devices and
 * doctors into their circles, devices and doctors join, a doctor says what is watched. What is there is not done again.
 */
export async function setUpFleet(setUp: SetUp): Promise<void> {
  for (const box of boxes) await equip(setUp, box);
  const left = wearers.values();
  const worker = async () => {
    for (const wearer of left) {
      const done = join(setUp.config.folder, `${wearer.email}.watched`);
      if (existsSync(done)) continue;
      const own = boxes.filter((box) => box.wearer === wearer);
      await beginCircle(setUp, wearer, own);
      await writeFile(done, '');
      setUp.say(`${wearer.email} is watched.`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

export const folderOf = ({ folder }: Pick<FleetConfig, 'folder'>, { name }: Box): string => join(folder, name);

/** Enrols a device and registers it in its hospital's name. */
export async function equip({ portal, config, signerOf }: SetUp, box: Box): Promise<void> {
  const folder = await StateFolder.open(folderOf(config, box));
  const enrolled = await openEnrolled(folder).catch(() => undefined);
  const { kind, model, serialNumber, wearer } = box;
  const request = await enrolDevice(folder, { model, serialNumber, purpose: kind === 'hub' ? 'hub' : 'sensor' });
  const device = enrolled?.settings.device ?? deviceIdOf(box);
  const mspId = institutions.find(({ id }) => id === wearer.institution)?.mspId ?? '';
  if (enrolled === undefined) {
    const description = await readDeviceFile(JSON.stringify(request));
    if (description === undefined) throw new Error(`${box.name} gave out no device's file.`);
    const { serialNumber: _, ...told } = description;
    const registration = { ...told, id: device, institutionId: wearer.institution };
    const admin = staff.find(({ role, institutionId }) => role === 'admin' && institutionId === wearer.institution);
    await transact(portal, await signerOf(admin?.email ?? ''), { kind: 'registerDevice', device: registration }).catch(
      (error: unknown) => {
        if (!(error instanceof AppError && error.code === 'ALREADY_EXISTS')) throw error;
      },
    );
  }
  // The gateway's ports and certificate may be others than at the last start.
  const certificatePem =
    enrolled?.settings.certificatePem ??
    (await portal.connector.certifyDevice({ mspId, device, csrPem: request.csrPem })).certificatePem;
  const roots = await portal.connector.authorities();
  await acceptSettings(folder, { device, mspId, certificatePem, roots, gateway: config.gateway });
}

/** The same at every start, so that one that was interrupted goes on with it. */
function deviceIdOf({ name }: Box): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  const hash = createHash('sha256').update(`demonstration device ${name}`).digest();
  return `dev-${Array.from(hash.subarray(0, 26), (byte) => alphabet.charAt(byte % 32)).join('')}`;
}

/**
 * The patient's circle with devices and doctors, and what the first doctor says is watched. Answers that doctor's browser; undefined
 * where there was a plan.
 */
export async function beginCircle(
  { portal, config, signerOf }: SetUp,
  wearer: Wearer,
  own: readonly Box[],
  terms: typeof termsFor = termsFor,
): Promise<CircleBrowser | undefined> {
  const patient = await openCircleBrowser(portal, await signerOf(wearer.email));
  const { subjectId } = (await signerOf(wearer.email)).actor;
  if (await patient.hasPlan(subjectId)) return undefined;
  const clinicians = await Promise.all(wearer.clinicians.map(signerOf));
  await patient.enter(subjectId);
  for (const { actor } of clinicians) await patient.seat(subjectId, actor.subjectId);
  for (const box of own) {
    const { settings } = await openEnrolled(await StateFolder.open(folderOf(config, box)));
    await patient.seat(subjectId, settings.device);
    await joinCircle(folderOf(config, box), subjectId);
  }
  // It joins by itself, once it hears of its seat.
  if (wearer.monitored && config.monitor !== undefined) await patient.seat(subjectId, config.monitor);
  const [responder] = clinicians;
  if (responder === undefined) return undefined;
  const ids = clinicians.map(({ actor }) => actor.subjectId);
  const doctor = await openCircleBrowser(portal, responder);
  // A device or the monitor may join just then: the plan is sealed for the epoch that there is.
  await untilSeated(async () => {
    await doctor.enter(subjectId);
    await doctor.setPlan(subjectId, terms(wearer, ids));
  });
  return doctor;
}

/** The device joins by its own client, through the gateway, which hears of the seat once it follows the ledger. */
async function joinCircle(folder: string, patient: string): Promise<void> {
  const device = await Device.open(folder, { log: () => {} });
  try {
    await untilSeated(async () => {
      await device.lookForSeat();
      await device.settle();
      if (device.patient !== patient || !(await device.isSealing()))
        throw new AppError('NOT_FOUND', `${device.id} is not in the circle yet`);
    });
  } finally {
    await device.stop();
  }
}

/** Read models and gateways follow the ledger a moment later. */
async function untilSeated(work: () => Promise<void>): Promise<void> {
  const until = Date.now() + seatedWithinMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > until) throw error;
      await delay(300);
    }
  }
}
