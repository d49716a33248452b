import type { Context } from 'fabric-contract-api';
import { type State, writeStates } from '../ledger/batches.ts';
import { Table } from '../ledger/table.ts';
import { type Circle, earliest, isSeated, type Leaf, type Seat, seat } from '../model/circle.ts';
import { mirroredStanding } from '../model/standing.ts';
import { earliestReading } from '../model/telemetry.ts';
import { mirrorType } from '../people/mirrors.ts';
import { objectTypes } from './circles.ts';
import { isInForce, newestRepresentation } from './representations.ts';

/** When a subject may no longer take part: `left`, because consent ended; `standing`, by what the channel was told. */
export interface Absence {
  why: 'left' | 'standing';
  since: string;
}

/**
 * Seats with the standings of who has them, by this channel's mirrors alone, so that many are judged without asking another
 * channel; all of it counts in the read set.
 */
export class Seating {
  readonly seats: Table<Seat>;
  private readonly mirrors;
  private readonly ctx: Context;

  constructor(ctx: Context) {
    this.ctx = ctx;
    this.seats = new Table(ctx, objectTypes.seat, seat);
    this.mirrors = new Table(ctx, mirrorType, mirroredStanding);
  }

  /** Reads the seats that are about to be asked for, with their subjects' standings, and those of further subjects. */
  async load(seats: readonly [patient: string, subject: string][], subjects: Iterable<string> = []): Promise<void> {
    await this.seats.load(seats);
    const found = await Promise.all(seats.map(([patient, subject]) => this.seats.get(patient, subject)));
    const institutions = found.flatMap((one) => (one ? [one.institution] : []));
    const named = [...seats.map(([, subject]) => subject), ...institutions, ...subjects];
    await this.mirrors.load(named.map((subject) => [subject]));
  }

  /** Since when a subject of an institution is out of standing; undefined while nothing is known against it. */
  async outSince(subject: string, institution: string): Promise<string | undefined> {
    const own = await this.mirrors.get(subject);
    const its = await this.mirrors.get(institution);
    const isAnothers = own?.institution !== undefined && own.institution !== institution;
    return earliest(
      own && (own.status !== 'active' || isAnothers) ? (own.since ?? earliestReading) : undefined,
      its && its.status !== 'active' ? (its.since ?? earliestReading) : undefined,
    );
  }

  /** Why a leaf may not be in a patient's circle at the instant `at`; undefined where it may. */
  async absenceOf(
    patient: string,
    leaf: Pick<Leaf, 'subject' | 'institution'>,
    at: Date,
  ): Promise<Absence | undefined> {
    const { subject, institution } = leaf;
    if (subject === patient) return undefined;
    if (institution === undefined) return this.ownersAbsence(patient, subject, at);
    const found = await this.seats.get(patient, subject);
    if (!isSeated(found, at)) return { why: 'left', since: found?.endedAt ?? found?.until ?? at.toISOString() };
    // A seat that was given anew is for the institution that answers now.
    if (found.institution !== institution) return { why: 'left', since: found.since };
    const since = await this.outSince(subject, institution);
    return since === undefined ? undefined : { why: 'standing', since };
  }

  private async ownersAbsence(patient: string, subject: string, at: Date): Promise<Absence | undefined> {
    const found = await newestRepresentation(this.ctx, patient, subject);
    if (found && isInForce(found, at)) return undefined;
    return { why: 'left', since: found?.endedAt ?? found?.until ?? at.toISOString() };
  }

  /** Since when a circle's leaves include one that may not be, and when the first of the others' seats ends. */
  async settle(
    { patient, leaves }: Pick<Circle, 'patient' | 'leaves'>,
    at: Date,
  ): Promise<Pick<Circle, 'staleSince' | 'seatsEnd'>> {
    const seated = leaves.filter(({ institution }) => institution !== undefined);
    await this.load(seated.map(({ subject }) => [patient, subject]));
    let staleSince: string | undefined;
    let seatsEnd: string | undefined;
    for (const leaf of leaves) {
      const absence = await this.absenceOf(patient, leaf, at);
      if (absence) staleSince = earliest(staleSince, absence.since);
      else seatsEnd = earliest(seatsEnd, await this.endOf(patient, leaf));
    }
    return { ...(staleSince && { staleSince }), ...(seatsEnd && { seatsEnd }) };
  }

  private async endOf(patient: string, { subject, institution }: Leaf): Promise<string | undefined> {
    if (subject === patient) return undefined;
    if (institution !== undefined) return (await this.seats.get(patient, subject))?.until;
    return (await newestRepresentation(this.ctx, patient, subject))?.until;
  }

  /** Writes the seats that were put. */
  async write(): Promise<void> {
    this.seats.keep();
    const states: State[] = this.seats.states();
    await writeStates(this.ctx, states);
  }
}
