import { beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, redeemKeyOf, secretsOf } from '../../testing/samples.ts';
import { Care, createWorld, type World } from '../../testing/world.ts';

let world: World;
let care: Care;

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
});

const kept = () => [...world.ledger.namespace('care-0', 'care').privateData.keys()].sort();
const wraps = (id: string) => `prescriptionSecrets/wraps:${id}`;
const release = (id: string) => `prescriptionSecrets/release:${id}`;
const renewed = () => {
  const { codeWrap, releaseShare } = secretsOf('canaryrenewed');
  return { secrets: bytesOf({ codeWrap, releaseShare }) };
};

describe('secrets', () => {
  it('appear in no argument, result, event or public write of a prescription’s whole life', async () => {
    const { people } = world;
    const canaries = [
      ...Object.values(secretsOf('1')),
      ...Object.values(secretsOf('2')),
      ...Object.values(secretsOf('canaryrenewed')),
      ...[1, 5].flatMap((seed) => {
        const key = Buffer.from(redeemKeyOf(seed).key);
        return [key.toString('base64url'), key.toString('base64'), key.toString('hex'), key.toString('latin1')];
      }),
    ];
    const id = await care.issue(1);
    await care.submit(people.patient, 'voidCode', [id]);
    await care.submit(people.patient, 'renewCode', [id, redeemKeyOf(5).hash], renewed());
    await care.accept(id, 5);
    await care.dispense(id, 1, 10);
    await care.submit(people.pharmacist, 'return', [id]);
    await care.accept(id, 5);
    await care.submit(people.pharmacist, 'close', [id, 'not needed']);
    const other = await care.issue(2);
    await care.submit(people.doctor, 'cancel', [other, 'wrong dose']);

    expect(world.ledger.publicRecords).toHaveLength(10);
    const published = world.ledger.publicRecords.map((record) => JSON.stringify(record)).join('\n');
    for (const canary of canaries) expect(published).not.toContain(canary);
    for (const { result } of world.ledger.publicRecords) expect(result).toBe('');
  });

  it('for redeeming are purged when a prescription ends, and when its code is voided; the wraps stay', async () => {
    const { people } = world;
    const completed = await care.issue(1);
    expect(kept()).toEqual([release(completed), wraps(completed)]);
    await care.accept(completed, 1);
    await care.dispense(completed, 1, 59);
    expect(kept()).toContain(release(completed));
    await care.dispense(completed, 2, 1);
    expect(kept()).toEqual([wraps(completed)]);

    const closed = await care.issue(2);
    await care.accept(closed, 2);
    await care.submit(people.pharmacist, 'close', [closed, 'not needed']);
    expect(kept()).not.toContain(release(closed));

    const cancelled = await care.issue(3);
    await care.submit(people.doctor, 'cancel', [cancelled, 'wrong dose']);
    expect(kept()).not.toContain(release(cancelled));

    const voided = await care.issue(4);
    await care.submit(people.patient, 'voidCode', [voided]);
    expect(kept()).not.toContain(release(voided));
    await care.submit(people.patient, 'renewCode', [voided, redeemKeyOf(5).hash], renewed());
    expect(kept()).toContain(release(voided));
    expect(kept().filter((key) => key.includes('wraps:'))).toHaveLength(4);
  });

  it('give the patient the new wrap after a renewal, and the author the same as before', async () => {
    const { people } = world;
    const id = await care.issue(1);
    const wrapOf = async (caller: World['people']['doctor']) => {
      const wraps = await care.evaluate<{ id: string; wrap: string }[]>(caller, 'readWraps', JSON.stringify([id]));
      return wraps[0]?.wrap;
    };
    const { codeWrap, releaseShare, patientWrap } = secretsOf('canaryrenewed');
    const secrets = bytesOf({ codeWrap, releaseShare, patientWrap });
    await care.submit(people.patient, 'voidCode', [id]);
    await care.submit(people.patient, 'renewCode', [id, redeemKeyOf(5).hash], { secrets });
    expect(await wrapOf(people.patient)).toBe(patientWrap);
    expect(await wrapOf(people.doctor)).toBe(secretsOf('1').authorWrap);
  });

  it('are read by no write, so that a peer without the collection endorses all that follows the issue', async () => {
    const { people } = world;
    const id = await care.issue(1);
    const asRegulator = (caller: World['people']['doctor'], name: string, args: string[], transient = {}) =>
      world.ledger.submit({ ...care.order(caller, name, args, transient), peerIsMember: false });
    await asRegulator(people.pharmacist, 'accept', [id], { redeemKey: redeemKeyOf(1).key });
    await asRegulator(people.pharmacist, 'return', [id]);
    await asRegulator(people.patient, 'voidCode', [id]);
    await asRegulator(people.doctor, 'cancel', [id, 'wrong dose']);
    expect((await care.read(id)).state).toBe('cancelled');
  });
});
