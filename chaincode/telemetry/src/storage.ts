import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { objectTypes as circleTypes, epochParts } from '../../care/circles.ts';
import { Seating } from '../../care/seating.ts';
import { type State, writeStates } from '../../ledger/batches.ts';
import { newestFirst } from '../../ledger/order.ts';
import { Table } from '../../ledger/table.ts';
import { circle, circleEpoch } from '../../model/circle.ts';
import { type Batch, type StoredBatch, storedBatch, streamHead } from '../../model/telemetry.ts';

/** Keys: each patient's and each stream's its own, so that anchors of different patients never conflict. */
export const objectTypes = {
  /** batch → where it is */
  batch: 'batch',
  /** patient, time of the last reading from the newest, batch: those of a patient */
  patientBatch: 'patientBatch',
  /** patient, device, stream → how far it is anchored */
  stream: 'stream',
  /** patient → the monitoring plan */
  plan: 'plan',
} as const;

/** A key that says all by being there. */
const mark = z.literal(1);

/** What an anchor reads and writes, as it leaves it: each batch sees those before it. */
export class Anchorage {
  readonly batches: Table<StoredBatch>;
  readonly heads;
  readonly circles;
  readonly epochs;
  readonly seating: Seating;
  private readonly byPatient;
  private readonly ctx: Context;

  constructor(ctx: Context) {
    this.ctx = ctx;
    this.batches = new Table(ctx, objectTypes.batch, storedBatch);
    this.byPatient = new Table(ctx, objectTypes.patientBatch, mark);
    this.heads = new Table(ctx, objectTypes.stream, streamHead);
    this.circles = new Table(ctx, circleTypes.circle, circle);
    this.epochs = new Table(ctx, circleTypes.circleEpoch, circleEpoch);
    this.seating = new Seating(ctx);
  }

  /** Reads all that batches are judged by, in as few messages as the peer allows. */
  async load(batches: readonly Batch[]): Promise<void> {
    await this.batches.load(batches.map(({ id }) => [id]));
    await this.circles.load(batches.map(({ patient }) => [patient]));
    await this.heads.load(
      batches.flatMap(({ patient, streams }) => streams.map(({ device, stream }) => [patient, device, stream])),
    );
    const inCircles = new Set<string>();
    const former: string[][] = [];
    for (const batch of batches) {
      const present = await this.circles.get(batch.patient);
      if (present && !isPresent(batch, present)) former.push([batch.patient, ...epochParts(batch)]);
      for (const { subject, institution } of present?.leaves ?? []) {
        if (institution !== undefined) inCircles.add(subject).add(institution);
      }
    }
    await this.epochs.load(former);
    await this.seating.load(
      batches.flatMap(({ patient, streams }) => streams.map(({ device }): [string, string] => [patient, device])),
      inCircles,
    );
  }

  /** Keeps a batch, which ends its streams' parts where it says. */
  put(batch: Batch, by: string, at: Date): void {
    const { streams, ...place } = batch;
    this.batches.put([batch.id], { ...place, by, at: at.toISOString() });
    this.byPatient.put([batch.patient, newestFirst(new Date(batch.to)), batch.id], 1);
    for (const { device, stream, last } of streams) this.heads.put([batch.patient, device, stream], { last });
    for (const table of [this.batches, this.byPatient, this.heads]) table.keep();
  }

  async write(): Promise<void> {
    const states: State[] = [this.batches, this.byPatient, this.heads].flatMap((table) => table.states());
    await writeStates(this.ctx, states);
  }
}

/** Whether a batch is of a circle's present epoch. */
export function isPresent(
  { generation, epoch }: Pick<Batch, 'generation' | 'epoch'>,
  present: Pick<Batch, 'generation' | 'epoch'>,
): boolean {
  return generation === present.generation && epoch === present.epoch;
}
