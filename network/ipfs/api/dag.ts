import * as dagCbor from '@ipld/dag-cbor';
import * as dagJson from '@ipld/dag-json';
import { CID } from 'multiformats/cid';
import type { Command } from '../call.ts';
import { IpfsFailure } from '../failure.ts';
import { gatherPart, readParts } from '../multipart.ts';
import { largestBlock } from '../store/blocks.ts';
import { codecNamed, encodeValue } from '../store/codecs.ts';
import { onlyArgument, resolvePath, valueAt } from '../store/dagPath.ts';
import { digestNamed } from '../store/hashes.ts';

export const dagGet: Command = async (node, call, reply) => {
  const resolved = await resolvePath(node.blocks, onlyArgument(call.args, 'ref'));
  const codec = call.text('output-codec') ?? 'dag-json';
  const bytes = encodeValue(codec, await valueAt(node.blocks, resolved));
  await reply.bytes(once(bytes), { 'Content-Type': 'text/plain' });
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

export const dagResolve: Command = async (node, call, reply) => {
  const { cid, inside } = await resolvePath(node.blocks, onlyArgument(call.args, 'ref'));
  await reply.json({ Cid: { '/': cid.toString() }, RemPath: inside.map((step) => `/${step}`).join('') });
};

export const dagPut: Command = (node, call, reply) =>
  node.lock.shared(async () => {
    const input = call.text('input-codec') ?? 'dag-json';
    const store = call.text('store-codec') ?? 'dag-cbor';
    const hash = call.text('hash') ?? 'sha2-256';
    for await (const part of readParts(call.request, 'object data', 8 * largestBlock)) {
      const bytes = encodeValue(store, decodeInput(input, await gatherPart(part)));
      if (bytes.length > largestBlock) throw new IpfsFailure('produced block is over 2MiB');
      const digest = digestNamed(hash, bytes);
      const code = codecNamed(store);
      if (!digest || code === undefined) throw new IpfsFailure(`unrecognized multihash function: ${hash}`);
      const cid = CID.createV1(code, digest);
      await node.blocks.put(cid, bytes);
      await node.blocks.flush();
      if (call.flag('pin', false)) await node.pins.add(cid, { recursive: true, name: '' });
      await reply.line({ Cid: { '/': cid.toString() } });
    }
  });

function decodeInput(codec: string, bytes: Uint8Array): unknown {
  try {
    if (codec === 'dag-json') return dagJson.decode(bytes);
    if (codec === 'dag-cbor') return dagCbor.decode(bytes);
    if (codec === 'raw') return bytes;
  } catch (error) {
    throw new IpfsFailure(`the data is no ${codec}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  throw new IpfsFailure(`this node does not serve dag put with input-codec ${JSON.stringify(codec)}`);
}
