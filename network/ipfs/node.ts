import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { base58btc } from 'multiformats/bases/base58';
import { z } from 'zod';
import { replaceFile } from '../processes/replaceFile.ts';
import { Blocks } from './store/blocks.ts';
import { ReadWriteLock } from './store/lock.ts';
import { PinJournal } from './store/pinJournal.ts';
import { Pinning } from './store/pinning.ts';

/** A node's storage and settings, which its commands work on. */
export interface IpfsNode {
  repo: string;
  blocks: Blocks;
  pins: Pinning;
  /** Shared by whoever adds or pins, alone for whoever removes blocks. */
  lock: ReadWriteLock;
  /** The node's public key, base64 of libp2p's protobuf form. */
  publicKey: string;
  /** The libp2p peer id of that key. */
  peerId: string;
  /** The most bytes that one `add` takes. */
  largestAdd: number;
}

/** Opens (and makes, when new) a node's storage: `blocks/`, `pins.jsonl` and `identity.json` in `repo`. */
export async function openNode(options: { repo: string; identity: Identity; largestAdd: number }): Promise<IpfsNode> {
  const { repo, identity, largestAdd } = options;
  const blocks = new Blocks(join(repo, 'blocks'));
  await blocks.open();
  const pins = new Pinning(blocks, await PinJournal.open(join(repo, 'pins.jsonl')));
  return { repo, blocks, pins, lock: new ReadWriteLock(), largestAdd, ...identity };
}

const identitySchema = z.object({ publicKey: z.string(), peerId: z.string() });

export type Identity = z.infer<typeof identitySchema>;

/** A name for the node. It speaks to no other node, so the private key is never needed and not kept. */
export async function openIdentity(repo: string): Promise<Identity> {
  const file = join(repo, 'identity.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text !== undefined) return parseIdentity(text, file);
  const spki = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  // libp2p's PublicKey message: type Ed25519, then the 32 key bytes, which end the SPKI form.
  const message = Buffer.concat([Buffer.from([0x08, 0x01, 0x12, 0x20]), spki.subarray(-32)]);
  const peerId = base58btc.baseEncode(Buffer.concat([Buffer.from([0x00, message.length]), message]));
  const identity = { publicKey: message.toString('base64'), peerId };
  await replaceFile(file, JSON.stringify(identity));
  return identity;
}

function parseIdentity(text: string, file: string): Identity {
  try {
    return identitySchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(
      `The name of the IPFS node, ${file}, is damaged. It was not changed; restore it from a backup, or delete it: the ` +
        'node then takes a new name and loses no document.',
      { cause: error },
    );
  }
}
