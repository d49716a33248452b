import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyBytes, toHex } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { joinCircle } from './join.ts';
import { keyCommitmentOf } from './key.ts';
import { restoreMember, serializeMember } from './serial.ts';
import { patient, testCircle } from './testCircle.ts';

const device = 'dev-bbbbbbbbbbbbbbbbbbbbbbbbbb';
const doctor = 'prac-cccccccccccccccccccccccccc';

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof CryptoError ? `${error.code} ${error.detail}`.trim() : Promise.reject(error)),
  );

describe('a circle', () => {
  it('gives everybody in it one key, that of the ledger’s commitment', async () => {
    const { ledger, owner } = await testCircle();
    const sensor = await ledger.take(await ledger.join(await ledger.person(device)));
    const clinician = await ledger.take(await ledger.join(await ledger.person(doctor)));
    await ledger.follow(owner);
    await ledger.follow(sensor);
    expect(owner.epoch).toBe(2);
    const keys = [owner, sensor, clinician].map((member) => toHex(member.exportKey()));
    expect(new Set(keys).size).toBe(1);
    expect(keyCommitmentOf(owner.exportKey())).toBe(ledger.present.keyCommitment);
    expect(owner.leaves().map(({ subject }) => subject)).toEqual([patient, device, doctor]);
  });

  it('lets a removed member follow no further and a new one open nothing from before', async () => {
    const { ledger, owner } = await testCircle();
    const sensor = await ledger.take(await ledger.join(await ledger.person(device)));
    await ledger.follow(owner);
    const clinician = await ledger.take(await ledger.join(await ledger.person(doctor)));
    await ledger.follow(owner);
    await ledger.follow(sensor);
    expect(await refusal((async () => clinician.exportKey(1))())).toBe('CIRCLE_KEY epoch 1');
    const before = owner.exportKey();
    await ledger.takeChange(await owner.remove([clinician.leaf]));
    await ledger.follow(sensor);
    expect(await refusal(ledger.follow(clinician))).toBe('CIRCLE_REMOVED');
    expect(await refusal((async () => clinician.exportKey())())).toBe('CIRCLE_REMOVED');
    expect(sensor.exportKey()).toEqual(owner.exportKey());
    expect(sensor.exportKey()).not.toEqual(before);
    expect(sensor.exportKey(2)).toEqual(before);
  });

  it('goes on from what was kept, with the change that waits', async () => {
    const { ledger, owner } = await testCircle();
    const { member } = await ledger.join(await ledger.person(device));
    const joining = await restoreMember(await serializeMember(member), ledger.authenticate);
    const { pending } = joining;
    if (pending === undefined) throw new Error('none');
    expect(ledger.commit(pending)).toBe(true);
    await joining.follow(ledger.view(1), ledger.present.block);
    await ledger.follow(owner);
    expect(joining.exportKey()).toEqual(owner.exportKey());
    const again = await restoreMember(await serializeMember(owner), ledger.authenticate);
    await ledger.takeChange(await joining.refresh());
    await ledger.follow(again);
    expect(again.exportKey()).toEqual(joining.exportKey());
  });

  it('takes one of two changes for an epoch, and the loser tries anew', async () => {
    const { ledger, owner } = await testCircle();
    const sensor = await ledger.take(await ledger.join(await ledger.person(device)));
    await ledger.follow(owner);
    const first = await owner.refresh();
    const second = await sensor.refresh();
    await ledger.takeChange(first);
    expect(ledger.commit(second)).toBe(false);
    await ledger.follow(sensor);
    expect(sensor.pending).toBeUndefined();
    expect(await refusal(second.apply())).toBe('CIRCLE_PENDING another change');
    await ledger.takeChange(await sensor.refresh());
    await ledger.follow(owner);
    expect(owner.exportKey()).toEqual(sensor.exportKey());
  });

  it('lets someone whose storage was lost take the own leaf’s place', async () => {
    const { ledger, owner } = await testCircle();
    const signer = await ledger.person(device);
    const lost = await ledger.take(await ledger.join(signer));
    const found = await ledger.take(await ledger.join(signer, lost.leaf));
    await ledger.follow(owner);
    expect(owner.exportKey()).toEqual(found.exportKey());
    expect(owner.leaves()).toHaveLength(2);
    expect(await refusal(ledger.follow(lost))).toBe('CIRCLE_REMOVED');
    const other = await ledger.person(doctor);
    expect(await refusal(ledger.join(other, found.leaf))).toBe('CIRCLE_COMMIT no leaf of its own to take the place of');
  });

  it('keeps for the new leaf what the former could read', async () => {
    const { ledger, owner } = await testCircle();
    const signer = await ledger.person(device);
    const former = await ledger.take(await ledger.join(signer));
    await ledger.follow(owner);
    const { block, ...view } = ledger.present;
    const { authenticate } = ledger;
    const kept = former.exportKeys();
    const replacing = { view, block, signer, authenticate, replaces: former.leaf, kept };
    const anew = await ledger.take(await joinCircle({ ...replacing, retainEpochs: 9 }));
    expect(anew.exportKey(1)).toEqual(owner.exportKey());
    expect(await refusal((async () => anew.exportKey(0))())).toBe('CIRCLE_KEY epoch 0');
    await former.close();
    expect(former.exportKeys().size).toBe(0);
    expect(anew.exportKey(1)).toEqual(owner.exportKey());
  });

  it('lets whoever is alone in it come back, in two steps', async () => {
    const { ledger, owner, signer } = await testCircle();
    const joined = await ledger.join(signer, owner.leaf);
    expect(joined.pending.removed).toEqual([]);
    const found = await restoreMember(await serializeMember(await ledger.take(joined)), ledger.authenticate);
    expect((await found.unfit()).map(({ leaf, reason }) => [leaf, reason])).toEqual([[owner.leaf, 'replaced']]);
    expect(await refusal(found.sealingKey())).toBe(`CIRCLE_CREDENTIAL ${patient} replaced`);
    await ledger.takeChange(await found.remove([owner.leaf]));
    expect(await found.unfit()).toEqual([]);
    expect(found.leaves().map(({ leaf }) => leaf)).toEqual([found.leaf]);
    expect(await refusal(ledger.follow(owner))).toBe('CIRCLE_REMOVED');
  });

  it('is not restored from what is damaged', async () => {
    const { ledger, owner } = await testCircle();
    await owner.refresh();
    const kept = await serializeMember(owner);
    await fc.assert(
      fc.asyncProperty(fc.nat(kept.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, by, cut) => {
        const changed = cut
          ? kept.slice(0, at)
          : copyBytes(kept.map((byte, index) => (index === at ? byte ^ by : byte)));
        // A changed secret is none that could be told; where anything is read at all, it is a member.
        const outcome = await refusal(restoreMember(changed, ledger.authenticate));
        expect(outcome).toMatch(cut ? /^CIRCLE_MALFORMED/ : /^(CIRCLE_MALFORMED|done)/);
      }),
      { numRuns: 150 },
    );
  });
});
