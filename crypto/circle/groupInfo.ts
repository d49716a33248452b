import type { ClientState, GroupInfo, RatchetTree } from 'ts-mls';
import { type Bytes, copyBytes, equalBytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { groupIdOf } from './groupState.ts';
import type { Mls } from './suite.ts';
import type { EpochView } from './view.ts';

/** Nodes of a tree of 32 leaves, the most that the ledger lets in; a larger one is refused before it costs anything. */
const mostNodes = 63;

/**
 * Refuses a tree that the library would go on with and should not: one too wide, one with nodes in each other's places, and
 * unmerged leaves, which only Add proposals make and circles have none of. Throws `CIRCLE_MALFORMED`.
 */
function requireTree(tree: RatchetTree): void {
  const sound = tree.every((node, at) => {
    if (node === undefined) return true;
    if (node.nodeType === 'leaf') return at % 2 === 0;
    return at % 2 === 1 && node.parent.unmergedLeaves.length === 0;
  });
  if (tree.length > mostNodes || !sound) throw new CryptoError('CIRCLE_MALFORMED', 'tree');
}

/** Reads a GroupInfo and its tree. Throws `CIRCLE_MALFORMED`, and `CIRCLE_MISMATCH` for another circle's or epoch's. */
export async function readGroupInfo(
  { mls }: Mls,
  bytes: Bytes,
  view: EpochView,
): Promise<{ groupInfo: GroupInfo; tree: RatchetTree }> {
  const { decodeRatchetTree } = await import('ts-mls/ratchetTree.js');
  const [message, length] = mls.decodeMlsMessage(bytes, 0) ?? [];
  if (message?.wireformat !== 'mls_group_info' || length !== bytes.length) {
    throw new CryptoError('CIRCLE_MALFORMED', 'GroupInfo');
  }
  const { groupInfo } = message;
  const { groupContext, extensions } = groupInfo;
  const kinds = extensions.map(({ extensionType }) => extensionType).sort();
  const extension = extensions.find(({ extensionType }) => extensionType === 'ratchet_tree');
  if (kinds.join() !== 'external_pub,ratchet_tree' || extension === undefined || groupContext.extensions.length > 0) {
    throw new CryptoError('CIRCLE_MALFORMED', 'extensions of the GroupInfo');
  }
  if (!equalBytes(groupContext.groupId, groupIdOf(view)) || groupContext.epoch !== BigInt(view.epoch)) {
    throw new CryptoError('CIRCLE_MISMATCH', 'a GroupInfo of another circle or epoch');
  }
  const [tree, used] = decodeRatchetTree(extension.extensionData, 0) ?? [];
  if (tree === undefined || used !== extension.extensionData.length) throw new CryptoError('CIRCLE_MALFORMED', 'tree');
  requireTree(tree);
  return { groupInfo, tree };
}

/** The GroupInfo that others join from: with the public key for external commits, and the tree. */
export async function makeGroupInfo({ mls, cipherSuite }: Mls, state: ClientState): Promise<GroupInfo> {
  return mls.createGroupInfoWithExternalPubAndRatchetTree(state, [], cipherSuite);
}

export const groupInfoBytes = ({ mls }: Mls, groupInfo: GroupInfo): Bytes =>
  copyBytes(mls.encodeMlsMessage({ version: 'mls10', wireformat: 'mls_group_info', groupInfo }));

/** Who joins next joins from this GroupInfo: it must be of the state that the commit led to, and of nobody else's key. */
export async function requireGroupInfo(library: Mls, bytes: Bytes, view: EpochView, state: ClientState): Promise<void> {
  const { verifyGroupInfoSignature } = await import('ts-mls/groupInfo.js');
  const { groupInfo } = await readGroupInfo(library, bytes, view);
  const own = await makeGroupInfo(library, state);
  const spelt = (given: typeof own) =>
    groupInfoBytes(library, {
      ...{ ...given, signer: 0, signature: new Uint8Array() },
      extensions: [...given.extensions].sort((a, b) => (`${a.extensionType}` < `${b.extensionType}` ? -1 : 1)),
    });
  const signer = state.ratchetTree[2 * groupInfo.signer];
  const signed =
    signer?.nodeType === 'leaf' &&
    (await verifyGroupInfoSignature(groupInfo, signer.leaf.signaturePublicKey, library.cipherSuite.signature));
  if (!signed || !equalBytes(spelt(groupInfo), spelt(own))) {
    throw new CryptoError('CIRCLE_MISMATCH', 'the GroupInfo is of another state');
  }
}
