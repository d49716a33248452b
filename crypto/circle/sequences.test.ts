import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toHex } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { keyCommitmentOf } from './key.ts';
import type { Member } from './member.ts';
import { restoreMember, serializeMember } from './serial.ts';
import { patient, type TestLedger, testCircle } from './testCircle.ts';

const codeOf = (work: () => unknown) =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'done',
      (error: unknown) => (error instanceof CryptoError ? error.code : Promise.reject(error)),
    );

const device = 'dev-bbbbbbbbbbbbbbbbbbbbbbbbbb';
const subjects = [patient, device, 'dev-dddddddddddddddddddddddddd', 'prac-cccccccccccccccccccccccccc'];

type Step =
  | { kind: 'join'; who: number }
  | { kind: 'rejoin' | 'refresh' | 'follow' | 'restart' | 'race'; at: number }
  | { kind: 'remove'; at: number; whom: number };
const place = fc.nat(40);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), who: fc.nat(subjects.length - 1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: place, whom: place }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'rejoin' as const,
        'refresh' as const,
        'follow' as const,
        'restart' as const,
        'race' as const,
      ),
      at: place,
    }),
  },
);

/** Members as they come and go, some of them far behind; and every epoch's key by whoever saw it first. */
class Circle {
  readonly ledger: TestLedger;
  readonly members: Member[];
  readonly gone: Member[] = [];
  readonly keys = new Map<number, string>();

  constructor(ledger: TestLedger, owner: Member) {
    this.ledger = ledger;
    this.members = [owner];
    this.#see(owner);
  }

  async do(next: Step) {
    const { ledger, members } = this;
    if (next.kind === 'join') {
      if (members.length >= 8) return;
      members.push(await ledger.take(await ledger.join(await this.#signer(next.who))));
      return;
    }
    const at = next.at % members.length;
    const member = members[at];
    if (member === undefined) return;
    if (next.kind === 'restart') {
      members[at] = await restoreMember(await serializeMember(member), ledger.authenticate);
      return;
    }
    if (next.kind === 'rejoin') {
      const signer = await this.#signer(subjects.indexOf(member.subject));
      const joined = await ledger.join(signer, member.leaf);
      const anew = await ledger.take(joined);
      const replaced = (await anew.unfit()).map(({ leaf }) => leaf);
      if (replaced.length > 0) await ledger.takeChange(await anew.remove(replaced));
      members[at] = anew;
      this.gone.push(member);
      return;
    }
    await this.#follow(member);
    if (next.kind === 'refresh') await ledger.takeChange(await member.refresh());
    if (next.kind === 'race') await this.#race(member);
    const whom = next.kind === 'remove' ? next.whom % members.length : at;
    if (whom === at) return;
    const [removed] = members.splice(whom, 1);
    if (removed === undefined) return;
    await ledger.takeChange(await member.remove([removed.leaf]));
    this.gone.push(removed);
  }

  async end() {
    for (const member of this.members) await this.#follow(member);
    for (const former of this.gone) {
      expect(await codeOf(() => this.#follow(former))).toBe('CIRCLE_REMOVED');
      expect(await codeOf(() => former.exportKey())).toBe('CIRCLE_REMOVED');
    }
    const keys = this.members.map((member) => toHex(member.exportKey()));
    expect(new Set(keys).size).toBe(1);
    const named = this.ledger.present.leaves.map(({ leaf }) => leaf).sort();
    expect(this.members.map(({ leaf }) => leaf).sort()).toEqual(named);
  }

  async #race(member: Member) {
    const { ledger, members } = this;
    const rival = members.find((each) => each !== member);
    if (rival === undefined) return;
    await this.#follow(rival);
    const [lost, won] = [await member.refresh(), await rival.refresh()];
    await ledger.takeChange(won);
    expect(ledger.commit(lost)).toBe(false);
  }

  async #follow(member: Member) {
    while (member.epoch < this.ledger.present.epoch) {
      const next = member.epoch + 1;
      await member.follow(this.ledger.view(next), this.ledger.at(next).block);
      this.#see(member);
    }
  }

  #see(member: Member) {
    const key = member.exportKey();
    expect(keyCommitmentOf(key)).toBe(this.ledger.at(member.epoch).keyCommitment);
    const seen = this.keys.get(member.epoch);
    if (seen === undefined) this.keys.set(member.epoch, toHex(key));
    else expect(toHex(key)).toBe(seen);
  }

  async #signer(who: number) {
    return this.ledger.again(subjects[who] ?? patient);
  }
}

it('independent members have one key in each epoch, however they come and go', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 24 }), async (steps) => {
      const { ledger, owner } = await testCircle();
      for (const subject of subjects.slice(1)) await ledger.person(subject);
      const circle = new Circle(ledger, owner);
      for (const next of steps) await circle.do(next);
      await circle.end();
    }),
    { numRuns: 6 },
  );
}, 120_000);

it('a device that was away for a week follows fifty epochs, or joins anew', async () => {
  const { ledger, owner } = await testCircle();
  const signer = await ledger.person(device);
  const away = await ledger.take(await ledger.join(signer));
  await ledger.follow(owner);
  for (let day = 0; day < 50; day += 1) await ledger.takeChange(await owner.refresh());
  const kept = await serializeMember(away);
  await ledger.follow(away);
  expect(away.exportKey()).toEqual(owner.exportKey());
  // Keys of epochs that are over are not kept, except the last ones for what arrives late.
  expect(await codeOf(() => away.exportKey(away.epoch - 2))).toBe('done');
  expect(await codeOf(() => away.exportKey(away.epoch - 3))).toBe('CIRCLE_KEY');
  const anew = await ledger.take(await ledger.join(signer, away.leaf));
  await ledger.follow(owner);
  expect(anew.exportKey()).toEqual(owner.exportKey());
  // Also from what it had kept before: its place is taken.
  const stale = await restoreMember(kept, ledger.authenticate);
  expect(await codeOf(() => ledger.follow(stale))).toBe('CIRCLE_REMOVED');
}, 60_000);

it('a lost message is followed later, from wherever it is kept', async () => {
  const { ledger, owner } = await testCircle();
  const sensor = await ledger.take(await ledger.join(await ledger.person(device)));
  await ledger.follow(owner);
  await ledger.takeChange(await owner.refresh());
  await ledger.takeChange(await owner.refresh());
  // The first of the two did not arrive.
  expect(await codeOf(() => sensor.follow(ledger.view(3), ledger.at(3).block))).toBe('CIRCLE_EPOCH');
  expect(sensor.epoch).toBe(1);
  await ledger.follow(sensor);
  expect(sensor.exportKey()).toEqual(owner.exportKey());
});

it('changes of one member happen one after the other', async () => {
  const { ledger, owner } = await testCircle();
  const outcomes = await Promise.all([owner.refresh(), codeOf(() => owner.refresh()), codeOf(() => owner.refresh())]);
  expect(outcomes.slice(1)).toEqual(['CIRCLE_PENDING', 'CIRCLE_PENDING']);
  await owner.drop();
  expect(await codeOf(() => outcomes[0].apply())).toBe('CIRCLE_PENDING');
  await ledger.takeChange(await owner.refresh());
  expect(owner.epoch).toBe(1);
  await owner.close();
  expect(await codeOf(() => owner.exportKey())).toBe('CIRCLE_REMOVED');
});
