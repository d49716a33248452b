import type { Context } from 'fabric-contract-api';
import { type State, writeStates } from '../ledger/batches.ts';
import { Table } from '../ledger/table.ts';
import { type Circle, earliest, isSeated, type Leaf, type Seat, seat } from '../model/circle.ts';
import { mirroredStanding } from '../model/standing.ts';
import { earliestReading } from '../model/telemetry.ts';
import { mirrorType } from '../people/mirrors.ts';
import { objectTypes } from './circles.ts';
import { getPatient } from './people.ts';
import { isInForce, newestRepresentation } from './representations.ts';

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

  /**
   * Since when a circle's present epoch is stale by what it says itself, or because somebody in it is out of standing. That a
   * seat ends by itself, `seatsEnd` says.
   */
  async staleSince({ leaves, staleSince }: Pick<Circle, 'leaves' | 'staleSince'>): Promise<string | undefined> {
    let since = staleSince;
    for (const { subject, institution } of leaves) {
      if (institution !== undefined) since = earliest(since, await this.outSince(subject, institution));
    }
    return since;
  }

  /** Since when a leaf may not be in a patient's circle, judged at the instant `at`; undefined where it may. */
  async absentSince(patient: string, leaf: Leaf, at: Date): Promise<string | undefined> {
    const { subject, institution, signingKeyHash } = leaf;
    if (subject === patient) {
      const { keys } = await getPatient(this.ctx, patient);
      return keys?.signingKeyHash === signingKeyHash ? undefined : at.toISOString();
    }
    if (institution === undefined) {
      const by = await newestRepresentation(this.ctx, patient, subject);
      return by && isInForce(by, at) ? undefined : (by?.endedAt ?? by?.until ?? at.toISOString());
    }
    const given = await this.seats.get(patient, subject);
    if (!isSeated(given, at)) return given?.endedAt ?? given?.until ?? at.toISOString();
    // A seat that was given anew is for the institution that answers now.
    return given.institution === institution ? this.outSince(subject, institution) : given.since;
  }

  /** Since when a circle's leaves include one that may not be, and when the first of the others' seats ends. */
  async settle(
    { patient, leaves, staleSince: before }: Pick<Circle, 'patient' | 'leaves' | 'staleSince'>,
    at: Date,
  ): Promise<Pick<Circle, 'staleSince' | 'seatsEnd'>> {
    const seated = leaves.filter(({ institution }) => institution !== undefined);
    await this.load(seated.map(({ subject }) => [patient, subject]));
    let staleSince: string | undefined;
    let seatsEnd: string | undefined;
    for (const leaf of leaves) {
      const since = await this.absentSince(patient, leaf, at);
      // Since when a key is nobody's, no entry says; an epoch that was stale before has stayed so.
      if (since !== undefined) staleSince = earliest(before, staleSince, since);
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
