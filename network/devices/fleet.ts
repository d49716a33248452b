import { z } from 'zod';
import { Device } from '#device/device.ts';
import { StateFolder } from '#device/folder.ts';
import type { FleetConfig } from './config.ts';
import { type Episode, type EpisodeKind, episodeKinds } from './episodes.ts';
import { conditionAt } from './faults.ts';
import { historyOf } from './history.ts';
import { chanceOf } from './noise.ts';
import { readingsAt, readingsBetween, type Worn } from './sensors.ts';
import { folderOf } from './setUp.ts';
import { type Box, faultsOf, measuresOf, pastEpisodes } from './wearers.ts';

const minute = 60_000;
/** What is told of a device that was not running for longer. */
const mostBehindMs = 15 * minute;
const begunFile = 'fleet.json';
const begunShape = z.object({ begun: z.int(), told: z.boolean(), until: z.int() });

/** One device of the fleet on its simulated wearer, with the real client. */
export class FleetDevice {
  readonly box: Box;
  private readonly device: Device;
  private readonly folder: StateFolder;
  private begun: z.infer<typeof begunShape>;
  private readonly started: Episode[] = [];
  /** When somebody looks after the wearer and measures everything; at first when it is put on. */
  private checkAt: number | undefined = 0;

  private constructor(box: Box, device: Device, folder: StateFolder, begun: z.infer<typeof begunShape>) {
    this.box = box;
    this.device = device;
    this.folder = folder;
    this.begun = begun;
  }

  static async open(config: Pick<FleetConfig, 'folder'>, box: Box, log: (text: string) => void): Promise<FleetDevice> {
    const path = folderOf(config, box);
    const folder = await StateFolder.open(path);
    const now = Date.now();
    const begun = (await folder.readJson(begunFile, begunShape)) ?? { begun: now, told: false, until: now };
    const faults = faultsOf(box);
    const device = await Device.open(path, {
      ...{ measures: measuresOf(box.kind), log },
      battery: () => conditionAt(faults, Date.now()).battery,
      now: () => Date.now() + faults.skewMs,
      mayConnect: () => !conditionAt(faults, Date.now()).offline,
    });
    return new FleetDevice(box, device, folder, begun);
  }

  get id(): string {
    return this.device.id;
  }

  get patient(): string | undefined {
    return this.device.patient;
  }

  start(): void {
    this.device.start();
  }

  /** Begins an episode now: half a minute to its worst where it is to be seen at once. */
  deteriorate(kind: EpisodeKind, riseMs: number, holdMs: number): void {
    this.checkAt = Date.now() + riseMs;
    this.started.push({ kind, start: Date.now(), riseMs, holdMs, fallMs: 10 * minute, severity: 1 });
  }

  recover(): void {
    this.started.length = 0;
  }

  /** Measures what has passed since the last time. */
  async step(): Promise<void> {
    const now = Date.now();
    if (conditionAt(faultsOf(this.box), now).offline) this.device.disconnect();
    if (!this.begun.told) await this.tellHistory();
    const from = Math.max(this.begun.until, now - mostBehindMs);
    const isChecked = this.checkAt !== undefined && this.checkAt <= now;
    const readings = [...readingsBetween(this.worn(), from, now), ...(isChecked ? readingsAt(this.worn(), now) : [])];
    if (readings.length > 0 && !(await this.device.record(readings))) return;
    if (isChecked) this.checkAt = undefined;
    this.begun.until = now;
    await this.folder.writeJson(begunFile, this.begun);
  }

  async stop(): Promise<void> {
    await this.device.stop();
  }

  private async tellHistory(): Promise<void> {
    if (!(await this.device.isSealing())) return;
    const { wearer } = this.box;
    const worn = { ...this.worn(), faults: { ...faultsOf(this.box), noisy: 0, stuck: 0, skewMs: 0 } };
    const limits = this.device.plan?.terms.limits ?? {};
    await this.device.tell(historyOf(worn, this.begun.begun, wearer.historyDays, limits));
    this.begun.told = true;
    await this.folder.writeJson(begunFile, this.begun);
  }

  private worn(): Worn {
    const { kind, wearer } = this.box;
    const episodes = [...pastEpisodes(wearer, this.begun.begun), ...passing(wearer.body.seed), ...this.started];
    return { kind, body: wearer.body, episodes, faults: faultsOf(this.box) };
  }
}

const hour = 60 * minute;

/** Now and then somebody is a little unwell, so that the screens do not stand still; about every second day. */
function passing(seed: number): Episode[] {
  const index = Math.floor(Date.now() / (12 * hour));
  return [index - 1, index].flatMap((half) => {
    if (chanceOf(seed, 'unwell', half) > 0.25) return [];
    const kind = episodeKinds[Math.floor(chanceOf(seed, 'unwell kind', half) * episodeKinds.length)] ?? 'copd';
    const start = (half + chanceOf(seed, 'unwell at', half)) * 12 * hour;
    return [{ kind, start, riseMs: hour, holdMs: hour, fallMs: 2 * hour, severity: 0.55 }];
  });
}
