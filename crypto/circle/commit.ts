import type { ClientState, PublicMessage, RatchetTree } from 'ts-mls';
import { type Bytes, equalBytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { readCredential } from './credential.ts';
import { leavesOf, type TreeLeaf } from './groupState.ts';
import type { Mls } from './suite.ts';

/** What a commit does to the members, known before it is processed. */
export interface ReadCommit {
  message: PublicMessage;
  /** Ids. */
  removed: string[];
  /** Id of the leaf that comes by an external commit. */
  joins?: string;
}

const refuse = (detail: string): never => {
  throw new CryptoError('CIRCLE_COMMIT', detail);
};

/**
 * Reads the commit that follows `state`. RFC 9420 allows commits much that circles have no use for, and the library goes on
 * with some that it should refuse; so only two forms pass: a member's, with a path and removals, and an outsider's (section
 * 12.4.3.2), with a path, one ExternalInit and at most the removal of a leaf of the same subject. Throws `CIRCLE_COMMIT`.
 */
export function readCommit({ mls }: Mls, bytes: Bytes, state: ClientState): ReadCommit {
  const [decoded, length] = mls.decodeMlsMessage(bytes, 0) ?? [];
  if (decoded?.wireformat !== 'mls_public_message' || length !== bytes.length) return refuse('no public message');
  const message = decoded.publicMessage;
  const { content } = message;
  const { groupId, epoch } = state.groupContext;
  if (!equalBytes(content.groupId, groupId) || content.epoch !== epoch) return refuse('of another circle or epoch');
  if (content.contentType !== 'commit' || content.authenticatedData.length > 0) return refuse('no commit');
  const { path, proposals } = content.commit;
  if (path === undefined) return refuse('without a path');
  const removedIndices: number[] = [];
  let inits = 0;
  for (const each of proposals) {
    if (each.proposalOrRefType !== 'proposal') return refuse('a proposal that is not in it');
    const { proposal } = each;
    if (proposal.proposalType === 'remove') removedIndices.push(proposal.remove.removed);
    else if (proposal.proposalType === 'external_init') inits += 1;
    else return refuse(`proposal ${proposal.proposalType}`);
  }
  const leaves = new Map(leavesOf(state.ratchetTree).map((leaf) => [leaf.index, leaf]));
  if (new Set(removedIndices).size < removedIndices.length) return refuse('removes twice');
  const gone = removedIndices.map((index) => leaves.get(index) ?? refuse('removes nobody'));
  const own = readCredential(path.leafNode.credential, path.leafNode.signaturePublicKey);
  if (content.sender.senderType === 'member') {
    const sender = leaves.get(content.sender.leafIndex);
    if (inits > 0 || sender === undefined || gone.includes(sender)) return refuse('not of a member');
    if (own.leaf !== sender.leaf || own.subject !== sender.subject || own.keyHash !== sender.keyHash) {
      return refuse('under another name');
    }
    return { message, removed: gone.map(({ leaf }) => leaf) };
  }
  if (content.sender.senderType !== 'new_member_commit' || inits !== 1) return refuse('of nobody');
  const [former, ...more] = gone;
  if (more.length > 0 || (former !== undefined && former.subject !== own.subject)) return refuse('removes others');
  return { message, removed: gone.map(({ leaf }) => leaf), joins: own.leaf };
}

/** Throws `CIRCLE_COMMIT` unless the leaves after a commit are those before, without `removed` and with `joins`. */
export function requireChange(
  before: RatchetTree,
  after: RatchetTree,
  { removed, joins }: Omit<ReadCommit, 'message'>,
) {
  const spelt = ({ index, leaf, subject, keyHash }: TreeLeaf) => `${index} ${leaf} ${subject} ${keyHash}`;
  const stay = leavesOf(before).filter(({ leaf }) => !removed.includes(leaf));
  const remain = leavesOf(after).filter(({ leaf }) => leaf !== joins);
  const expected = stay.length + (joins === undefined ? 0 : 1);
  if (stay.map(spelt).join() !== remain.map(spelt).join() || leavesOf(after).length !== expected) {
    return refuse('changes others');
  }
}

/**
 * Whoever is removed cannot process the commit, whose secrets are not for them. So that nobody is talked out of a circle, it has
 * at least to be signed: by a member, or, of a leaf in its own place, by the subject. Throws.
 */
export async function requireSignedCommit(
  { cipherSuite }: Mls,
  { keySchedule, groupContext, ratchetTree, clientConfig }: ClientState,
  message: PublicMessage,
): Promise<void> {
  const { unprotectPublicMessage } = await import('ts-mls/messageProtectionPublic.js');
  const { membershipKey } = keySchedule;
  const { content } = await unprotectPublicMessage(membershipKey, groupContext, ratchetTree, message, cipherSuite);
  const leaf = content.contentType === 'commit' ? content.commit.path?.leafNode : undefined;
  if (leaf === undefined) return refuse('without a path');
  await clientConfig.authService.validateCredential(leaf.credential, leaf.signaturePublicKey);
}
