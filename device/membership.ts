import { type Circle, isStale } from '#chaincode/model/circle.ts';
import type { Bytes } from '#crypto/bytes.ts';
import { joinCircle } from '#crypto/circle/join.ts';
import type { Member, Unfit } from '#crypto/circle/member.ts';
import type { Pending } from '#crypto/circle/pending.ts';
import type { Authenticate, Refusal } from '#crypto/circle/standing.ts';
import type { EpochView } from '#crypto/circle/view.ts';
import { CryptoError } from '#crypto/errors.ts';
import { signStatement } from '#crypto/statement.ts';
import { wrapCircleKey } from '#crypto/telemetry/archive.ts';
import type { SignedPlan } from '#monitoring/plan.ts';
import type { CircleAnswer } from '#server/telemetry/gateway/protocol.ts';
import { type GatewayApi, GatewayRefused } from './api.ts';
import { CircleFiles, type KeptCircle } from './circleFiles.ts';
import { placeAmong, readPlan } from './circlePlan.ts';
import { authenticateBy, requireResults } from './circleTrust.ts';
import type { DeviceKeys, DeviceSettings } from './enrolment.ts';
import type { StateFolder } from './folder.ts';
import type { DeviceIntent } from './ledger.ts';
import type { Sealing } from './recorder.ts';
import type { CircleNote } from './transport.ts';

export interface MembershipOptions {
  patient: string;
  folder: StateFolder;
  keys: Pick<DeviceKeys, 'signing'>;
  settings: DeviceSettings;
  api: Pick<GatewayApi, 'circle' | 'block' | 'putBlock'>;
  /** Has the ledger record something in the device's name; throws `GatewayRefused` with its code. */
  record(intent: DeviceIntent): Promise<void>;
  now(): Date;
}

/** Somebody else's commit was first. */
const raceCodes: readonly string[] = ['STALE_KEY', 'LEDGER_CONFLICT', 'CONFLICT', 'WRONG_STATE', 'ALREADY_EXISTS'];
const attempts = 6;
/** The ledger lets every member remove these; others only the patient, or nobody as long as the credential is good elsewhere. */
const removable: readonly Unfit['reason'][] = ['absent', 'no-seat', 'suspended', 'wrong-key', 'replaced'];
/**
 * A device's membership of the circle of the patient who seated it. `settle` brings it to where the ledger is: it joins, follows,
 * removes who may not be there, archives keys, reads the plan. Each change is on the disk before the ledger is asked.
 */
export class Membership {
  readonly patient: string;
  private readonly options: MembershipOptions;
  private readonly files: CircleFiles;
  private readonly authenticate: Authenticate;
  private kept: KeptCircle;
  private member: Member | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(options: MembershipOptions, kept: KeptCircle) {
    this.options = options;
    this.patient = options.patient;
    this.files = new CircleFiles(options.folder, options.patient);
    this.kept = kept;
    this.authenticate = authenticateBy(options.settings.roots, () => this.kept.answer, options.now);
  }

  static async open(options: MembershipOptions): Promise<Membership> {
    const files = new CircleFiles(options.folder, options.patient);
    const membership = new Membership(options, await files.read());
    membership.member = await files.readMember(membership.authenticate).catch((error: unknown) => {
      // What is damaged is joined anew, in the place of the leaf that was.
      if (error instanceof CryptoError) return undefined;
      throw error;
    });
    return membership;
  }

  get plan(): SignedPlan | undefined {
    return this.kept.plan;
  }

  /** Whether a note tells something that is not known here. */
  isNews({ generation, epoch, stale, planVersion }: CircleNote): boolean {
    const { circle, plan } = this.kept.answer ?? {};
    const isSame = circle?.generation === generation && circle.epoch === epoch && this.kept.stale === stale;
    return !isSame || (plan?.version ?? 0) !== planVersion || this.plan?.version !== plan?.version;
  }

  /** From this moment on nothing is sealed, until the removal is committed. */
  async stop(): Promise<void> {
    await this.keep({ ...this.kept, stale: true });
  }

  /** The key to seal with; undefined while nothing may be sealed. Asks nobody. */
  async sealing(): Promise<Sealing | undefined> {
    const { member, patient } = this;
    if (member === undefined || this.kept.stale) return undefined;
    try {
      return { patient, generation: member.generation, epoch: member.epoch, key: await member.sealingKey() };
    } catch (error) {
      if (error instanceof CryptoError) return undefined;
      throw error;
    }
  }

  /** What the gateway told last of who is in the circle, and by which certificates. */
  get answer(): CircleAnswer | undefined {
    return this.kept.answer;
  }

  /** The key to read a frame with: of this epoch, or of one before it that is still kept. Asks nobody. */
  openingKey(generation: number, epoch: number): { key: Bytes } | 'later' | 'never' {
    const { member } = this;
    if (member === undefined || generation > member.generation) return 'later';
    if (generation < member.generation) return 'never';
    if (epoch > member.epoch) return 'later';
    try {
      return { key: member.exportKey(epoch) };
    } catch (error) {
      if (error instanceof CryptoError) return 'never';
      throw error;
    }
  }

  /** Forgets the circle where the seat is gone. Throws `GatewayLost`, `GatewayRefused`, and a `CryptoError` where the gateway tells what the ledger cannot have. */
  settle(): Promise<void> {
    const done = this.turn.then(() => this.settleNow());
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async settleNow(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.ask();
      if (answer === undefined) return await this.forget();
      await this.keep({ ...this.kept, answer });
      try {
        if (!(await this.isSeated(answer)) || answer.circle === null) return await this.leave();
        await this.come(answer, answer.circle);
        break;
      } catch (error) {
        const isRace = error instanceof GatewayRefused && raceCodes.includes(error.code);
        if (!isRace || attempt >= attempts) throw error;
        await this.member?.drop();
      }
    }
    await this.archive();
    await this.readPlan();
  }

  /** Undefined where the gateway tells nothing of the circle any more: the patient has taken the seat away. */
  private async ask(): Promise<CircleAnswer | undefined> {
    try {
      return await this.options.api.circle(this.patient);
    } catch (error) {
      if (error instanceof GatewayRefused && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  private async isSeated({ patient }: CircleAnswer): Promise<boolean> {
    const { device, certificatePem } = this.options.settings;
    return patient === this.patient && (await this.authenticate(device, certificatePem)) === undefined;
  }

  private async leave(): Promise<void> {
    await this.member?.close();
    this.member = undefined;
    await this.files.removeMember();
  }

  /** Nothing of the circle stays here: neither its keys, nor who is in it, nor the plan. */
  private async forget(): Promise<void> {
    await this.leave();
    await this.keep({ stale: false, owed: [] });
  }

  /** Comes to the ledger's epoch, and removes whoever may not be in it. */
  private async come(answer: CircleAnswer, circle: Circle): Promise<void> {
    if (this.member !== undefined && !(await this.catchUp(answer, circle, this.member))) {
      await this.member.drop().catch(() => undefined);
      this.member = undefined;
    }
    const member = this.member ?? (await this.join(circle));
    const unfit = await member.unfit();
    if (unfit.length > 0) await this.remove(member, unfit);
    // Somebody has gone and come again: only another epoch is not stale.
    else if (isStale(circle, this.options.now()) && member.epoch === circle.epoch) {
      await this.submit(member, await member.refresh());
    }
    if (this.kept.stale) await this.keep({ ...this.kept, stale: false });
  }

  /** False where it can not: it has been removed, or its state is of another circle than the ledger's. */
  private async catchUp(answer: CircleAnswer, circle: Circle, member: Member): Promise<boolean> {
    if (member.generation !== circle.generation) return false;
    const { pending } = member;
    if (pending !== undefined && pending.epoch > circle.epoch) {
      await this.submit(member, pending);
      return true;
    }
    try {
      if (pending !== undefined && !pending.added.some(({ leaf }) => leaf === member.leaf)) {
        return await this.followTo(answer, circle, member);
      }
      // It joins: the ledger has taken that, or somebody else's commit.
      const own = pending && viewsOf(answer, circle).find(({ contentHash }) => contentHash === pending.contentHash);
      if (pending !== undefined && own === undefined) return false;
      if (pending !== undefined && own !== undefined) await member.follow(own, pending.block);
      return await this.followTo(answer, circle, member);
    } catch (error) {
      // A block that did not arrive as it should is asked for again.
      if (error instanceof CryptoError && error.code !== 'CIRCLE_BLOCK') return false;
      throw error;
    }
  }

  private async followTo(answer: CircleAnswer, circle: Circle, member: Member): Promise<boolean> {
    const views = viewsOf(answer, circle);
    while (member.epoch < circle.epoch) {
      const view = views.find(({ epoch }) => epoch === member.epoch + 1);
      if (view === undefined) return false;
      await member.follow(view, await this.options.api.block(view.cid));
      await this.files.writeMember(member);
      this.owe(member, answer);
    }
    await this.keep(this.kept);
    // A change that only the gateway said was taken has led elsewhere.
    member.requireAt(viewOf(circle));
    return true;
  }

  private async join(circle: Circle): Promise<Member> {
    const { settings, keys, api } = this.options;
    const { device: subject, certificatePem } = settings;
    const sign = (statement: Uint8Array) => signStatement(keys.signing.privateKey, statement);
    const replaces = circle.leaves.find((leaf) => leaf.subject === subject)?.leaf;
    const { member, pending } = await joinCircle({
      ...{ view: viewOf(circle), block: await api.block(circle.cid), authenticate: this.authenticate },
      signer: { subject, certificatePem, sign },
      ...(replaces !== undefined && { replaces }),
    });
    this.member = member;
    await this.submit(member, pending);
    return member;
  }

  private async remove(member: Member, unfit: readonly Unfit[]): Promise<void> {
    const submit = async (leaves: readonly Unfit[], tolerated: readonly Refusal[]) => {
      const names = leaves.map(({ leaf }) => leaf);
      await this.submit(member, await member.remove(names, tolerated));
    };
    try {
      await submit(unfit, []);
    } catch (error) {
      if (!(error instanceof GatewayRefused && error.code === 'NOT_AUTHORISED')) throw error;
      await member.drop();
      const sure = unfit.filter(({ reason }) => removable.includes(reason));
      if (sure.length > 0 && sure.length < unfit.length) await submit(sure, ['expired', 'untrusted']);
    }
  }

  /** Has a change recorded; where the answer is lost, the next `settle` learns what became of it. */
  private async submit(member: Member, pending: Pending): Promise<void> {
    await this.files.writeMember(member);
    const { patient, generation, epoch, block, cid, contentHash, keyCommitment, added, removed } = pending;
    await this.options.api.putBlock(patient, block);
    const commit = {
      patient,
      generation,
      epoch,
      cid,
      contentHash,
      keyCommitment,
      added: [...added],
      removed: [...removed],
    };
    await this.options.record({ kind: 'circles:commit', commit });
    await pending.apply();
    await this.files.writeMember(member);
    await this.keep({ ...this.kept, owed: [...this.kept.owed, { generation, epoch, key: member.exportKey() }] });
  }

  /**
   * Whoever begins an epoch archives its key. A doctor may not: for a doctor's epochs the first device of the circle does.
   */
  private owe(member: Member, answer: CircleAnswer): void {
    const { generation, epoch } = member;
    const by = answer.circle?.epoch === epoch ? answer.circle.by : answer.epochs.find((one) => one.epoch === epoch)?.by;
    const isOwn = by === this.options.settings.device;
    if (!isOwn && (!by?.startsWith('prac-') || placeAmong(member) !== 0)) return;
    this.kept = { ...this.kept, owed: [...this.kept.owed, { generation, epoch, key: member.exportKey() }] };
  }

  private async archive(): Promise<void> {
    const { settings } = this.options;
    const { answer } = this.kept;
    if (answer === undefined || answer.results === null || this.kept.owed.length === 0) return;
    await requireResults(settings.roots, answer);
    const { results, patient } = answer;
    for (const { generation, epoch, key } of this.kept.owed) {
      const place = { patient, generation, epoch };
      const wrap = await wrapCircleKey({ ...results, patient }, place, key);
      await this.options.record({ kind: 'telemetry:archive', place, archive: { categoryEpoch: results.epoch, wrap } });
      await this.keep({ ...this.kept, owed: this.kept.owed.slice(1) });
    }
  }

  /** Without the key of that time, or a clinician's signature, the plan before is watched by until another one seals it. */
  private async readPlan(): Promise<void> {
    const { answer } = this.kept;
    if (this.member === undefined || answer === undefined) return;
    try {
      const plan = await readPlan(this.options, this.member, answer, this.plan);
      if (plan !== undefined && plan !== this.plan) await this.keep({ ...this.kept, plan });
    } catch (error) {
      const isOthers = error instanceof GatewayRefused && raceCodes.includes(error.code);
      if (!isOthers && !(error instanceof CryptoError)) throw error;
    }
  }

  private async keep(kept: KeptCircle): Promise<void> {
    this.kept = kept;
    await this.files.write(kept);
  }
}

const viewOf = ({ leaves, ...circle }: Circle): EpochView => ({ ...circle, leaves });

/** The epochs of the present generation that the gateway tells of; the present one with its leaves. */
function viewsOf({ epochs }: CircleAnswer, circle: Circle): EpochView[] {
  const before = epochs.filter(({ generation, epoch }) => generation === circle.generation && epoch < circle.epoch);
  return [...before, viewOf(circle)];
}
