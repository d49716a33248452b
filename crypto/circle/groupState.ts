import type { ClientConfig, ClientState, RatchetTree } from 'ts-mls';
import { type Bytes, copyBytes, toBase64Url, utf8, wipe } from '../bytes.ts';
import { CryptoError, type CryptoErrorCode } from '../errors.ts';
import { createReadingKey } from '../wrap.ts';
import { checkCredential, type LeafCredential, readCredential } from './credential.ts';
import { circleKeyLength, exporterLabel } from './key.ts';
import type { Mls } from './suite.ts';
import { circleName, type EpochView } from './view.ts';

type CircleId = Pick<EpochView, 'patient' | 'generation'>;

/** What an epoch leaves a member with. */
export interface Held {
  state: ClientState;
  /** The epoch's key for telemetry; 32 bytes. */
  key: Bytes;
}

export type TreeLeaf = LeafCredential & { index: number };

/** Runs what the library does; what it throws becomes `code`. */
export async function guarded<T>(code: CryptoErrorCode, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof CryptoError) throw cause;
    throw new CryptoError(code, cause instanceof Error ? cause.message : '', { cause });
  }
}

export const groupIdOf = (circle: CircleId): Bytes => utf8(circleName(circle));

/**
 * How the library is used here: each credential has to be signed by its subject; whether the subject may be there is asked
 * once an epoch is reached (`Member.unfit`). `replaces` is the id of the joiner's former leaf.
 */
export function configOf(mls: Mls['mls'], circle: CircleId, replaces?: string): ClientConfig {
  const checked = new Set<string>();
  return {
    keyRetentionConfig: mls.defaultKeyRetentionConfig,
    lifetimeConfig: mls.defaultLifetimeConfig,
    paddingConfig: mls.defaultPaddingConfig,
    keyPackageEqualityConfig: {
      ...mls.defaultKeyPackageEqualityConfig,
      compareKeyPackageToLeafNode: (_own, { credential, signaturePublicKey }) =>
        readCredential(credential, signaturePublicKey).leaf === replaces,
    },
    authService: {
      async validateCredential(credential, signaturePublicKey) {
        const { signature } = readCredential(credential, signaturePublicKey);
        const name = `${signature} ${toBase64Url(signaturePublicKey)}`;
        if (checked.has(name)) return true;
        await checkCredential(circle, credential, copyBytes(signaturePublicKey));
        checked.add(name);
        return true;
      },
    },
  };
}

/** The leaves of a tree, in its order. Throws `CIRCLE_MALFORMED`, `CIRCLE_CREDENTIAL`. */
export function leavesOf(tree: RatchetTree): TreeLeaf[] {
  const leaves: TreeLeaf[] = [];
  for (const [at, node] of tree.entries()) {
    if (node?.nodeType !== 'leaf') continue;
    const { leaf, subject, keyHash, certificatePem } = readCredential(
      node.leaf.credential,
      node.leaf.signaturePublicKey,
    );
    leaves.push({ index: at / 2, leaf, subject, keyHash, certificatePem });
  }
  const alone = (names: string[]) => new Set(names).size === leaves.length;
  if (!alone(leaves.map(({ leaf }) => leaf)) || !alone(leaves.map(({ keyHash }) => keyHash))) {
    throw new CryptoError('CIRCLE_MALFORMED', 'two leaves of one id or key');
  }
  return leaves;
}

/**
 * Takes the epoch's key out of a new state, and wipes all secrets of it that circles never use: those of application messages,
 * resumption and authenticator. The exporter goes too, once its one use is made.
 */
export async function holdOf({ mls, cipherSuite }: Mls, state: ClientState): Promise<Held> {
  const { exporterSecret, senderDataSecret, resumptionPsk, epochAuthenticator, confirmationKey } = state.keySchedule;
  const key = await mls.mlsExporter(exporterSecret, exporterLabel, new Uint8Array(), circleKeyLength, cipherSuite);
  wipe(exporterSecret, senderDataSecret, resumptionPsk, epochAuthenticator, confirmationKey);
  for (const { secretTree } of [state, ...state.historicalReceiverData.values()]) {
    for (const node of secretTree) {
      for (const ratchet of [node.handshake, node.application]) {
        wipe(ratchet.secret, ...Object.values(ratchet.unusedGenerations));
      }
    }
  }
  // A node that is blank now has no key; the one of before must not be taken for it.
  const privateKeys = Object.fromEntries(
    Object.entries(state.privatePath.privateKeys).filter(([node]) => state.ratchetTree[Number(node)] !== undefined),
  );
  const privatePath = { ...state.privatePath, privateKeys };
  return { state: { ...state, privatePath, historicalReceiverData: new Map() }, key: copyBytes(key) };
}

/**
 * The private keys that a commit brought have to be those of the tree's public keys (RFC 9420, section 12.4.2), which the library
 * does not look at: whoever sent others would have the next change fail. Throws `CIRCLE_COMMIT`.
 */
export async function requireKeysOfTree({ privatePath, ratchetTree }: ClientState, before: ClientState): Promise<void> {
  const known = new Set(Object.values(before.privatePath.privateKeys));
  for (const [at, secret] of Object.entries(privatePath.privateKeys)) {
    const node = ratchetTree[Number(at)];
    if (node === undefined || known.has(secret)) continue;
    const { hpkePublicKey } = node.nodeType === 'leaf' ? node.leaf : node.parent;
    const { seed, publicKey } = await createReadingKey(secret);
    wipe(seed);
    if (publicKey !== toBase64Url(hpkePublicKey)) throw new CryptoError('CIRCLE_COMMIT', `keys of node ${at} differ`);
  }
}

/** Wipes the secrets of `state`, except those that `kept` goes on with. */
export function wipeState(state: ClientState, kept?: ClientState): void {
  const stay = new Set(kept === undefined ? [] : secretsOf(kept));
  wipe(...secretsOf(state).filter((secret) => !stay.has(secret)));
}

const secretsOf = ({ keySchedule, privatePath, signaturePrivateKey }: ClientState): Uint8Array[] => [
  ...Object.values(keySchedule),
  ...Object.values(privatePath.privateKeys),
  signaturePrivateKey,
];
