import { type DirectoryCandidate, type FileCandidate, type ImporterOptions, importer } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';
import type { CID } from 'multiformats/cid';
import type { Call, Command, Reply } from '../call.ts';
import { IpfsFailure } from '../failure.ts';
import { type Part, readContent, readParts } from '../multipart.ts';
import type { IpfsNode } from '../node.ts';

/** Kubo's largest chunk: 2 MiB less room for the wrapping. */
const largestChunk = 2 * 1024 * 1024 - 256;
const progressStep = 262_144;

interface AddOptions {
  importer: ImporterOptions;
  wrap: boolean;
  progress: boolean;
  pin: { name: string } | undefined;
  onlyHash: boolean;
}

/** Options of Kubo's `add` that change the result in ways this node does not make. */
const notServed = [
  'trickle',
  'nocopy',
  'inline',
  'max-file-links',
  'max-directory-links',
  'max-hamt-fanout',
  'to-files',
];

/** `add`: makes UnixFS DAGs of the files in the body, and answers with a line for each file and folder. */
export const add: Command = (node, call, reply) => {
  const options = readOptions(call);
  const work = async (): Promise<void> => {
    const source = readParts(call.request, 'path', node.largestAdd);
    const parts = peekable(source);
    try {
      do await addItem(node, parts, options, reply);
      while (!options.wrap && (await parts.peek()));
    } finally {
      // Peeking does not end it, and it must read on for a caller who is still sending when it is refused.
      await source.return(undefined);
    }
  };
  return options.onlyHash ? work() : node.lock.shared(work);
};

/** Adds what belongs to one top-level name (or everything, when it is wrapped) and pins its root. */
async function addItem(node: IpfsNode, parts: Peekable<Part>, options: AddOptions, reply: Reply): Promise<void> {
  const first = await parts.peek();
  const top = first && topOf(first.path);
  const candidates = async function* (): AsyncGenerator<FileCandidate | DirectoryCandidate> {
    for (let part = await parts.peek(); part && (options.wrap || topOf(part.path) === top); part = await parts.peek()) {
      parts.take();
      yield candidateOf(part, options.progress ? reply : undefined);
    }
  };
  // Hashing alone writes nothing anywhere.
  const store = options.onlyHash ? { put: (cid: CID) => cid } : node.blocks;
  const settings = { ...options.importer, wrapWithDirectory: options.wrap };
  let last: { path: string; cid: CID; size: bigint } | undefined;
  for await (const { path, cid, size } of importer(candidates(), store, settings)) {
    // A line is held back until the next one is there: the last is the root's, which is acknowledged once it is pinned.
    if (last) await reply.line(lineOf(last));
    last = { path: path ?? '', cid, size };
  }
  if (!last) throw new IpfsFailure('no files were given');
  if (options.wrap) last.path = '';
  else if (last.path === '') last.path = last.cid.toString();
  if (!options.onlyHash) {
    await node.blocks.flush();
    if (options.pin) await node.pins.add(last.cid, { recursive: true, name: options.pin.name });
  }
  await reply.line(lineOf(last));
}

function lineOf(entry: { path: string; cid: CID; size: bigint }): unknown {
  return { Name: entry.path, Hash: entry.cid.toString(), Size: entry.size.toString() };
}

function topOf(path: string): string {
  return path.split('/').find((step) => step !== '') ?? '';
}

function candidateOf(part: Part, progressTo: Reply | undefined): FileCandidate | DirectoryCandidate {
  if (part.path.split('/').includes('..'))
    throw new IpfsFailure(`path ${JSON.stringify(part.path)} leads out of what is added`);
  // Clients put a file's mode and time behind the field's name.
  if (part.field.includes('?')) throw new IpfsFailure('this node does not serve add with mode or mtime');
  if (part.type === 'application/x-directory') {
    part.content.resume();
    return { path: part.path };
  }
  if (part.type === 'application/symlink') throw new IpfsFailure('this node adds no symbolic links');
  const content = progressTo ? withProgress(part, progressTo) : readContent(part);
  return { path: part.path, content };
}

/** Tells how far the reading is: at every 262,144 bytes and at the end, as Kubo does. */
async function* withProgress(part: Part, reply: Reply): AsyncGenerator<Uint8Array> {
  let read = 0;
  let told = 0;
  for await (const piece of readContent(part)) {
    read += piece.length;
    yield piece;
    while (read - told >= progressStep) {
      told += progressStep;
      await reply.line({ Name: part.path, Bytes: told });
    }
  }
  await reply.line({ Name: part.path, ...(read === 0 ? {} : { Bytes: read }) });
}

function readOptions(call: Call): AddOptions {
  for (const name of notServed) {
    const value = call.text(name);
    if (value !== undefined && !['false', '0', ''].includes(value))
      throw new IpfsFailure(`this node does not serve add with ${name}`);
  }
  const hash = call.text('hash') ?? 'sha2-256';
  if (hash !== 'sha2-256') throw new IpfsFailure(`this node adds files with sha2-256 only, not ${hash}`);
  const version = call.integer('cid-version') ?? 0;
  if (version !== 0 && version !== 1) throw new IpfsFailure(`unknown CID version: ${version}`);
  return {
    importer: {
      cidVersion: version,
      rawLeaves: call.flag('raw-leaves', version === 1),
      leafType: 'file',
      reduceSingleLeafToSelf: true,
      chunker: fixedSize({ chunkSize: chunkSize(call.text('chunker') ?? 'size-262144') }),
      layout: balanced({ maxChildrenPerNode: 174 }),
      shardSplitThresholdBytes: 262_144,
      shardSplitStrategy: 'links-bytes',
      shardFanoutBits: 8,
      // The body is one stream: the next file begins where this one ends.
      fileImportConcurrency: 1,
      blockWriteConcurrency: 8,
    },
    wrap: call.flag('wrap-with-directory', false),
    progress: call.flag('progress', false),
    pin: call.flag('pin', true) ? { name: call.text('pin-name') ?? '' } : undefined,
    onlyHash: call.flag('only-hash', false),
  };
}

function chunkSize(chunker: string): number {
  if (chunker === '' || chunker === 'default') return 262_144;
  if (/^(rabin|buzhash)/.test(chunker)) throw new IpfsFailure(`this node does not serve the chunker ${chunker}`);
  const size = /^size-(\d{1,12})$/.exec(chunker)?.[1];
  if (size === undefined) throw new IpfsFailure(`unrecognized chunker option: ${chunker}`);
  if (Number(size) === 0) throw new IpfsFailure('chunker size must be greater than 0');
  if (Number(size) > largestChunk) {
    throw new IpfsFailure(`chunker parameters may not exceed the maximum chunk size of ${largestChunk}`);
  }
  return Number(size);
}

interface Peekable<T> {
  peek(): Promise<T | undefined>;
  take(): void;
}

function peekable<T>(source: AsyncGenerator<T>): Peekable<T> {
  let next: Promise<IteratorResult<T, unknown>> | undefined;
  return {
    peek: async () => {
      next ??= source.next();
      const result = await next;
      return result.done ? undefined : result.value;
    },
    take: () => {
      next = undefined;
    },
  };
}
