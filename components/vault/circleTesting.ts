/** Circles of people with real vaults on the real contracts: what the portal does between them, in memory. */
import { z } from 'zod';
import { circleEpoch, circleView } from '#chaincode/model/circle.ts';
import { refusal } from '#chaincode/testing/ledger.ts';
import { type Bytes, randomBytes } from '#crypto/bytes.ts';
import { joinCircle } from '#crypto/circle/join.ts';
import type { Member as Leaf } from '#crypto/circle/member.ts';
import { importSigningKey } from '#crypto/signingKey.ts';
import { signStatement } from '#crypto/statement.ts';
import { type FrameContent, sealFrame } from '#crypto/telemetry/seal.ts';
import { frameSigner } from '#crypto/telemetry/signature.ts';
import { type Reading, toWire } from '#monitoring/reading.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import type { CircleSource, CircleSubject } from './circleState.ts';
import type { CirclePort } from './circles.ts';
import type { VaultClient } from './client.ts';
import type { ContractWorld, Member } from './contractTesting.ts';
import { VaultError } from './errors.ts';
import type { VaultKeeper } from './keeper.ts';

/** A client of a keeper without a worker between. */
export const clientOf = (keeper: VaultKeeper): Pick<VaultClient, 'call'> => ({
  call: async (operation, input) => {
    const perform: (input: never) => Promise<unknown> = keeper[operation];
    return (await perform(input as never)) as never;
  },
});

/** What of everybody the portal would tell, and what each of them asks of it. */
export class CircleWorld {
  readonly world: ContractWorld;
  readonly members: Member[];
  /** As `registry` would have them: who is not named is active. */
  readonly statuses = new Map<string, CircleSubject['status']>();

  constructor(world: ContractWorld, members: Member[]) {
    this.world = world;
    this.members = members;
  }

  subjects(): CircleSubject[] {
    return this.members.map(({ id, identity, owner }) => ({
      subject: id,
      status: this.statuses.get(id) ?? 'active',
      signingKeyHash: identity.keys.signingKeyHash,
      certificates: [owner.certificatePem],
    }));
  }

  portOf(member: Member): CirclePort {
    return {
      read: async (patient): Promise<CircleSource> => {
        const { circle, seats } = await this.world.read(member, { kind: 'circles:read', patient }, circleView);
        return { patient, circle: circle ?? null, seats, epochs: [], subjects: this.subjects() };
      },
      readEpochs: (patient, generation, from) => {
        const intent = { kind: 'circles:readEpochs', patient, generation, from, pageSize: 2 } as const;
        return this.world.read(member, intent, z.array(circleEpoch));
      },
      putBlock: async (_, block) => this.world.upload([block]),
      record: (intent) => this.record(member, intent),
    };
  }

  async record(member: Member, intent: TransactionIntent): Promise<void> {
    const submitted = this.world.submit(member, intent);
    await submitted.catch(async () => {
      throw new VaultError(await refusal(submitted), 'The ledger refused it.');
    });
  }
}

/** A device that measures: a leaf of a circle without a browser. */
export class TestDevice {
  readonly leaf: Leaf;
  readonly #member: Member;
  readonly #stream = randomBytes(8);
  #number = 0;

  private constructor(member: Member, leaf: Leaf) {
    this.#member = member;
    this.leaf = leaf;
  }

  /** Joins the circle, in which it has a seat. */
  static async join(circles: CircleWorld, member: Member, patient: string): Promise<TestDevice> {
    const { circle: view } = await circles.portOf(member).read(patient);
    if (view === null) throw new Error('no circle');
    const { privateKey } = await importSigningKey(member.contents.signingKey);
    const sign = (statement: Uint8Array) => signStatement(privateKey, statement);
    const { member: leaf, pending } = await joinCircle({
      view,
      block: circles.world.blocks.get(view.cid) ?? new Uint8Array(),
      signer: { subject: member.id, certificatePem: member.owner.certificatePem, sign },
      authenticate: async () => undefined,
    });
    const { apply: _, block, ...commit } = pending;
    circles.world.upload([{ cid: commit.cid, codec: 'raw', bytes: block }]);
    await circles.record(member, { kind: 'circles:commit', commit });
    await pending.apply();
    return new TestDevice(member, leaf);
  }

  async follow(circles: CircleWorld): Promise<void> {
    const { circle } = await circles.portOf(this.#member).read(this.leaf.patient);
    if (circle === null || circle.epoch === this.leaf.epoch) return;
    const { generation } = circle;
    for (const view of await circles
      .portOf(this.#member)
      .readEpochs(this.leaf.patient, generation, this.leaf.epoch + 1)) {
      const block = circles.world.blocks.get(view.cid) ?? new Uint8Array();
      await this.leaf.follow(view, block);
    }
  }

  /** Seals readings under the key of the epoch in which it is. */
  async seal(readings: Reading[], change: Partial<FrameContent> = {}): Promise<Bytes> {
    this.#number += 1;
    const from = readings[0]?.at ?? 0;
    const { privateKey } = await importSigningKey(this.#member.contents.signingKey);
    const { patient, generation, epoch } = this.leaf;
    const frame: FrameContent = {
      ...{ patient, device: this.#member.id, stream: this.#stream, number: this.#number, generation, epoch },
      ...{ kind: 'readings', from, to: readings.at(-1)?.at ?? from },
      items: readings.map((reading) => toWire(reading, from)),
      ...change,
    };
    return (await sealFrame(this.leaf.exportKey(), frame, frameSigner(privateKey))).bytes;
  }
}
