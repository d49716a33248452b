import type { NewAlert } from '../model/alert.ts';
import type { Circle, CircleView, NewCommit, NewLeaf } from '../model/circle.ts';
import type { Anchored, Batch, Outcome, StreamPart } from '../model/telemetry.ts';
import type { Identity } from './identity.ts';
import { cidOf, createRecordWorld, filled, hexOf, RecordCare, type RecordWorld, type Signer } from './records.ts';
import { bytesOf, instant, patientIds, serial } from './samples.ts';
import { confirmed, type TestCredential } from './signing.ts';
import { type Enrol, equip } from './world.ts';

/** A patient's circle and what its devices measure, as its people make them in tests; blocks are named and not made. */

const kit = {
  sensor: ['hospital', 'sensor'],
  otherSensor: ['hospital', 'sensor'],
  hub: ['otherHospital', 'hub'],
  monitor: ['hospital', 'monitor'],
  gateway: ['hospital', 'gateway'],
  otherGateway: ['otherHospital', 'gateway'],
  insurersGateway: ['insurer', 'gateway'],
  system: ['hospital', 'system'],
  legacy: ['hospital', undefined],
} as const;
export type DeviceName = keyof typeof kit;
const deviceNames = Object.keys(kit) as DeviceName[];
export const deviceIdOf = (name: DeviceName) => `dev-${serial(500 + deviceNames.indexOf(name))}`;
const firstStream = 'a'.repeat(16);

export interface CircleWorld extends RecordWorld {
  devices: Record<DeviceName, Identity & { id: string }>;
}

let prepared: Promise<CircleWorld> | undefined;

export async function createCircleWorld(): Promise<CircleWorld> {
  prepared ??= createRecordWorld().then((world) => equipAll(world));
  const world = await prepared;
  return { ...world, ledger: world.ledger.clone() };
}

/** Registers a device of each kind, with certificates of whoever issues them. */
export async function equipAll<W extends RecordWorld>(world: W, enrol?: Enrol): Promise<W & CircleWorld> {
  const devices = {} as CircleWorld['devices'];
  for (const [at, name] of deviceNames.entries()) {
    const [owner, purpose] = kit[name];
    devices[name] = await equip(world, owner, 500 + at, purpose, enrol);
  }
  return { ...world, devices };
}

export const circleIds = {
  batch: (seed: number) => `tb-0-${serial(seed)}`,
  alert: (seed: number) => `al-0-${serial(seed)}`,
  leaf: (seed: number) => hexOf(`leaf ${seed}`).slice(0, 32),
};

/** The functions of `circles`, `telemetry` and `alerts` as people and devices call them. */
export class CircleCare extends RecordCare {
  declare readonly world: CircleWorld;

  device(name: DeviceName): Signer {
    return { identity: this.world.devices[name], id: deviceIdOf(name) };
  }

  seatOrder(subject: string, until?: string, by = this.patient, credential?: TestCredential) {
    const args = [JSON.stringify({ patient: this.subject, subject, ...(until && { until }) })];
    const factor = credential ?? this.world.credentials[by.id === patientIds.patient ? 'patient' : 'otherPatient'];
    const call = { channel: this.channel, contract: 'care', function: 'circles:seat', args };
    return this.order(by.identity, 'circles:seat', args, confirmed(factor, call));
  }

  seat(subject: string, until?: string, by = this.patient) {
    return this.world.ledger.submit(this.seatOrder(subject, until, by));
  }

  unseat(subject: string, by = this.patient) {
    return this.submit(by.identity, 'circles:unseat', [this.subject, subject]);
  }

  leafOf(seed: number, { id }: Signer): NewLeaf {
    return { leaf: circleIds.leaf(seed), subject: id, keyHash: hexOf(`key of leaf ${seed}`) };
  }

  /** The commit that is due, changed at will. */
  async commitOrder(by: Signer, change: Partial<NewCommit> = {}) {
    const circle = await this.circle();
    const place = { generation: circle?.generation ?? 1, epoch: circle ? circle.epoch + 1 : 0 };
    const named = `epoch ${change.generation ?? place.generation}/${change.epoch ?? place.epoch} of ${by.id}`;
    const commit: NewCommit = {
      patient: this.subject,
      ...place,
      ...{ cid: cidOf(named), contentHash: hexOf(named), keyCommitment: hexOf(`key of ${named}`) },
      ...{ added: [], removed: [] },
      ...change,
    };
    return this.order(by.identity, 'circles:commit', [JSON.stringify(commit)]);
  }

  async commit(by: Signer, change: Partial<NewCommit> = {}) {
    return this.world.ledger.submit(await this.commitOrder(by, change));
  }

  /** Joins with leaf number `seed`. */
  join(by: Signer, seed: number, removed: string[] = []) {
    return this.commit(by, { added: [this.leafOf(seed, by)], removed });
  }

  /** The patient's browser is leaf 1, the sensor leaf 2, the doctor leaf 3, in epoch 2 of generation 1. */
  async gather(): Promise<void> {
    const [sensor, doctor] = [this.device('sensor'), this.staff('doctor')];
    for (const { id } of [sensor, doctor]) await this.seat(id);
    for (const [at, member] of [this.patient, sensor, doctor].entries()) await this.join(member, at + 1);
  }

  view(): Promise<CircleView> {
    return this.evaluate(this.world.people.service, 'circles:read', this.subject);
  }

  async circle(): Promise<Circle | undefined> {
    return (await this.view()).circle;
  }

  partOf(first: number, last = first, device: DeviceName = 'sensor', stream = firstStream): StreamPart {
    return { device: deviceIdOf(device), stream, first, last };
  }

  /** Batch number `seed` of the gathered circle, with frame 1 of the sensor unless it says otherwise. */
  batchOf(seed: number, change: Partial<Batch> = {}): Batch {
    const streams = change.streams ?? [this.partOf(1)];
    return {
      id: circleIds.batch(seed),
      ...{ patient: this.subject, generation: 1, epoch: 2 },
      ...{ cid: cidOf(`batch ${seed}`), root: hexOf(`batch ${seed}`) },
      frames: streams.reduce((sum, { first, last }) => sum + last - first + 1, 0),
      readings: 60,
      ...{ from: instant(-10_000), to: instant(0) },
      streams,
      ...change,
    };
  }

  anchorOrder(batches: Batch[], by: Identity = this.world.devices.gateway) {
    return this.order(by, 'telemetry:anchor', [JSON.stringify({ batches })]);
  }

  async anchor(batches: Batch[], by?: Identity): Promise<Outcome[]> {
    const { result } = await this.world.ledger.submit(this.anchorOrder(batches, by));
    const { outcomes }: Anchored = JSON.parse(result);
    return outcomes;
  }

  /** What is decided about one batch: `accepted`, `duplicate`, or the code. */
  async anchorOne(batch: Batch): Promise<string> {
    const [decided] = await this.anchor([batch]);
    return decided?.code ?? decided?.outcome ?? 'nothing';
  }

  archive(by: Signer, change: object = {}, categoryEpoch = 1) {
    const place = { patient: this.subject, generation: 1, epoch: 2, ...change };
    const archive = { categoryEpoch, wrap: filled(`epoch key of ${by.id}`) };
    return this.submit(by.identity, 'telemetry:archive', [JSON.stringify(place)], { archive: bytesOf(archive) });
  }

  plan(by: Signer, change: object = {}, name: 'setPlan' | 'resealPlan' = 'setPlan') {
    const place = { patient: this.subject, version: 1, generation: 1, epoch: 2 };
    const plan = { ...place, cid: cidOf(`plan of ${by.id}`), contentHash: hexOf(`plan of ${by.id}`), ...change };
    return this.submit(by.identity, `telemetry:${name}`, [JSON.stringify(plan)]);
  }

  alertOf(seed: number, change: Partial<NewAlert> = {}): NewAlert {
    return {
      id: circleIds.alert(seed),
      ...{ patient: this.subject, device: deviceIdOf('sensor'), level: 'urgent', at: instant(-1000) },
      ...{ frameHash: hexOf(`frame ${seed}`), escalateAfter: 60 },
      ...change,
    };
  }

  async raise(alerts: NewAlert[], by: Identity = this.world.devices.gateway): Promise<Outcome[]> {
    const { simulation } = await this.submit(by, 'alerts:raise', [JSON.stringify({ alerts })]);
    const said: Anchored = JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString('utf8'));
    return said.outcomes;
  }
}

export async function createCircleCare(): Promise<CircleCare> {
  return new CircleCare(await createCircleWorld());
}
