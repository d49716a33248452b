import { randomBytes, randomUUID } from 'node:crypto';
import * as dagPb from '@ipld/dag-pb';
import { eq } from 'drizzle-orm';
import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accesses, representations } from '../gateways/db/schema/care.ts';
import { uploads } from '../gateways/db/schema/uploads.ts';
import { cidOf } from '../gateways/ipfs/ipfs.ts';
import type { Role } from '../people/schema.ts';
import { name26, type Person, World } from '../testing/world.ts';
import { keepBlocks, readBlocks, requireUploaded } from './blocks.ts';
import { projectDocuments } from './readModel.ts';
import { frameHead, readFrames } from './schema.ts';
import { abandonUpload, expireUploads, putBlocks, readUpload } from './uploads.ts';

let world: World;
let patient: Person;
let doctor: Person;
let stranger: Person;

beforeAll(async () => {
  world = await World.start();
  patient = await world.person('patient', null, { treatedAt: ['inst-north-hospital'] });
  doctor = await world.person('doctor', 'inst-north-hospital');
  stranger = await world.person('doctor', 'inst-south-hospital');
}, 60_000);
afterAll(() => world.stop());
beforeEach(() => {
  world.ipfs.down = false;
});

const code = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    ({ code }) => code,
  );
async function put(
  { actor }: Person,
  upload: string,
  bytes: Uint8Array,
  codec: 'raw' | 'dag-pb' = 'raw',
  expected?: string,
): Promise<{ cid: string }> {
  const blocks = [{ codec, bytes, ...(expected !== undefined && { cid: expected }) }];
  const { cids } = await putBlocks(actor, { upload, patient: patient.actor.subjectId, blocks }, world.portal);
  return { cid: cids[0] ?? '' };
}
/** The first block of an upload. */
const begin = (person: Person) => put(person, randomUUID(), randomBytes(8));
const node = (...cids: string[]) =>
  dagPb.encode(dagPb.prepare({ Links: cids.map((cid) => ({ Hash: CID.parse(cid), Name: '', Tsize: 1 })) }));

async function read({ actor }: Person, ...cids: string[]): Promise<Uint8Array[]> {
  const blocks: Uint8Array[] = [];
  for await (const block of await readBlocks(actor, cids, world.portal)) blocks.push(block);
  return blocks;
}

async function access(reader: string, hours: number) {
  const at = new Date();
  const until = new Date(at.getTime() + hours * 3600_000);
  const id = `acc-0-${name26()}`;
  const where = { channel: 'care-0', patient: patient.actor.subjectId, transactionId: 'a', blockNumber: 1 };
  await world.portal.db.insert(accesses).values({ id, reader, at, until, ...where });
}

describe('an upload', () => {
  it('takes blocks, tells which are here, and goes on from there', async () => {
    const id = randomUUID();
    const bytes = randomBytes(1000);
    const { cid } = await put(doctor, id, bytes, 'raw', cidOf(bytes));
    await put(doctor, id, bytes);
    expect(await readUpload(doctor.actor, id, world.portal)).toMatchObject({ bytes: 1000, blocks: [cid] });
    expect(await read(doctor, cid)).toEqual([bytes]);
  });

  it('does not say that a block is here which the storage has not got', async () => {
    const id = randomUUID();
    world.ipfs.down = true;
    expect(await code(put(doctor, id, randomBytes(10)))).toBe('IPFS_UNAVAILABLE');
    expect((await readUpload(doctor.actor, id, world.portal)).blocks).toEqual([]);
  });

  it('takes a node only after what it links to, and keeps all of it', async () => {
    const id = randomUUID();
    const leaf = randomBytes(50);
    const root = node(cidOf(leaf));
    expect(await code(put(patient, id, root, 'dag-pb'))).toBe('INVALID_INPUT');
    await put(patient, id, leaf);
    const { cid } = await put(patient, id, root, 'dag-pb');
    await requireUploaded(world.portal, patient.actor.subjectId, [cid]);
    await keepBlocks(world.portal, patient.actor.subjectId, [cid]);
    expect(await code(readUpload(patient.actor, id, world.portal))).toBe('NOT_FOUND');
    expect(await read(patient, cid, cidOf(leaf))).toHaveLength(2);
  });

  it('takes several at once, a node behind what it links to, each once however often it comes, and all or none', async () => {
    const id = randomUUID();
    const leaves = [randomBytes(40), randomBytes(30)];
    const root = node(...leaves.map((leaf) => cidOf(leaf)));
    const [one = root, two = root] = leaves;
    const [first, second] = [one, two].map((bytes) => ({ codec: 'raw' as const, bytes }));
    const above = { codec: 'dag-pb' as const, bytes: root };
    if (first === undefined || second === undefined) throw new Error('no leaves');
    const send = (...blocks: (typeof first | typeof above)[]) =>
      putBlocks(patient.actor, { upload: id, patient: patient.actor.subjectId, blocks }, world.portal);
    const here = async () => (await readUpload(patient.actor, id, world.portal)).blocks.sort();
    expect(await code(send(first, above, second))).toBe('INVALID_INPUT');
    expect(await here()).toEqual([]);
    const cids = [cidOf(one), cidOf(two), cidOf(root, 'dag-pb')];
    expect(await send(first, second, above)).toEqual({ cids });
    await send(first, first, above);
    expect(await here()).toEqual(cids.sort());
    expect((await readUpload(patient.actor, id, world.portal)).bytes).toBe(70 + root.length);
  });

  it('refuses what is empty, too large, changed or no node', async () => {
    const id = randomUUID();
    expect(await code(put(doctor, id, new Uint8Array()))).toBe('TOO_LARGE');
    expect(await code(put(doctor, id, randomBytes(262_145)))).toBe('TOO_LARGE');
    expect(await code(put(doctor, id, randomBytes(9), 'raw', cidOf(randomBytes(9))))).toBe('INVALID_INPUT');
    expect(await code(put(doctor, id, randomBytes(90), 'dag-pb'))).toBe('INVALID_INPUT');
  });

  it('goes with its blocks when its time is over or it is given up', async () => {
    const id = randomUUID();
    const { cid } = await put(doctor, id, randomBytes(20));
    await world.portal.db
      .update(uploads)
      .set({ expiresAt: new Date(0) })
      .where(eq(uploads.id, id));
    expect(await code(put(doctor, id, randomBytes(20)))).toBe('NOT_FOUND');
    expect(await expireUploads(world.portal)).toBe(1);
    expect(world.ipfs.blocks.has(cid)).toBe(false);
    expect(await code(read(doctor, cid))).toBe('NOT_FOUND');
    const other = randomUUID();
    const kept = await put(doctor, other, randomBytes(20));
    await abandonUpload(doctor.actor, { id: other }, world.portal);
    expect(world.ipfs.blocks.has(kept.cid)).toBe(false);
    expect(await code(requireUploaded(world.portal, patient.actor.subjectId, [kept.cid]))).toBe('NOT_FOUND');
  });

  it('is bounded for a person, and counts until all of it is kept', async () => {
    const other = await world.person('doctor', 'inst-north-hospital');
    for (let open = 1; open < 40; open += 1) await begin(other);
    const id = randomUUID();
    const [one, two] = [await put(other, id, randomBytes(40)), await put(other, id, randomBytes(40))];
    await keepBlocks(world.portal, patient.actor.subjectId, [one.cid]);
    expect(await code(begin(other))).toBe('RATE_LIMITED');
    expect((await readUpload(other.actor, id, world.portal)).blocks).toEqual([two.cid]);
    await keepBlocks(world.portal, patient.actor.subjectId, [two.cid]);
    expect(await code(begin(other))).toBe('done');
    expect(await code(begin(other))).toBe('RATE_LIMITED');
  });

  it('is over when the ledger is followed before its flow is', async () => {
    const id = randomUUID();
    const { cid } = await put(patient, id, randomBytes(25));
    const said = { patient: patient.actor.subjectId, author: patient.actor.subjectId, state: 'current' as const, cid };
    const stored = {
      ...said,
      id: `doc-0-${name26()}`,
      contentHash: '0'.repeat(64),
      keyCommitment: '',
      attachments: [],
      version: 1,
    };
    await projectDocuments(world.portal.db, 'care-0', [{ ...stored, at: new Date().toISOString(), signature: '' }]);
    expect(await code(readUpload(patient.actor, id, world.portal))).toBe('NOT_FOUND');
    expect(await read(patient, cid)).toHaveLength(1);
  });

  it('is for those who have to do with the record', async () => {
    expect(await code(begin(stranger))).toBe('FORBIDDEN');
    const pharmacist = await world.person('pharmacist', 'inst-river-pharmacy');
    expect(await code(begin(pharmacist))).toBe('FORBIDDEN');
    await access(pharmacist.actor.subjectId, 1);
    expect(await code(begin(pharmacist))).toBe('done');
    for (const role of ['admin', 'insurer', 'regulator', 'supplier'] satisfies Role[]) {
      const person = await world.person(role, 'inst-north-hospital');
      expect(await code(begin(person)), role).toBe('FORBIDDEN');
    }
    const id = randomUUID();
    await put(doctor, id, randomBytes(5));
    expect(await code(put(patient, id, randomBytes(5)))).toBe('NOT_FOUND');
    const [blocks, another] = [[{ codec: 'raw' as const, bytes: randomBytes(5) }], await world.person('patient', null)];
    const { subjectId } = another.actor;
    expect(await code(putBlocks(another.actor, { upload: id, patient: subjectId, blocks }, world.portal))).toBe(
      'NOT_FOUND',
    );
    expect(await code(readUpload(patient.actor, id, world.portal))).toBe('NOT_FOUND');
    expect(await code(readUpload(doctor.actor, randomUUID(), world.portal))).toBe('NOT_FOUND');
    expect(await code(abandonUpload(stranger.actor, { id }, world.portal))).toBe('NOT_FOUND');
  });
});

describe('blocks are read', () => {
  it('by the patient, a representative and who has an entry that has not ended', async () => {
    const id = randomUUID();
    const { cid } = await put(patient, id, randomBytes(30));
    await keepBlocks(world.portal, patient.actor.subjectId, [cid]);
    const relative = await world.person('patient', null);
    expect(await code(read(relative, cid))).toBe('NOT_FOUND');
    expect(await code(read(doctor, cid))).toBe('NOT_FOUND');
    await access(doctor.actor.subjectId, -1);
    expect(await code(read(doctor, cid))).toBe('NOT_FOUND');
    await access(doctor.actor.subjectId, 1);
    expect(await read(doctor, cid)).toHaveLength(1);
    const representation = {
      ...{ id: `rep-0-${name26()}`, channel: 'care-0', patient: patient.actor.subjectId, version: 1, ledgerState: {} },
      ...{ representative: relative.actor.subjectId, state: 'active', until: null },
    };
    await world.portal.db.insert(representations).values(representation);
    expect(await read(relative, cid)).toHaveLength(1);
    await world.portal.db.update(representations).set({ until: new Date(0) });
    expect(await code(read(relative, cid))).toBe('NOT_FOUND');
    expect(await code(read(stranger, cid))).toBe('NOT_FOUND');
  });

  it('all or none', async () => {
    const id = randomUUID();
    const { cid } = await put(patient, id, randomBytes(30));
    expect(await code(read(patient, cid, cidOf(randomBytes(8))))).toBe('NOT_FOUND');
  });
});

describe('frames', () => {
  it('come apart as they were put together, and not when one is cut off', () => {
    const parts = [new Uint8Array(), randomBytes(3), randomBytes(300)];
    const bytes = Buffer.concat(parts.flatMap((part) => [frameHead(part.length), part]));
    expect(readFrames(bytes).map((part) => Buffer.from(part))).toEqual(parts.map((part) => Buffer.from(part)));
    expect(() => readFrames(bytes.subarray(0, -1))).toThrow(RangeError);
  });
});
