import * as dagPb from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import * as Digest from 'multiformats/hashes/digest';
import type { Call, Command } from '../call.ts';
import { IpfsFailure } from '../failure.ts';
import { gatherPart, readParts } from '../multipart.ts';
import { largestBlock } from '../store/blocks.ts';
import { codecNamed } from '../store/codecs.ts';
import { onlyArgument, parsePath, resolvePath } from '../store/dagPath.ts';
import { digestNamed } from '../store/hashes.ts';
import { hashOf } from '../store/pinning.ts';

export const blockGet: Command = async (node, call, reply) => {
  const { cid } = await resolvePath(node.blocks, onlyArgument(call.args, 'cid'));
  const bytes = await node.blocks.read(cid);
  await reply.bytes(once(bytes), { 'Content-Type': 'application/vnd.ipld.raw' });
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

export const blockStat: Command = async (node, call, reply) => {
  const { cid } = await resolvePath(node.blocks, onlyArgument(call.args, 'cid'));
  await reply.json({ Key: cid.toString(), Size: (await node.blocks.read(cid)).length });
};

export const blockPut: Command = (node, call, reply) =>
  node.lock.shared(async () => {
    const form = readForm(call);
    for await (const part of readParts(call.request, 'data', 64 * largestBlock)) {
      const bytes = await gatherPart(part);
      if (bytes.length > largestBlock) {
        throw new IpfsFailure(
          "produced block is over 2MiB: big blocks can't be exchanged with other peers. consider using UnixFS for automatic chunking of bigger files, or pass --allow-big-block to override",
        );
      }
      const digest = digestNamed(form.hash, bytes);
      if (!digest) throw new IpfsFailure(`unrecognized multihash function: ${form.hash}`);
      const cid =
        form.version === 0 ? CID.createV0(Digest.create(0x12, digest.digest)) : CID.createV1(form.codec, digest);
      await node.blocks.put(cid, bytes);
      await node.blocks.flush();
      if (call.flag('pin', false)) await node.pins.add(cid, { recursive: true, name: '' });
      await reply.line({ Key: cid.toString(), Size: bytes.length });
    }
  });

/** What CID to give the block: from `cid-codec` and `mhtype`, or from the older `format`. */
function readForm(call: Call): { version: 0 | 1; codec: number; hash: string } {
  if (call.flag('allow-big-block', false))
    throw new IpfsFailure('this node does not serve block put with allow-big-block');
  const length = call.integer('mhlen') ?? -1;
  if (length !== -1 && length !== 32) throw new IpfsFailure('this node does not cut hashes short (mhlen)');
  const hash = call.text('mhtype') ?? 'sha2-256';
  const format = call.text('format') ?? '';
  const name = format === '' ? (call.text('cid-codec') ?? 'raw') : format;
  if (format === 'v0') {
    if (hash !== 'sha2-256') throw new IpfsFailure('can only create CIDv0 with sha2-256');
    return { version: 0, codec: dagPb.code, hash };
  }
  const older: Record<string, number> = { protobuf: dagPb.code, cbor: codecNamed('dag-cbor') ?? 0, raw: raw.code };
  const codec = (format !== '' && Object.hasOwn(older, name) ? older[name] : undefined) ?? codecNamed(name);
  if (codec === undefined) throw new IpfsFailure(`unknown multicodec: ${JSON.stringify(name)}`);
  return { version: 1, codec, hash };
}

export const blockRm: Command = (node, call, reply) =>
  node.lock.exclusive(async () => {
    onlyArgument(call.args, 'cid');
    const force = call.flag('force', false);
    const quiet = call.flag('quiet', false);
    const cids = call.args.map((path) => parsePath(path).root);
    const kept = await node.pins.keeping(cids);
    for (const cid of cids) {
      const refusal = await whyNot(cid);
      if (refusal === undefined) await node.blocks.delete(cid);
      if (refusal !== undefined || !quiet) {
        await reply.line({ Hash: cid.toString(), ...(refusal === undefined ? {} : { Error: refusal }) });
      }
    }

    async function whyNot(cid: CID): Promise<string | undefined> {
      const how = kept.get(hashOf(cid));
      if (how !== undefined) return how;
      if (!force && (await node.blocks.sizeOf(cid)) === undefined) return `ipld: could not find ${cid}`;
      return undefined;
    }
  });
