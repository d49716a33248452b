import fc from 'fast-check';
import { exporter } from 'ipfs-unixfs-exporter';
import { type ImporterOptions, importer } from 'ipfs-unixfs-importer';
import { balanced } from 'ipfs-unixfs-importer/layout';
import type { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { type Attachment, hashContent, openAttachment, sealAttachment } from './attachment.ts';
import { type Bytes, concat, randomBytes, utf8 } from './bytes.ts';
import { chunkContent, chunkCount, createChunkKey, openChunk, sealChunk } from './chunks.ts';
import { type Block, dagOf, leafBlock } from './dag.ts';
import { sha256Hex } from './derive.ts';
import { maximumEnvelope } from './envelope.ts';

const refusal = (code: string, detail?: string) =>
  expect.objectContaining({ code, ...(detail !== undefined && { detail }) });

async function seal(dataKey: Uint8Array, content: Bytes, index = 0) {
  const blob = new Blob([content]);
  const blocks: Block[] = [];
  const sealing = sealAttachment(dataKey, blob, { index, hash: await hashContent(blob) });
  for (;;) {
    const next = await sealing.next();
    if (next.done === true) return { blocks, attachment: next.value };
    blocks.push(next.value);
  }
}

function store(blocks: readonly Block[]) {
  const kept = new Map(blocks.map(({ cid, bytes }) => [cid, bytes]));
  return async (cids: string[]) => cids.map((cid) => kept.get(cid) ?? new Uint8Array());
}

async function open(dataKey: Uint8Array, attachment: Attachment, get: ReturnType<typeof store>): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  for await (const part of openAttachment(dataKey, attachment, get)) parts.push(part);
  return concat(...parts);
}

const sized = (size: number) => randomContent.slice(0, size);
const randomContent = concat(...Array.from({ length: 16 }, () => randomBytes(65_536)));

describe('an attachment', () => {
  it.each([0, 1, chunkContent - 1, chunkContent, chunkContent + 1, 3 * chunkContent, 3 * chunkContent + 7])(
    'of %d bytes opens to what was sealed, in blocks that IPFS takes',
    async (size) => {
      const [dataKey, content] = [randomBytes(32), sized(size)];
      const { blocks, attachment } = await seal(dataKey, content);
      expect(attachment).toMatchObject({ size, index: 0, hash: sha256Hex(content), root: blocks.at(-1)?.cid });
      expect(blocks.length).toBe(chunkCount(size) + (chunkCount(size) > 1 ? 1 : 0));
      expect(Math.max(...blocks.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(maximumEnvelope);
      expect(await open(dataKey, attachment, store(blocks))).toEqual(content);
    },
  );

  it('has the same blocks again, and others for another content, place or key', async () => {
    const [dataKey, content] = [randomBytes(32), sized(chunkContent + 5)];
    const first = await seal(dataKey, content);
    expect(await seal(dataKey, content)).toEqual(first);
    const changed = content.slice();
    changed[chunkContent + 1] = (changed[chunkContent + 1] ?? 0) ^ 1;
    const others = [
      await seal(dataKey, changed),
      await seal(dataKey, content, 1),
      await seal(randomBytes(32), content),
    ];
    const all = [first, ...others].flatMap(({ blocks }) => blocks.map(({ cid }) => cid));
    expect(new Set(all).size).toBe(all.length);
  });

  it('is refused where the file changes while it is sealed', async () => {
    const blob = new Blob([sized(chunkContent + 5)]);
    const sealing = sealAttachment(randomBytes(32), blob, { index: 0, hash: sha256Hex(utf8('another')) });
    await sealing.next();
    await expect(sealing.next()).rejects.toThrow(refusal('ALTERED', 'the file changed meanwhile'));
  });

  it('says where the first changed byte is', async () => {
    const dataKey = randomBytes(32);
    const { blocks, attachment } = await seal(dataKey, sized(3 * chunkContent));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(2),
        fc.nat(chunkContent - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, offset, change) => {
          const changed = blocks.map((block) => ({ ...block, bytes: block.bytes.slice() }));
          const bytes = changed[at]?.bytes ?? new Uint8Array();
          bytes[offset] = (bytes[offset] ?? 0) ^ change;
          await expect(open(dataKey, attachment, store(changed))).rejects.toThrow(refusal('ALTERED', `chunk ${at}`));
        },
      ),
      { numRuns: 10 },
    );
    const root = blocks.map((block, at) => (at === 3 ? { ...block, bytes: block.bytes.slice(1) } : block));
    await expect(open(dataKey, attachment, store(root))).rejects.toThrow(
      refusal('ALTERED', `block ${attachment.root}`),
    );
  });

  it('is refused with chunks swapped, dropped, doubled or of another file, also under a root that says so', async () => {
    const dataKey = randomBytes(32);
    const { blocks, attachment } = await seal(dataKey, sized(3 * chunkContent + 9));
    const [a, b, c, d] = blocks;
    const other = (await seal(dataKey, sized(10), 1)).blocks[0];
    if (!a || !b || !c || !d || !other) throw new TypeError('blocks');
    const arranged = async (leaves: Block[]) => {
      const { root, nodes } = await dagOf(leaves.map(({ cid, bytes }) => ({ cid, size: bytes.length })));
      return open(dataKey, { ...attachment, root }, store([...blocks, other, ...nodes]));
    };
    await expect(arranged([a, c, b, d])).rejects.toThrow(refusal('ALTERED', 'chunk 1'));
    await expect(arranged([a, b, c])).rejects.toThrow(refusal('ALTERED', 'chunk 2'));
    await expect(arranged([a, c, d])).rejects.toThrow(refusal('ALTERED', 'chunk 1'));
    await expect(arranged([a, b, b, c, d])).rejects.toThrow(refusal('ALTERED', 'chunk 2'));
    await expect(arranged([a, b, c, d, d])).rejects.toThrow(refusal('ALTERED', 'chunk 3'));
    await expect(arranged([b, c, d])).rejects.toThrow(refusal('ENVELOPE_MALFORMED', 'chunk 0'));
    await expect(arranged([a, b, c, other])).rejects.toThrow(refusal('ALTERED', 'chunk 3'));
    await expect(arranged([a])).rejects.toThrow(refusal('ALTERED', 'chunk 0'));
  });

  it('is refused under another key, place, hash or size', async () => {
    const dataKey = randomBytes(32);
    const { blocks, attachment } = await seal(dataKey, sized(10));
    const wrongKey = refusal('WRONG_KEY', 'chunk 0');
    await expect(open(randomBytes(32), attachment, store(blocks))).rejects.toThrow(wrongKey);
    await expect(open(dataKey, { ...attachment, index: 1 }, store(blocks))).rejects.toThrow(wrongKey);
    const hash = sha256Hex(utf8('another'));
    await expect(open(dataKey, { ...attachment, hash }, store(blocks))).rejects.toThrow(wrongKey);
    await expect(open(dataKey, { ...attachment, size: 9 }, store(blocks))).rejects.toThrow(refusal('ALTERED'));
  });

  it('has chunks of their full length', async () => {
    const key = await createChunkKey(randomBytes(32), { index: 0, hash: sha256Hex(utf8('x')) });
    const refused = refusal('CHUNK_COUNT', 'chunk 0');
    await expect(sealChunk(key, { index: 0, last: false }, sized(10))).rejects.toThrow(refused);
    await expect(sealChunk(key, { index: 0, last: true }, sized(chunkContent + 1))).rejects.toThrow(refused);
    const long = new Uint8Array(maximumEnvelope + 1);
    await expect(openChunk(key, { index: 0, last: true }, long)).rejects.toThrow(refusal('ENVELOPE_MALFORMED'));
  });
});

describe('the blocks above the chunks', () => {
  it.each([1, 2, 173, 174, 175, 174 * 2 + 1])('are those that IPFS makes of %d', async (count) => {
    const parts = Array.from({ length: count }, (_, at) => utf8(`part ${at}`));
    const leaves = await Promise.all(parts.map(leafBlock));
    const { root, nodes } = await dagOf(leaves.map(({ cid, bytes }) => ({ cid, size: bytes.length })));
    const kept = new Map([...leaves, ...nodes].map(({ cid, bytes }) => [cid, bytes]));
    const made = new Map<string, Uint8Array>();
    const blockstore = {
      async put(cid: CID, bytes: Uint8Array) {
        made.set(cid.toString(), bytes);
        return cid;
      },
      async *get(cid: CID) {
        yield kept.get(cid.toString()) ?? new Uint8Array();
      },
    };
    const options: ImporterOptions = {
      rawLeaves: true,
      cidVersion: 1,
      layout: balanced({ maxChildrenPerNode: 174 }),
      reduceSingleLeafToSelf: true,
      chunker: (source) => source,
    };
    async function* content() {
      yield* parts;
    }
    for await (const { cid } of importer([{ content: content() }], blockstore, options)) {
      expect(root).toBe(cid.toString());
    }
    for (const { cid } of nodes) expect(made.has(cid), cid).toBe(true);
    const entry = await exporter(root, blockstore);
    const read: Uint8Array[] = [];
    if (entry.type !== 'file' && entry.type !== 'raw') throw new TypeError(entry.type);
    for await (const part of entry.content()) read.push(part);
    expect(concat(...read)).toEqual(concat(...parts));
  });
});
