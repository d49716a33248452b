import * as dagCbor from '@ipld/dag-cbor';
import * as dagJson from '@ipld/dag-json';
import * as dagPb from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { IpfsFailure } from '../failure.ts';

/** The codecs whose content this node understands, by their multicodec names. */
const codecs: Record<string, { code: number; decode: (bytes: Uint8Array) => unknown }> = {
  raw: { code: raw.code, decode: (bytes) => bytes },
  'dag-pb': { code: dagPb.code, decode: (bytes) => dagPb.decode(bytes) },
  'dag-cbor': { code: dagCbor.code, decode: (bytes) => dagCbor.decode(bytes) },
  'dag-json': { code: dagJson.code, decode: (bytes) => dagJson.decode(bytes) },
};

const byCode = new Map(Object.values(codecs).map((codec) => [codec.code, codec]));

/** The code of a codec by its name; undefined when unknown. */
export function codecNamed(name: string): number | undefined {
  return Object.hasOwn(codecs, name) ? codecs[name]?.code : undefined;
}

/** The value in a block. */
export function decodeBlock(cid: CID, bytes: Uint8Array): unknown {
  const codec = byCode.get(cid.code);
  if (!codec)
    throw new IpfsFailure(`no decoder registered for multicodec code ${cid.code} (0x${cid.code.toString(16)})`);
  try {
    return codec.decode(bytes);
  } catch (error) {
    throw new IpfsFailure(`${cid} cannot be decoded: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Encodes a value for storing or answering. */
export function encodeValue(codec: string, value: unknown): Uint8Array {
  if (codec === 'dag-json') return dagJson.encode(value);
  if (codec === 'dag-cbor') return dagCbor.encode(value);
  if (codec === 'dag-pb') return dagPb.encode(dagPb.prepare(value));
  if (codec === 'raw' && value instanceof Uint8Array) return value;
  if (codec === 'raw') throw new IpfsFailure('only bytes can be encoded as raw');
  throw new IpfsFailure(`no encoder registered for multicodec ${JSON.stringify(codec)}`);
}

/** The CIDs that a block links to, in order. */
export function linksOf(cid: CID, bytes: Uint8Array): CID[] {
  if (cid.code === raw.code) return [];
  const found: CID[] = [];
  collect(decodeBlock(cid, bytes), found);
  return found;
}

function collect(value: unknown, found: CID[]): void {
  const link = CID.asCID(value);
  if (link) found.push(link);
  else if (value instanceof Uint8Array || value === null || typeof value !== 'object') return;
  else for (const part of Object.values(value)) collect(part, found);
}
