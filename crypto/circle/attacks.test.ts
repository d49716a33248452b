import fc from 'fast-check';
import type { ClientConfig } from 'ts-mls';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Bytes, copyBytes, randomBytes, toHex } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { signStatement } from '../statement.ts';
import { decodeBlock, encodeBlock } from './block.ts';
import { createCredential } from './credential.ts';
import { groupInfoBytes, makeGroupInfo, readGroupInfo } from './groupInfo.ts';
import { configOf } from './groupState.ts';
import { joinCircle } from './join.ts';
import type { Member } from './member.ts';
import { restoreMember, serializeMember } from './serial.ts';
import { loadMls, type Mls } from './suite.ts';
import { patient, type TestLedger, testCircle } from './testCircle.ts';
import type { EpochView } from './view.ts';

const device = 'dev-bbbbbbbbbbbbbbbbbbbbbbbbbb';
const doctor = 'prac-cccccccccccccccccccccccccc';

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof CryptoError ? `${error.code} ${error.detail}`.trim() : Promise.reject(error)),
  );

let library: Mls;
beforeAll(async () => {
  library = await loadMls();
});

/** A device and a doctor that has done something which the device has not followed yet. */
async function oneBehind() {
  const { ledger, owner } = await testCircle();
  const sensor = await ledger.take(await ledger.join(await ledger.person(device)));
  const signer = await ledger.person(doctor);
  const clinician = await ledger.take(await ledger.join(signer));
  return { ledger, owner, sensor, clinician, signer };
}

/** What a ledger would say that took another block for an epoch. */
const rewritten = (view: EpochView, parts: { commit: Bytes | null; groupInfo: Bytes }) => {
  const { block, cid, contentHash } = encodeBlock(parts);
  return { view: { ...view, cid, contentHash }, block };
};

/** Refused, and no worse for it: what the ledger really took is followed afterwards. */
async function refuses(member: Member, ledger: TestLedger, view: EpochView, block: Uint8Array) {
  const key = toHex(member.exportKey());
  const outcome = await refusal(member.follow(view, block));
  expect(toHex(member.exportKey())).toBe(key);
  await ledger.follow(member);
  return outcome;
}

describe('a member follows the ledger and nothing else', () => {
  it('refuses what was, what is not yet, and another circle’s', async () => {
    const { ledger, owner, sensor } = await oneBehind();
    const { block } = ledger.at(1);
    expect(await refusal(sensor.follow(ledger.view(1), block))).toBe('CIRCLE_EPOCH 1 after 1');
    expect(await refusal(owner.follow(ledger.view(2), ledger.at(2).block))).toBe('CIRCLE_EPOCH 2 after 0');
    const other = { ...ledger.view(2), generation: 2 };
    expect(await refusal(sensor.follow(other, ledger.at(2).block))).toBe('CIRCLE_MISMATCH another circle');
    const mismatch = 'CIRCLE_BLOCK epoch 2';
    expect(await refuses(sensor, ledger, ledger.view(2), block)).toBe(mismatch);
  });

  it('refuses a commit of another epoch or circle that the ledger names for this one', async () => {
    const { ledger, sensor } = await oneBehind();
    const right = decodeBlock(ledger.at(2).block);
    const old = rewritten(ledger.view(2), { ...right, commit: decodeBlock(ledger.at(1).block).commit });
    expect(await refusal(sensor.follow(old.view, old.block))).toBe('CIRCLE_COMMIT of another circle or epoch');
    const foreign = await oneBehind();
    const theirs = rewritten(ledger.view(2), decodeBlock(foreign.ledger.at(2).block));
    expect(await refuses(sensor, ledger, theirs.view, theirs.block)).toMatch(/^CIRCLE_/);
  });

  it('refuses a GroupInfo of another circle, another epoch and of a key of somebody’s own', async () => {
    const { ledger, sensor } = await oneBehind();
    const right = decodeBlock(ledger.at(2).block);
    const foreign = decodeBlock((await oneBehind()).ledger.at(2).block);
    const older = decodeBlock(ledger.at(1).block);
    const outcomes: string[] = [];
    for (const { groupInfo } of [foreign, older]) {
      const changed = rewritten(ledger.view(2), { ...right, groupInfo });
      outcomes.push(await refusal(sensor.follow(changed.view, changed.block)));
    }
    const { groupInfo } = await readGroupInfo(library, right.groupInfo, ledger.view(2));
    const extensions = groupInfo.extensions.map((extension) =>
      extension.extensionType === 'external_pub' ? { ...extension, extensionData: randomBytes(1_216) } : extension,
    );
    const trap = groupInfoBytes(library, { ...groupInfo, extensions });
    const trapped = rewritten(ledger.view(2), { ...right, groupInfo: trap });
    outcomes.push(await refuses(sensor, ledger, trapped.view, trapped.block));
    expect(outcomes).toEqual([
      'CIRCLE_MISMATCH the GroupInfo is of another state',
      'CIRCLE_MISMATCH a GroupInfo of another circle or epoch',
      'CIRCLE_MISMATCH the GroupInfo is of another state',
    ]);
  });

  it('refuses another key and other members than the ledger says', async () => {
    const { ledger, sensor } = await oneBehind();
    const { block } = ledger.at(2);
    const keyless = { ...ledger.view(2), keyCommitment: '0'.repeat(64) };
    expect(await refusal(sensor.follow(keyless, block))).toBe('CIRCLE_MISMATCH another key');
    const [first, ...leaves] = ledger.at(2).leaves;
    expect(first?.subject).toBe(patient);
    expect(await refuses(sensor, ledger, { ...ledger.view(2), leaves }, block)).toBe('CIRCLE_MISMATCH other members');
  });

  it('is not talked out of the circle', async () => {
    const { ledger, owner, sensor, clinician } = await oneBehind();
    await ledger.follow(owner);
    await ledger.follow(sensor);
    const { mls } = library;
    const made = await clinician.remove([owner.leaf]);
    const { commit, groupInfo } = decodeBlock(made.block);
    const [message] = mls.decodeMlsMessage(commit ?? new Uint8Array(), 0) ?? [];
    if (message?.wireformat !== 'mls_public_message') throw new Error('no message');
    const { content } = message.publicMessage;
    if (content.contentType !== 'commit') throw new Error('no commit');
    const index = sensor.leaves().findIndex(({ leaf }) => leaf === sensor.leaf);
    for (const each of content.commit.proposals) {
      if (each.proposalOrRefType === 'proposal' && each.proposal.proposalType === 'remove') {
        each.proposal.remove.removed = index;
      }
    }
    const forged = copyBytes(mls.encodeMlsMessage(message));
    const { leaves: _, ...past } = ledger.view(2);
    const taken = rewritten({ ...past, epoch: 3 }, { commit: forged, groupInfo });
    expect(await refusal(sensor.follow(taken.view, taken.block))).toBe('CIRCLE_COMMIT Could not verify membership');
    const signer = ledger.again(device);
    const stolen = await outsider(ledger, { ...signer, sign: async () => 'AAAA' }, (leaf) => leaf === sensor.leaf);
    const replaced = rewritten({ ...past, epoch: 3 }, stolen);
    const outcome = `CIRCLE_CREDENTIAL ${device}: not signed by the key of its certificate`;
    expect(await refusal(sensor.follow(replaced.view, replaced.block))).toBe(outcome);
    await ledger.takeChange(made);
    await ledger.follow(sensor);
    expect(sensor.exportKey()).toEqual(clinician.exportKey());
  });

  it('sees that a change was taken only by word of a server', async () => {
    const { ledger, owner, sensor } = await oneBehind();
    await ledger.follow(owner);
    await ledger.follow(sensor);
    sensor.requireAt(ledger.view(2));
    const [told, taken] = [await owner.refresh(), await sensor.refresh()];
    await told.apply();
    await ledger.takeChange(taken);
    expect(await refusal((async () => owner.requireAt(ledger.view(3)))())).toBe('CIRCLE_MISMATCH another key');
    expect(await refusal((async () => sensor.requireAt(ledger.view(2)))())).toBe('CIRCLE_EPOCH 2, not 3');
    sensor.requireAt(ledger.view(3));
  });

  it('refuses any change of a byte', async () => {
    const { ledger, owner, sensor, clinician } = await oneBehind();
    await ledger.follow(owner);
    await ledger.follow(sensor);
    await ledger.takeChange(await clinician.remove([owner.leaf]));
    const kept = await serializeMember(sensor);
    const { commit, groupInfo } = decodeBlock(ledger.at(3).block);
    if (commit === null) throw new Error('no commit');
    const flip = (bytes: Bytes, at: number, change: number) =>
      copyBytes(bytes.map((byte, index) => (index === at % bytes.length ? byte ^ change : byte)));
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, at, change) => {
        const parts = which
          ? { commit: flip(commit, at, change), groupInfo }
          : { commit, groupInfo: flip(groupInfo, at, change) };
        const changed = rewritten(ledger.view(3), parts);
        const member = await restoreMember(kept, ledger.authenticate);
        expect(await refusal(member.follow(changed.view, changed.block))).toMatch(/^CIRCLE_/);
      }),
      { numRuns: 80 },
    );
    await ledger.follow(sensor);
    expect(sensor.exportKey()).toEqual(clinician.exportKey());
  }, 60_000);

  it('refuses whatever comes', async () => {
    const { ledger, sensor } = await oneBehind();
    const { commit, groupInfo } = decodeBlock(ledger.at(2).block);
    if (commit === null) throw new Error('no commit');
    const any = fc.uint8Array({ maxLength: 400 }).map(copyBytes);
    const spliced = (bytes: Bytes) =>
      fc
        .tuple(fc.nat(bytes.length), fc.nat(bytes.length), any)
        .map(([from, to, between]) => copyBytes([...bytes.subarray(0, from), ...between, ...bytes.subarray(to)]))
        .filter((changed) => toHex(changed) !== toHex(bytes));
    const blocks = fc.oneof(
      fc.record({ commit: fc.oneof(any, spliced(commit), fc.constant(null)), groupInfo: fc.constant(groupInfo) }),
      fc.record({ commit: fc.constant(commit), groupInfo: fc.oneof(any, spliced(groupInfo)) }),
    );
    await fc.assert(
      fc.asyncProperty(blocks, async (parts) => {
        const changed = rewritten(ledger.view(2), parts);
        expect(await refusal(sensor.follow(changed.view, changed.block))).toMatch(/^CIRCLE_/);
      }),
      { numRuns: 150 },
    );
    await ledger.follow(sensor);
    expect(sensor.epoch).toBe(2);
  }, 60_000);
});

describe('who joins', () => {
  it('removes nobody else', async () => {
    const { ledger, owner, sensor, signer } = await oneBehind();
    await ledger.follow(owner);
    await ledger.follow(sensor);
    const block = await outsider(ledger, signer, (leaf) => leaf === owner.leaf);
    const taken = rewritten({ ...ledger.view(2), epoch: 3 }, block);
    expect(await refusal(sensor.follow(taken.view, taken.block))).toBe('CIRCLE_COMMIT removes others');
  });

  it('cannot make anybody look for a leaf where none can be', async () => {
    const { ledger, owner, sensor, signer } = await oneBehind();
    await ledger.follow(owner);
    await ledger.follow(sensor);
    const { mls } = library;
    const { commit, groupInfo } = await outsider(ledger, signer, (leaf) => leaf === owner.leaf);
    const [message] = mls.decodeMlsMessage(commit, 0) ?? [];
    if (message?.wireformat !== 'mls_public_message') throw new Error('no message');
    const { content } = message.publicMessage;
    if (content.contentType !== 'commit') throw new Error('no commit');
    for (const each of content.commit.proposals) {
      if (each.proposalOrRefType === 'proposal' && each.proposal.proposalType === 'remove') {
        each.proposal.remove.removed = 0x7fff_ffff;
      }
    }
    const beyond = copyBytes(mls.encodeMlsMessage(message));
    const taken = rewritten({ ...ledger.view(2), epoch: 3 }, { commit: beyond, groupInfo });
    expect(await refusal(sensor.follow(taken.view, taken.block))).toBe('CIRCLE_COMMIT removes nobody');
  });

  it('does so in the own name', async () => {
    const { ledger, owner } = await testCircle();
    const victim = await ledger.person(doctor);
    const { key } = await ledger.authority.issue({ subject: 'prac-dddddddddddddddddddddddddd' });
    const thief = { ...victim, sign: (statement: Uint8Array) => signStatement(key.privateKey, statement) };
    const { pending } = await ledger.join(thief);
    ledger.commit(pending);
    const outcome = `CIRCLE_CREDENTIAL ${doctor}: not signed by the key of its certificate`;
    expect(await refusal(ledger.follow(owner))).toBe(outcome);
  });

  it('joins the circle that the ledger names', async () => {
    const { ledger } = await oneBehind();
    const { authenticate } = ledger;
    const signer = await ledger.person('prac-dddddddddddddddddddddddddd');
    const { block, ...view } = ledger.present;
    const join = (changed: EpochView, bytes: Uint8Array) =>
      refusal(joinCircle({ view: changed, block: bytes, signer, authenticate }));
    const { leaves: _, ...past } = view;
    const other = await oneBehind();
    const foreign = rewritten(view, decodeBlock(other.ledger.present.block));
    expect([
      await join(past, block),
      await join({ ...view, leaves: view.leaves.slice(1) }, block),
      await join({ ...view, generation: 2 }, block),
      await join({ ...view, epoch: 3 }, block),
      await join(view, other.ledger.present.block),
      await join(foreign.view, foreign.block),
      await join(view, block),
    ]).toEqual([
      'CIRCLE_MISMATCH not the present epoch',
      'CIRCLE_MISMATCH other members',
      'CIRCLE_MISMATCH a GroupInfo of another circle or epoch',
      'CIRCLE_MISMATCH a GroupInfo of another circle or epoch',
      'CIRCLE_BLOCK epoch 2',
      'CIRCLE_MISMATCH other members',
      'done',
    ]);
  });

  it('refuses whatever comes for a GroupInfo', async () => {
    const { ledger } = await oneBehind();
    const { authenticate } = ledger;
    const signer = await ledger.person('prac-dddddddddddddddddddddddddd');
    const { block, ...view } = ledger.present;
    const parts = decodeBlock(block);
    const length = parts.groupInfo.length;
    await fc.assert(
      fc.asyncProperty(fc.nat(length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const groupInfo = copyBytes(parts.groupInfo.map((byte, index) => (index === at ? byte ^ change : byte)));
        const changed = rewritten(view, { ...parts, groupInfo });
        expect(await refusal(joinCircle({ ...changed, signer, authenticate }))).toMatch(/^CIRCLE_/);
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('starts no circle of a tree that goes nowhere', async () => {
    const { ledger } = await oneBehind();
    const { authenticate } = ledger;
    const signer = await ledger.person('prac-dddddddddddddddddddddddddd');
    const { block, ...view } = ledger.present;
    const { encodeRatchetTree } = await import('ts-mls/ratchetTree.js');
    const { groupInfo, tree } = await readGroupInfo(library, decodeBlock(block).groupInfo, view);
    const parent = tree.find((node) => node?.nodeType === 'parent');
    if (parent?.nodeType !== 'parent') throw new Error('no parent');
    const unmerged = { ...parent, parent: { ...parent.parent, unmergedLeaves: [0x7fff_ffff] } };
    for (const changed of [
      tree.map((node) => (node === parent ? unmerged : node)),
      [...tree, ...new Array(200), parent],
      tree.map((node, at) => (at === 2 ? parent : node)),
    ]) {
      const extensions = groupInfo.extensions.map((extension) =>
        extension.extensionType === 'ratchet_tree'
          ? { ...extension, extensionData: encodeRatchetTree(changed) }
          : extension,
      );
      const trap = rewritten(view, { commit: null, groupInfo: groupInfoBytes(library, { ...groupInfo, extensions }) });
      expect(await refusal(joinCircle({ ...trap, signer, authenticate }))).toBe('CIRCLE_MALFORMED tree');
    }
  });
});

/** An external commit as a dishonest program makes it: in the place of whichever leaf it likes. */
async function outsider(
  ledger: TestLedger,
  signer: Parameters<typeof createCredential>[1],
  isFormer: (leaf: string) => boolean,
) {
  const { mls, cipherSuite } = library;
  const { block, ...view } = ledger.present;
  const { groupInfo } = await readGroupInfo(library, decodeBlock(block).groupInfo, view);
  const pair = await cipherSuite.signature.keygen();
  const credential = await createCredential(view, signer, '0'.repeat(32), pair.publicKey);
  const { publicPackage, privatePackage } = await mls.generateKeyPackageWithKey(
    credential,
    { versions: ['mls10'], ciphersuites: [cipherSuite.name], credentials: ['basic'], extensions: [], proposals: [] },
    mls.defaultLifetime,
    [],
    pair,
    cipherSuite,
  );
  const former = view.leaves.find(({ leaf }) => isFormer(leaf));
  const config: ClientConfig = configOf(mls, view, former?.leaf);
  const joined = await mls.joinGroupExternal(
    groupInfo,
    publicPackage,
    privatePackage,
    former !== undefined,
    cipherSuite,
    undefined,
    config,
  );
  const { publicMessage, newState } = joined;
  return {
    commit: copyBytes(mls.encodeMlsMessage({ version: 'mls10', wireformat: 'mls_public_message', publicMessage })),
    groupInfo: groupInfoBytes(library, await makeGroupInfo(library, newState)),
  };
}
