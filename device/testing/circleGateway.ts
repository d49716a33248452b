import type { Seat } from '#chaincode/model/circle.ts';
import { epochStatement } from '#chaincode/model/statements.ts';
import { copyBytes, utf8 } from '#crypto/bytes.ts';
import { createCategoryKey } from '#crypto/categoryKey.ts';
import type { CircleSigner } from '#crypto/circle/credential.ts';
import { createCircle, joinCircle } from '#crypto/circle/join.ts';
import type { Member } from '#crypto/circle/member.ts';
import type { Pending } from '#crypto/circle/pending.ts';
import { TestLedger } from '#crypto/circle/testCircle.ts';
import { cidOf, contentHashOf } from '#crypto/envelope.ts';
import { generateSigningKey, importSigningKey } from '#crypto/signingKey.ts';
import { signStatement } from '#crypto/statement.ts';
import { sealPlan } from '#crypto/telemetry/plan.ts';
import { createTestAuthority } from '#crypto/testAuthority.ts';
import { type Plan, planStatement } from '#monitoring/plan.ts';
import { defaultTerms } from '#monitoring/planDefaults.ts';
import type { CircleAnswer } from '#server/telemetry/gateway/protocol.ts';
import { GatewayRefused } from '../api.ts';
import type { DeviceSettings } from '../enrolment.ts';
import type { StateFolder } from '../folder.ts';
import type { DeviceIntent } from '../ledger.ts';
import { Membership } from '../membership.ts';
import { GatewayLost } from '../transport.ts';

export const patient = `pt-0-${'a'.repeat(26)}`;
export const doctor = `prac-${'b'.repeat(26)}`;
const instant = new Date(Date.now() - 3_600_000).toISOString();

/** A gateway before a ledger of one patient's circle, in memory: what a device asks of it, and people who take part. */
export class CircleGateway {
  readonly ledger: TestLedger;
  readonly seats: Seat[] = [];
  readonly signers = new Map<string, CircleSigner>();
  readonly archived: string[] = [];
  readonly recorded: string[] = [];
  results: CircleAnswer['results'] = null;
  plan: CircleAnswer['plan'] = null;
  stale = false;
  generation = 1;
  owner: Member | undefined;
  /** The next recording is lost: before the ledger has it, or afterwards. */
  lose: 'before' | 'after' | undefined;
  /** Done just before the next commit, as by somebody who is faster. */
  before: (() => Promise<void>) | undefined;
  private readonly blocks = new Map<string, Uint8Array>();

  private constructor(ledger: TestLedger) {
    this.ledger = ledger;
  }

  /** A circle in which its patient is alone. */
  static async open(): Promise<CircleGateway> {
    const gateway = new CircleGateway(new TestLedger(await createTestAuthority('HospitalMSP')));
    const signer = await gateway.ledger.person(patient, 'owner');
    gateway.signers.set(patient, signer);
    const { authenticate } = gateway.ledger;
    const { member, pending } = await createCircle({ patient, generation: 1, signer, authenticate });
    gateway.take(pending);
    await pending.apply();
    gateway.owner = member;
    const { seed: _, ...key } = await createCategoryKey({ patient, category: 'results', epoch: 1 });
    const begun = { category: key.category, epoch: 1, publicKey: key.publicKey };
    const signature = await signer.sign(epochStatement(patient, patient, begun));
    gateway.results = { ...begun, signature, by: patient, at: instant };
    return gateway;
  }

  seat(subject: string): void {
    const kind = subject.startsWith('prac-') ? 'clinician' : 'device';
    const given = { patient, subject, kind, institution: 'inst-lakeside', state: 'active', since: instant } as const;
    this.seats.push({ ...given, by: patient, version: 1 });
  }

  unseat(subject: string): void {
    const at = this.seats.findIndex((seat) => seat.subject === subject);
    this.seats.splice(at, 1);
    this.ledger.change(subject, { seat: undefined });
    this.stale = true;
  }

  /** Somebody with a seat joins. */
  async join(subject: string): Promise<Member> {
    const signer = this.signers.get(subject) ?? (await this.ledger.person(subject, {}));
    this.signers.set(subject, signer);
    this.seat(subject);
    const { member, pending } = await joinCircle({
      ...{ view: this.ledger.view(this.ledger.present.epoch), block: this.ledger.present.block, signer },
      authenticate: this.ledger.authenticate,
    });
    this.take(pending);
    await pending.apply();
    return member;
  }

  /** An enrolled device, as its folder's settings and keys say. */
  async equip(device: string, folder: StateFolder) {
    const signing = await importSigningKey(await generateSigningKey());
    const { pem } = await this.ledger.authority.issue({ subject: device }, { publicKey: signing.publicKey });
    this.ledger.standings.set(device, { signingKeyHash: signing.hash, active: true, seat: {} });
    const sign = (statement: Uint8Array) => signStatement(signing.privateKey, statement);
    this.signers.set(device, { subject: device, certificatePem: pem, sign });
    this.seat(device);
    const roots = this.ledger.roots.map(({ mspId, pem: root }) => ({ mspId, pem: root }));
    const gateway = { https: 'https://localhost', ca: '' };
    const settings: DeviceSettings = { device, mspId: 'HospitalMSP', certificatePem: pem, roots, gateway };
    const record = (intent: DeviceIntent) => this.record(device, intent);
    return {
      ...{ settings, signing, record },
      open: () =>
        Membership.open({
          ...{ patient, folder, settings, record },
          api: {
            circle: () => this.circle(device),
            block: (cid) => this.block(cid),
            putBlock: (whose, block) => this.putBlock(whose, block),
          },
          keys: { signing },
          now: () => new Date(),
        }),
    };
  }

  /** The doctor signs a plan and seals it for the present epoch. */
  async setPlan(member: Member, signer = this.signers.get(doctor)): Promise<Plan> {
    const version = (this.plan?.version ?? 0) + 1;
    const plan: Plan = { v: 1, patient, version, terms: defaultTerms(doctor), by: doctor, at: instant };
    const signature = (await signer?.sign(planStatement(plan))) ?? '';
    await this.setSealed(member, version, JSON.stringify({ ...plan, signature }));
    return plan;
  }

  /** A member seals whatever text in the place of a plan. */
  async setSealed(member: Member, version: number, text: string): Promise<void> {
    const place = { patient, generation: 1, epoch: member.epoch, version };
    const { bytes: block, cid, contentHash } = await sealPlan(member.exportKey(), place, utf8(text));
    this.blocks.set(cid, block);
    this.plan = { ...place, cid, contentHash, by: doctor, at: instant, sealedBy: doctor };
  }

  /** Told whoever has a seat and nobody else, as by the gateway. */
  async circle(asker: string): Promise<CircleAnswer> {
    if (!this.seats.some(({ subject }) => subject === asker)) throw new GatewayRefused('NOT_FOUND', 'no seat there');
    const { present, epochs, standings } = this.ledger;
    const entryOf = ({ leaves: _, block: __, ...entry }: typeof present) => ({
      ...entry,
      since: instant,
      by: this.byOf(entry.epoch),
    });
    const certified = [...this.signers].map(([subject, { certificatePem }]) => ({ subject, certificatePem }));
    return {
      patient,
      circle: {
        ...entryOf(present),
        generation: this.generation,
        leaves: present.leaves.map((leaf) => ({ ...leaf, signingKeyHash: '0'.repeat(64) })),
        ...(this.stale && { staleSince: instant }),
        version: 1,
      },
      seats: [...this.seats],
      epochs: epochs.slice(0, -1).toReversed().map(entryOf),
      plan: this.plan,
      subjects: certified.map(({ subject, certificatePem }) => {
        const { signingKeyHash, active } = standings.get(subject) ?? { signingKeyHash: undefined, active: false };
        const known = signingKeyHash === undefined ? {} : { signingKeyHash };
        return { subject, status: active ? 'active' : 'suspended', ...known, certificates: [certificatePem] };
      }),
      roots: [],
      results: this.results,
    };
  }

  async block(cid: string) {
    const found = this.blocks.get(cid) ?? this.ledger.epochs.find((epoch) => epoch.cid === cid)?.block;
    if (found === undefined) throw new GatewayRefused('NOT_FOUND', cid);
    return copyBytes(found);
  }

  async putBlock(_: string, block: Uint8Array) {
    const cid = cidOf(block);
    this.blocks.set(cid, block);
    return { cid, contentHash: contentHashOf(block) };
  }

  private async record(device: string, intent: DeviceIntent): Promise<void> {
    const { before, lose } = this;
    if (intent.kind === 'circles:commit') {
      this.before = undefined;
      await before?.();
    }
    this.lose = undefined;
    if (lose === 'before') throw new GatewayLost('lost in this test');
    this.recorded.push(`${device} ${intent.kind}`);
    if (intent.kind === 'circles:commit') {
      const block = this.blocks.get(intent.commit.cid) ?? new Uint8Array();
      this.take({ ...intent.commit, block: copyBytes(block) }, device);
    } else if (intent.kind === 'telemetry:archive')
      this.archived.push(`${intent.place.generation}/${intent.place.epoch}`);
    else if (this.plan) this.plan = { ...this.plan, ...intent.plan };
    if (lose === 'after') throw new GatewayLost('lost in this test');
  }

  private readonly committers = new Map<number, string>();
  private byOf = (epoch: number) => this.committers.get(epoch) ?? patient;

  private take(pending: Omit<Pending, 'apply'>, by: string = pending.added[0]?.subject ?? patient): void {
    if (!this.ledger.commit({ ...pending, apply: async () => {} }))
      throw new GatewayRefused('STALE_KEY', `${pending.epoch}`);
    this.committers.set(pending.epoch, by);
    this.stale = false;
  }
}
