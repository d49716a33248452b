/** A ledger and people for tests of circles. */

import type { Root } from '../certificate.ts';
import { signStatement } from '../statement.ts';
import { createTestAuthority, type TestAuthority } from '../testAuthority.ts';
import type { CircleSigner } from './credential.ts';
import { createCircle, type Joined, joinCircle } from './join.ts';
import type { Member } from './member.ts';
import type { Pending } from './pending.ts';
import { type Authenticate, type Standing, standingAuthentication } from './standing.ts';
import type { CircleLeaf, EpochView } from './view.ts';

export type Taken = EpochView & { leaves: readonly CircleLeaf[]; block: Uint8Array };

/** Orders commits, one an epoch, as the contract does. */
export class TestLedger {
  readonly epochs: Taken[] = [];
  readonly standings = new Map<string, Standing>();
  readonly #people = new Map<string, CircleSigner>();
  readonly authority: TestAuthority;
  readonly roots: Root[];
  readonly authenticate: Authenticate;
  now = new Date();

  constructor(authority: TestAuthority) {
    this.authority = authority;
    this.roots = [authority];
    this.authenticate = standingAuthentication({
      roots: this.roots,
      standingOf: async (subject) => this.standings.get(subject),
      now: () => this.now,
    });
  }

  get present(): Taken {
    const last = this.epochs.at(-1);
    if (last === undefined) throw new Error('no circle');
    return last;
  }

  /** The view of an epoch, as history has it where it is not the present one. */
  view(epoch: number): EpochView {
    const { block: _, leaves, ...entry } = this.at(epoch);
    return epoch === this.present.epoch ? { ...entry, leaves } : entry;
  }

  at(epoch: number): Taken {
    const taken = this.epochs[epoch];
    if (taken === undefined) throw new Error(`no epoch ${epoch}`);
    return taken;
  }

  /** True where the change is the next one. */
  commit({ apply: _, added, removed, ...entry }: Pending): boolean {
    if (entry.epoch !== this.epochs.length) return false;
    const before = this.epochs.at(-1)?.leaves ?? [];
    this.epochs.push({ ...entry, leaves: [...before.filter(({ leaf }) => !removed.includes(leaf)), ...added] });
    return true;
  }

  async person(subject: string, seat: Standing['seat'] = {}): Promise<CircleSigner> {
    const { pem, key } = await this.authority.issue({ subject });
    this.standings.set(subject, { signingKeyHash: key.hash, active: true, seat });
    const sign = (statement: Uint8Array) => signStatement(key.privateKey, statement);
    this.#people.set(subject, { subject, certificatePem: pem, sign });
    return this.again(subject);
  }

  /** Somebody who was made before. */
  again(subject: string): CircleSigner {
    const signer = this.#people.get(subject);
    if (signer === undefined) throw new Error(`nobody is ${subject}`);
    return signer;
  }

  suspend(subject: string) {
    this.change(subject, { active: false });
  }

  change(subject: string, change: Partial<Standing>) {
    const standing = this.standings.get(subject);
    if (standing !== undefined) this.standings.set(subject, { ...standing, ...change });
  }

  async follow(member: Member): Promise<void> {
    while (member.epoch < this.present.epoch) {
      const next = member.epoch + 1;
      await member.follow(this.view(next), this.at(next).block);
    }
  }

  /** Has the ledger take what it must, since nobody else is about. */
  async take({ member, pending }: Joined): Promise<Member> {
    await this.takeChange(pending);
    return member;
  }

  async takeChange(pending: Pending): Promise<void> {
    if (!this.commit(pending)) throw new Error('the ledger refused');
    await pending.apply();
  }

  async join(signer: CircleSigner, replaces?: string): Promise<Joined> {
    const { block, ...view } = this.present;
    const { authenticate } = this;
    return joinCircle({ view, block, signer, authenticate, ...(replaces !== undefined && { replaces }) });
  }
}

export const patient = 'pt-0-aaaaaaaaaaaaaaaaaaaaaaaaaa';

/** A circle in which its patient is alone. */
export async function testCircle() {
  const ledger = new TestLedger(await createTestAuthority('HospitalMSP'));
  const signer = await ledger.person(patient, 'owner');
  const { authenticate } = ledger;
  const owner = await ledger.take(await createCircle({ patient, generation: 1, signer, authenticate }));
  return { ledger, owner, signer };
}
