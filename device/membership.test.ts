import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '#crypto/bytes.ts';
import type { Member } from '#crypto/circle/member.ts';
import { StateFolder } from './folder.ts';
import type { Membership } from './membership.ts';
import { CircleGateway, doctor, patient } from './testing/circleGateway.ts';

const device = `dev-${'d'.repeat(26)}`;
const other = `dev-${'e'.repeat(26)}`;
const newFolder = () => StateFolder.open(mkdtempSync(join(tmpdir(), 'medloom-membership-')));
let gateway: CircleGateway;
let folder: StateFolder;
let open: () => Promise<Membership>;
let membership: Membership;

beforeEach(async () => {
  gateway = await CircleGateway.open();
  folder = await newFolder();
  ({ open } = await gateway.equip(device, folder));
  membership = await open();
});

const keyOf = async (one: Membership) => toHex((await one.sealing())?.key ?? new Uint8Array());
async function follow(member: Member | undefined): Promise<Member> {
  if (member === undefined) throw new Error('nobody');
  await gateway.ledger.follow(member);
  return member;
}
const leavesOf = (subject: string) => gateway.ledger.present.leaves.filter((leaf) => leaf.subject === subject);

describe('a device with a seat', () => {
  it('joins while nobody else is there, and has the key that the patient has', async () => {
    expect(await membership.sealing()).toBeUndefined();
    await membership.settle();
    const owner = await follow(gateway.owner);
    expect(await keyOf(membership)).toBe(toHex(owner.exportKey()));
    expect(await membership.sealing()).toMatchObject({ patient, generation: 1, epoch: 1 });
    expect(gateway.archived).toEqual(['1/1']);
  });

  it('goes on after a restart without a connection', async () => {
    await membership.settle();
    expect(await keyOf(await open())).toBe(await keyOf(membership));
  });

  it('follows what others did while it was away, however much it was', async () => {
    await membership.settle();
    const there = await gateway.join(doctor);
    for (let times = 0; times < 4; times += 1) {
      const pending = await there.refresh();
      gateway.ledger.commit(pending);
      await pending.apply();
    }
    await membership.settle();
    expect(await keyOf(membership)).toBe(toHex(there.exportKey()));
    expect((await membership.sealing())?.epoch).toBe(6);
  });

  it('archives the keys of epochs that a doctor began, who may not', async () => {
    await membership.settle();
    await gateway.join(doctor);
    await membership.settle();
    expect(gateway.archived).toEqual(['1/1', '1/2']);
  });

  it('archives later where the patient has no record yet', async () => {
    const { results } = gateway;
    gateway.results = null;
    await membership.settle();
    expect(gateway.archived).toEqual([]);
    gateway.results = results;
    await (await open()).settle();
    expect(gateway.archived).toEqual(['1/1']);
  });

  it('does not archive for a key that the patient never began', async () => {
    if (gateway.results) {
      const { publicKey } = gateway.results;
      const changed = `${publicKey.startsWith('A') ? 'B' : 'A'}${publicKey.slice(1)}`;
      gateway.results = { ...gateway.results, publicKey: changed };
    }
    await expect(membership.settle()).rejects.toMatchObject({ code: 'SIGNATURE_FOREIGN' });
    expect(gateway.archived).toEqual([]);
  });

  it('does nothing without a seat', async () => {
    gateway.unseat(device);
    gateway.stale = false;
    await membership.settle();
    expect(await membership.sealing()).toBeUndefined();
    expect(leavesOf(device)).toEqual([]);
  });
});

describe('a commit', () => {
  it('that somebody else’s came before is made anew', async () => {
    gateway.before = async () => {
      await gateway.join(doctor);
    };
    await membership.settle();
    expect((await membership.sealing())?.epoch).toBe(2);
    expect(leavesOf(device)).toHaveLength(1);
  });

  it.each(['before', 'after'] as const)(
    'whose answer was lost (%s the ledger had it) is finished by the next start',
    async (lost) => {
      gateway.lose = lost;
      await expect(membership.settle()).rejects.toThrow('lost in this test');
      expect(await membership.sealing()).toBeUndefined();
      membership = await open();
      await membership.settle();
      const owner = await follow(gateway.owner);
      expect(await keyOf(membership)).toBe(toHex(owner.exportKey()));
      expect(leavesOf(device)).toHaveLength(1);
      expect(gateway.ledger.present.epoch).toBe(1);
    },
  );

  it('of a device that has lost its state takes the place of its former leaf', async () => {
    await membership.settle();
    const before = leavesOf(device)[0]?.leaf;
    await folder.remove(`${patient}.member`);
    membership = await open();
    expect(await membership.sealing()).toBeUndefined();
    await membership.settle();
    expect(leavesOf(device)).toHaveLength(1);
    expect(leavesOf(device)[0]?.leaf).not.toBe(before);
    expect(await keyOf(membership)).toBe(toHex((await follow(gateway.owner)).exportKey()));
  });
});

describe('somebody who may not be in the circle any more', () => {
  it('is removed before anything more is sealed', async () => {
    await membership.settle();
    const there = await gateway.join(doctor);
    await membership.settle();
    const before = await keyOf(membership);
    expect(before).toBe(toHex(there.exportKey()));
    gateway.unseat(doctor);
    await membership.stop();
    expect(await membership.sealing()).toBeUndefined();
    expect(await (await open()).sealing()).toBeUndefined();
    await membership.settle();
    expect(leavesOf(doctor)).toEqual([]);
    expect(await keyOf(membership)).not.toBe(before);
    await expect(gateway.ledger.follow(there)).rejects.toMatchObject({ code: 'CIRCLE_REMOVED' });
  });

  it('is removed also where the registry suspended them', async () => {
    await gateway.join(doctor);
    await membership.settle();
    gateway.ledger.suspend(doctor);
    await membership.settle();
    expect(leavesOf(doctor)).toEqual([]);
    expect(await membership.sealing()).toBeDefined();
  });

  it('is the device itself: it forgets its key, the plan and who is there', async () => {
    await membership.settle();
    await gateway.setPlan(await gateway.join(doctor));
    await membership.settle();
    gateway.unseat(device);
    await membership.settle();
    expect(await membership.sealing()).toBeUndefined();
    expect(await folder.read(`${patient}.member`)).toBeUndefined();
    expect([membership.plan, membership.answer]).toEqual([undefined, undefined]);
    expect(await (await open()).sealing()).toBeUndefined();
  });

  it('makes another epoch due also where the seat was given again', async () => {
    await membership.settle();
    gateway.stale = true;
    await membership.settle();
    expect((await membership.sealing())?.epoch).toBe(2);
    expect(gateway.stale).toBe(false);
  });
});

describe('the plan', () => {
  it('is taken where a clinician has signed it, and kept over restarts', async () => {
    await membership.settle();
    const plan = await gateway.setPlan(await gateway.join(doctor));
    await membership.settle();
    expect(membership.plan).toMatchObject(plan);
    expect((await open()).plan).toMatchObject(plan);
  });

  it('is not taken from whoever else has the key', async () => {
    await membership.settle();
    await gateway.setPlan(await gateway.join(doctor), gateway.signers.get(patient));
    await membership.settle();
    expect(membership.plan).toBeUndefined();
    expect(await membership.sealing()).toBeDefined();
  });

  it.each(['{', '{}', '\u0000'])('is the one before where a member has sealed something else: %j', async (text) => {
    await membership.settle();
    const there = await gateway.join(doctor);
    const plan = await gateway.setPlan(there);
    await membership.settle();
    await gateway.setSealed(there, 2, text);
    await membership.settle();
    expect(membership.plan).toMatchObject(plan);
  });

  it('is sealed anew for a device that comes later', async () => {
    await membership.settle();
    const plan = await gateway.setPlan(await gateway.join(doctor));
    await membership.settle();
    const later = await (await gateway.equip(other, await newFolder())).open();
    await later.settle();
    expect(later.plan).toBeUndefined();
    await membership.settle();
    await later.settle();
    expect(later.plan).toMatchObject(plan);
  });
});
