import type { Capabilities } from 'ts-mls';
import { type Bytes, copyBytes, wipe } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { decodeBlock } from './block.ts';
import { type CircleSigner, createCredential, newLeafId, readCredential } from './credential.ts';
import { readGroupInfo } from './groupInfo.ts';
import { configOf, groupIdOf, guarded, leavesOf } from './groupState.ts';
import { Member } from './member.ts';
import { type Pending, type Proposed, proposalOf } from './pending.ts';
import type { Authenticate } from './standing.ts';
import { loadMls, type Mls } from './suite.ts';
import { type EpochView, requireBlockOf, requireLeavesOf } from './view.ts';

interface Joining {
  signer: CircleSigner;
  authenticate: Authenticate;
  /** See `MemberParts`. */
  retainEpochs?: number;
  /** Keys of epochs before, which the member that this one replaces had: `exportKeys`. */
  kept?: ReadonlyMap<number, Bytes>;
}

/** A member that is one as soon as the ledger took the change: `await pending.apply()`. */
export interface Joined {
  member: Member;
  pending: Pending;
}

type CircleId = { patient: string; generation: number };

/** Epoch 0 of a circle with one leaf, the signer's. Throws `CIRCLE_CREDENTIAL`. */
export async function createCircle({ patient, generation, ...joining }: CircleId & Joining): Promise<Joined> {
  const circle = { patient, generation };
  const library = await loadMls();
  const { mls, cipherSuite } = library;
  const keys = await leafKeys(library, circle, joining);
  const { publicPackage, privatePackage } = keys.keyPackage;
  const config = configOf(mls, circle);
  const group = groupIdOf(circle);
  const state = await mls.createGroup(group, publicPackage, privatePackage, [], cipherSuite, config);
  wipe(privatePackage.initPrivateKey);
  const proposed = await proposalOf(library, circle, null, state, { added: [keys.leaf], removed: [] });
  return joined(circle, joining, { proposed, leaf: keys.leaf.leaf });
}

/**
 * Joins the circle at the epoch that the ledger names, by an external commit (RFC 9420, section 12.4.3.2): nobody else has to
 * be there. `replaces` is the own former leaf, whose state was lost; where nobody else is in the circle it stays, and is `unfit`,
 * until the next change removes it. Throws `CIRCLE_CREDENTIAL` where the signer may not be in it, `CIRCLE_BLOCK`, and
 * where nobody can join this epoch `CIRCLE_MISMATCH`, `CIRCLE_MALFORMED`, `CIRCLE_COMMIT`.
 */
export async function joinCircle({
  view,
  block,
  replaces,
  ...joining
}: { view: EpochView; block: Uint8Array; replaces?: string } & Joining): Promise<Joined> {
  const { patient, generation, leaves } = view;
  const circle = { patient, generation };
  if (leaves === undefined) throw new CryptoError('CIRCLE_MISMATCH', 'not the present epoch');
  requireBlockOf(view, block);
  const library = await loadMls();
  const { mls, cipherSuite } = library;
  const parsed = decodeBlock(block);
  const { groupInfo, tree } = await guarded('CIRCLE_MALFORMED', () => readGroupInfo(library, parsed.groupInfo, view));
  const present = leavesOf(tree);
  requireLeavesOf(view, present);
  if (
    replaces !== undefined &&
    !present.some((each) => each.leaf === replaces && each.subject === joining.signer.subject)
  ) {
    throw new CryptoError('CIRCLE_COMMIT', 'no leaf of its own to take the place of');
  }
  const keys = await leafKeys(library, circle, joining);
  const { publicPackage, privatePackage } = keys.keyPackage;
  // The library takes no tree to have nobody in it, not even between removing the one and adding the other.
  const resync = replaces !== undefined && present.length > 1;
  const config = configOf(mls, circle, replaces);
  const proposed = await guarded('CIRCLE_MALFORMED', async () => {
    const { publicMessage, newState } = await mls.joinGroupExternal(
      groupInfo,
      publicPackage,
      privatePackage,
      resync,
      cipherSuite,
      tree,
      config,
    );
    const message = mls.encodeMlsMessage({ version: 'mls10', wireformat: 'mls_public_message', publicMessage });
    const removed = resync ? [replaces] : [];
    const state = { ...newState, clientConfig: configOf(mls, circle) };
    return proposalOf(library, circle, copyBytes(message), state, { added: [keys.leaf], removed });
  });
  wipe(privatePackage.initPrivateKey, privatePackage.hpkePrivateKey);
  const former = replaces !== undefined && !resync ? { former: replaces } : {};
  return joined(circle, joining, { proposed, leaf: keys.leaf.leaf, ...former });
}

function joined(
  circle: CircleId,
  { signer, ...joining }: Joining,
  made: { proposed: Proposed; leaf: string; former?: string },
): Joined {
  const member = new Member({ ...circle, ...made, subject: signer.subject, ...joining });
  const { pending } = member;
  if (pending === undefined) throw new CryptoError('CIRCLE_PENDING', 'none');
  return { member, pending };
}

/** The keys of a new leaf, signed for by its subject, whom the authentication service lets in. */
async function leafKeys({ mls, cipherSuite }: Mls, circle: CircleId, { signer, authenticate }: Joining) {
  const reason = await authenticate(signer.subject, signer.certificatePem);
  if (reason !== undefined) throw new CryptoError('CIRCLE_CREDENTIAL', `${signer.subject} ${reason}`);
  const pair = await cipherSuite.signature.keygen();
  const credential = await createCredential(circle, signer, newLeafId(), pair.publicKey);
  const capabilities: Capabilities = {
    versions: ['mls10'],
    ciphersuites: [cipherSuite.name],
    credentials: ['basic'],
    extensions: [],
    proposals: [],
  };
  const { defaultLifetime: lifetime } = mls;
  const keyPackage = await mls.generateKeyPackageWithKey(credential, capabilities, lifetime, [], pair, cipherSuite);
  const { leaf, subject, keyHash } = readCredential(credential, pair.publicKey);
  return { keyPackage, leaf: { leaf, subject, keyHash } };
}
