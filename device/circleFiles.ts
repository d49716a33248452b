import { z } from 'zod';
import { fromBase64Url, toBase64Url } from '#crypto/bytes.ts';
import type { Member } from '#crypto/circle/member.ts';
import { restoreMember, serializeMember } from '#crypto/circle/serial.ts';
import type { Authenticate } from '#crypto/circle/standing.ts';
import { type SignedPlan, signedPlan } from '#monitoring/plan.ts';
import { type CircleAnswer, circleAnswer } from '#server/telemetry/gateway/protocol.ts';
import type { StateFolder } from './folder.ts';

/** The key of an epoch that is still to be archived. */
const owed = z.strictObject({ generation: z.int(), epoch: z.int(), key: z.base64url() });
const kept = z.strictObject({
  /** What the gateway told last: with it a device that starts without a connection knows whether it may seal. */
  answer: circleAnswer.optional(),
  stale: z.boolean(),
  plan: signedPlan.optional(),
  owed: z.array(owed),
});

export interface KeptCircle {
  answer?: CircleAnswer;
  /** The gateway has said that somebody is in the circle who may not be. */
  stale: boolean;
  plan?: SignedPlan;
  owed: { generation: number; epoch: number; key: Uint8Array }[];
}

/** A device's part of one patient's circle, on its disk. */
export class CircleFiles {
  private readonly folder: StateFolder;
  private readonly patient: string;

  constructor(folder: StateFolder, patient: string) {
    this.folder = folder;
    this.patient = patient;
  }

  async read(): Promise<KeptCircle> {
    const found = await this.folder.readJson(`${this.patient}.json`, kept);
    if (found === undefined) return { stale: false, owed: [] };
    const { answer, stale, plan, owed: all } = found;
    return {
      ...(answer !== undefined && { answer }),
      ...(plan !== undefined && { plan }),
      ...{ stale, owed: all.map((one) => ({ ...one, key: fromBase64Url(one.key) })) },
    };
  }

  write({ owed: all, ...rest }: KeptCircle): Promise<void> {
    const spelt = all.map((one) => ({ ...one, key: toBase64Url(one.key) }));
    return this.folder.writeJson(`${this.patient}.json`, { ...rest, owed: spelt });
  }

  async readMember(authenticate: Authenticate): Promise<Member | undefined> {
    const bytes = await this.folder.read(`${this.patient}.member`);
    return bytes === undefined ? undefined : restoreMember(bytes, authenticate);
  }

  async writeMember(member: Member): Promise<void> {
    await this.folder.write(`${this.patient}.member`, await serializeMember(member));
  }

  removeMember(): Promise<void> {
    return this.folder.remove(`${this.patient}.member`);
  }
}
