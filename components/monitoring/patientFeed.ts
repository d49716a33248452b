import { plan as planEntry } from '#chaincode/model/telemetry.ts';
import { problemOf } from '#components/ui/errors.ts';
import { isOwner } from '#components/vault/circleState.ts';
import { type CirclePort, enterCircle, removeUnfit } from '#components/vault/circles.ts';
import type { VaultClient } from '#components/vault/client.ts';
import { VaultError } from '#components/vault/errors.ts';
import { read } from '#components/vault/records.ts';
import { archiveDue, openHistory } from './archives.ts';
import { sendCircleBlock } from './circlePort.ts';
import { emptyFeed, type FeedState, withFrames } from './feedState.ts';
import { type FramesWanted, fetchFrames, type PlacedFrame } from './fetchFrames.ts';
import { ranges } from './ranges.ts';

type Kind = FramesWanted['kinds'][number];
const kinds: readonly Kind[] = ['readings', 'hour', 'day', 'alert'];

/** How far back each kind is asked for. */
const usualReach: Record<Kind, number> = {
  readings: ranges.day.ms,
  hour: ranges.month.ms,
  day: ranges.year.ms,
  alert: ranges.month.ms,
};

/** Opened at once, so that others have their turn in the worker. */
const openedAtOnce = 250;

interface FeedPorts {
  vault: Pick<VaultClient, 'call'>;
  circle: CirclePort;
  /** The person's own subject. */
  self: string;
  /** How far back readings are asked for, in milliseconds; a day where it is left out. */
  readingsMs?: number;
}

/**
 * What this browser knows of one patient's readings: it enters the circle, opens what is there and what comes, and keeps the
 * circle going while somebody looks. One piece of work at a time.
 */
export class PatientFeed {
  readonly patient: string;
  readonly #ports: FeedPorts;
  readonly #listeners = new Set<() => void>();
  readonly #seen = new Set<number>();
  /** The newest place of each kind that was asked for. */
  readonly #cursors = new Map<Kind, number>();
  readonly #wanted: Set<Kind>;
  /** Frames whose key this browser does not have. */
  #locked: PlacedFrame[] = [];
  #history = false;
  #state: FeedState = emptyFeed;
  #last: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(patient: string, ports: FeedPorts, wanted: readonly Kind[] = ['readings', 'alert']) {
    this.patient = patient;
    this.#ports = ports;
    this.#wanted = new Set(wanted);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = (): FeedState => this.#state;

  /** Goes no further; what is under way ends by itself. */
  stop(): void {
    this.#stopped = true;
    this.#listeners.clear();
  }

  /** Enters, and asks for what is there. With `begin`, an owner begins the circle; with `restart`, anew where it is stuck. */
  enter(begin = false, restart = false): Promise<void> {
    return this.#inTurn(async () => {
      await this.#enter(begin, restart);
      await this.#pull([...this.#wanted]);
      this.#set({ loading: false });
    });
  }

  /** Follows what changed of circle, seats or plan. */
  follow(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#enter(false);
      await this.#pull([...this.#wanted]);
    });
  }

  /** Asks for frames of a kind that came since; one that nobody has asked for yet is not. */
  hear(kind: string): Promise<void> {
    const heard = kinds.find((one) => one === kind);
    if (heard === undefined || !this.#wanted.has(heard)) return Promise.resolve();
    return this.#inTurn(() => this.#pull([heard]));
  }

  /** Asks for everything that came while nobody looked. */
  catchUp(): Promise<void> {
    return this.#inTurn(() => this.#pull([...this.#wanted]));
  }

  /** Asks for frames of a kind from now on. */
  want(kind: Kind): Promise<void> {
    if (this.#wanted.has(kind)) return Promise.resolve();
    this.#wanted.add(kind);
    return this.#inTurn(() => this.#pull([kind]));
  }

  /** Gives the circle a key without those who may not be there; true where this browser did. Throws what prevented it. */
  async removeUnfit(): Promise<boolean> {
    let removed = false;
    await this.#inTurn(async () => {
      removed = await removeUnfit(this.#ports.vault, this.#ports.circle, this.patient);
      await this.#enter(false);
    }, true);
    return removed;
  }

  /** Opens what an access gives of the time before this browser came; its record was unlocked. Throws what prevented it. */
  unlockBy(access: string): Promise<void> {
    return this.#inTurn(async () => {
      await openHistory(this.#ports.vault, this.patient, access);
      await this.#again();
    }, true);
  }

  #inTurn(work: () => Promise<void>, throws = false): Promise<void> {
    const turn = this.#last.then(async () => {
      if (!this.#stopped) await work();
    });
    this.#last = turn.catch(() => undefined);
    return throws ? turn : turn.catch((thrown) => this.#set({ problem: problemOf(thrown, 'OFFLINE'), loading: false }));
  }

  #set(change: Partial<FeedState>): void {
    if (this.#stopped) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  async #enter(begin: boolean, restart = false): Promise<void> {
    const { vault, circle } = this.#ports;
    try {
      const entry = await enterCircle(vault, circle, this.patient, { begin, restart });
      const { problem: _, ...state } = this.#state;
      this.#state = { ...state, entry };
      this.#set({});
      if (entry.state !== 'in') return;
    } catch (thrown) {
      this.#set({ entry: { state: 'failed', problem: problemOf(thrown, 'OFFLINE') } });
      return;
    }
    await this.#tend();
  }

  /** What whoever looks does for the others: remove, archive, seal the plan anew. What fails is somebody else's to do. */
  async #tend(): Promise<void> {
    const { entry } = this.#state;
    if (entry.state !== 'in') return;
    const { vault, circle, self } = this.#ports;
    if (entry.unfit.length > 0) {
      const done = await removeUnfit(vault, circle, this.patient).catch(() => false);
      if (done) return this.#enter(false);
    }
    await this.#readPlan();
    if (isOwner(self)) await archiveDue(vault, circle, this.patient, entry).catch(() => undefined);
  }

  async #readPlan(): Promise<void> {
    const { entry } = this.#state;
    if (entry.state !== 'in') return;
    const certificates = this.#certificates();
    let known: FeedState['plan'];
    try {
      known = { entry: await read({ kind: 'telemetry:readPlan', patient: this.patient }, planEntry) };
      known = { ...known, opened: await this.#ports.vault.call('circleOpenPlan', { plan: known.entry, certificates }) };
    } catch (thrown) {
      if (thrown instanceof VaultError && thrown.code === 'NOT_FOUND') return;
      if (known !== undefined) known = { ...known, problem: problemOf(thrown) };
    }
    if (known === undefined) return;
    this.#set({ plan: known });
    const { epoch, generation } = known.entry;
    if (known.opened === undefined || (epoch === entry.epoch && generation === entry.generation)) return;
    try {
      const { vault, circle } = this.#ports;
      const { intent, block } = await vault.call('circleResealPlan', { plan: known.entry, certificates });
      await sendCircleBlock(this.patient, block);
      await circle.record(intent);
    } catch {
      // Somebody else was quicker, or will be: a device does it too.
    }
  }

  #certificates(): string[] {
    const { entry } = this.#state;
    return 'source' in entry ? entry.source.subjects.flatMap(({ certificates }) => certificates) : [];
  }

  async #pull(asked: readonly Kind[]): Promise<void> {
    if (this.#state.entry.state !== 'in') return;
    for (const kind of asked) {
      const after = this.#cursors.get(kind);
      await (after === undefined ? this.#pullPast(kind) : this.#pullSince(kind, after));
    }
    await this.#unlock();
  }

  #reachOf(kind: Kind): number {
    const { readingsMs } = this.#ports;
    return kind === 'readings' && readingsMs !== undefined ? readingsMs : usualReach[kind];
  }

  /** The newest first, further and further back, so that there is something to see at once. */
  async #pullPast(kind: Kind): Promise<void> {
    const from = new Date(Date.now() - this.#reachOf(kind)).toISOString();
    let to: string | undefined;
    this.#cursors.set(kind, 0);
    for (;;) {
      const wanted = { patient: this.patient, kinds: [kind], from, ...(to !== undefined && { to }) };
      const { frames, more } = await fetchFrames(wanted);
      const fresh = frames.filter(({ place }) => !this.#seen.has(place));
      const oldest = await this.#open(fresh);
      const newest = Math.max(this.#cursors.get(kind) ?? 0, ...frames.map(({ place }) => place));
      this.#cursors.set(kind, newest);
      if (!more || fresh.length === 0 || oldest === undefined) return;
      to = new Date(oldest).toISOString();
    }
  }

  async #pullSince(kind: Kind, since: number): Promise<void> {
    for (let after = since; ; ) {
      const { frames, more } = await fetchFrames({ patient: this.patient, kinds: [kind], after });
      await this.#open(frames.filter(({ place }) => !this.#seen.has(place)));
      after = Math.max(after, ...frames.map(({ place }) => place));
      this.#cursors.set(kind, after);
      if (!more || frames.length === 0) return;
    }
  }

  /** Opens frames and shows them; answers the time of the oldest. */
  async #open(frames: readonly PlacedFrame[]): Promise<number | undefined> {
    let oldest: number | undefined;
    for (let end = frames.length; end > 0; end -= openedAtOnce) {
      const some = frames.slice(Math.max(0, end - openedAtOnce), end);
      const opened = await this.#ports.vault.call('circleOpenFrames', {
        patient: this.patient,
        frames: some.map(({ bytes }) => bytes),
        certificates: this.#certificates(),
      });
      for (const { place } of some) this.#seen.add(place);
      const shown = opened.filter((frame, at) => {
        const placed = some[at];
        const isLocked = frame.kind === 'refused' && frame.problem.code === 'CIRCLE_KEY';
        if (isLocked && placed !== undefined) this.#locked.push(placed);
        return !isLocked;
      });
      for (const { from } of opened) if (from > 0) oldest = Math.min(oldest ?? from, from);
      this.#set({ ...withFrames(this.#state, shown, Date.now()), locked: this.#locked.length });
    }
    return oldest;
  }

  /** What was sealed before an owner's browser came opens by the archive; asked for once. */
  async #unlock(): Promise<void> {
    const { vault, self } = this.#ports;
    if (this.#locked.length === 0 || this.#history || !isOwner(self)) return;
    this.#history = true;
    await openHistory(vault, this.patient).catch(() => undefined);
    await this.#again();
  }

  async #again(): Promise<void> {
    const frames = this.#locked;
    this.#locked = [];
    await this.#open(frames);
  }
}
