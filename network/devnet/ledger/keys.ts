/** Where a value was last written. */
export interface Version {
  block: number;
  tx: number;
}

const separator = '\0';

/** Negative where the left one is older. */
export function compareVersions(left: Version, right: Version): number {
  return left.block - right.block || left.tx - right.tx;
}

export function sameVersion(left: Version | undefined, right: Version | undefined): boolean {
  return left?.block === right?.block && left?.tx === right?.tx;
}

function number64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The height and the hash of the last block. */
export const tipKey = Buffer.from('m/tip');
/** The height and the hash up to which a start need not read the chain. */
export const checkpointKey = Buffer.from('m/checkpoint');

export const blockPrefix = Buffer.from('b');
export const blockKey = (number: number): Buffer => Buffer.concat([blockPrefix, number64(number)]);

export const transactionKey = (txId: string): Buffer => Buffer.from(`t${txId}`);

export const stateKeys = Buffer.from('s');
export const statePrefix = (namespace: string): Buffer => Buffer.from(`s${namespace}${separator}`);
export const stateKey = (namespace: string, key: string): Buffer => Buffer.from(`s${namespace}${separator}${key}`);

/** Private values, in the clear; only the peers of a collection's members may read them. */
export const privatePrefix = (namespace: string, collection: string): Buffer =>
  Buffer.from(`p${namespace}${separator}${collection}${separator}`);
export const privateKey = (namespace: string, collection: string, key: string): Buffer =>
  Buffer.concat([privatePrefix(namespace, collection), Buffer.from(key)]);

export const privateKeys = Buffer.from('p');
export function privateSubject(bytes: Buffer): { namespace: string; collection: string; key: string } {
  const [namespace = '', collection = '', ...key] = bytes.subarray(1).toString().split(separator);
  return { namespace, collection, key: key.join(separator) };
}

/** Hashes of private values, by the hash of their key. */
export const hashKey = (namespace: string, collection: string, keyHash: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`x${namespace}${separator}${collection}${separator}`), keyHash]);

export const historyKeys = Buffer.from('h');
/** Which key an entry of the history is about. */
export function historySubject(bytes: Buffer): { namespace: string; key: string } {
  const end = bytes.indexOf(0);
  return { namespace: bytes.toString('utf8', 1, end), key: bytes.toString('utf8', end + 5, bytes.length - 12) };
}

export const metadataKeys = Buffer.from('y');
/** Metadata of a value of the state, public or hashed, by the value's key. */
export const metadataKey = (key: Buffer): Buffer => Buffer.concat([metadataKeys, key]);

export const historyPrefix = (namespace: string, key: string): Buffer => {
  const bytes = Buffer.from(key);
  return Buffer.concat([Buffer.from(`h${namespace}${separator}`), number32(bytes.length), bytes]);
};
export const historyKey = (namespace: string, key: string, version: Version): Buffer =>
  Buffer.concat([historyPrefix(namespace, key), number64(version.block), number32(version.tx)]);

/** Private write sets by block and transaction, for delivery. */
export const privateWritesPrefix = (block: number): Buffer => Buffer.concat([Buffer.from('q'), number64(block)]);
export const privateWritesKey = (version: Version): Buffer =>
  Buffer.concat([privateWritesPrefix(version.block), number32(version.tx)]);

/** Which private write sets mention a private key: what a purge has to clean. */
export const mentionPrefix = (namespace: string, collection: string, keyHash: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`i${namespace}${separator}${collection}${separator}`), keyHash]);
export const mentionKey = (namespace: string, collection: string, keyHash: Uint8Array, version: Version): Buffer =>
  Buffer.concat([mentionPrefix(namespace, collection, keyHash), number64(version.block), number32(version.tx)]);

/** What falls due at a block: private values whose time to live ends. */
export const expiryPrefix = (block: number): Buffer => Buffer.concat([Buffer.from('e'), number64(block)]);
export const expiryKey = (block: number, entry: Buffer): Buffer => Buffer.concat([expiryPrefix(block), entry]);

/** Private write sets of endorsed transactions that are not committed yet, by transaction and hash of the result. */
export const transientPrefix = Buffer.from('z');
export const transientKey = (txId: string, resultsHash: Uint8Array): Buffer =>
  Buffer.concat([transientPrefix, Buffer.from(txId), resultsHash]);
/** An id is a SHA-256 in hex. */
export const transientTxId = (key: Buffer): string => key.toString('latin1', 1, 65);

/** Where private keys and values lie in the clear. */
export const privatePrefixes = [Buffer.from('e'), Buffer.from('p'), Buffer.from('q'), transientPrefix] as const;

/** There while deleted private values may still lie in the database's files. */
export const erasureKey = Buffer.from('m/erasure');

/** Reads the version at the end of a key. */
export function trailingVersion(key: Buffer): Version {
  const at = key.length - 12;
  return { block: Number(key.readBigUInt64BE(at)), tx: key.readUInt32BE(at + 8) };
}

export function trailingBlockNumber(key: Buffer): number {
  return Number(key.readBigUInt64BE(key.length - 8));
}

/** A value with its version before it. */
export function encodeVersioned(version: Version, value: Uint8Array): Buffer {
  return Buffer.concat([number64(version.block), number32(version.tx), value]);
}

export function decodeVersioned(bytes: Buffer): { version: Version; value: Buffer } {
  return {
    version: { block: Number(bytes.readBigUInt64BE(0)), tx: bytes.readUInt32BE(8) },
    value: bytes.subarray(12),
  };
}

/** A key behind all that are in use with this prefix: what follows it is text in UTF-8, or a number. */
export function lastOfPrefix(prefix: Buffer): Buffer {
  return Buffer.concat([prefix, Buffer.of(0xff)]);
}

/** Bounds of all keys with this prefix. */
export function wholePrefix(prefix: Buffer): { gte: Buffer; lt: Buffer } {
  return { gte: prefix, lt: afterPrefix(prefix) };
}

/** The first key after all keys with this prefix. */
export function afterPrefix(prefix: Buffer): Buffer {
  const end = Buffer.from(prefix);
  for (let at = end.length - 1; at >= 0; at -= 1) {
    const byte = end[at] ?? 0;
    if (byte < 0xff) {
      end[at] = byte + 1;
      return end.subarray(0, at + 1);
    }
  }
  return Buffer.of(0xff, 0xff);
}
