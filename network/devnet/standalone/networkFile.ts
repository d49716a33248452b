import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type CollectionConfig, DevnetError } from '../config.ts';
import { type ChaincodeDescription, collectionSchema, type NetworkDescription, networkSchema } from './schema.ts';

/** What a network's file says, with its places as absolute paths and its collections read. */
export interface NetworkFile {
  path: string;
  stateDir: string;
  certificatesDir: string;
  description: NetworkDescription;
  /** The collections of a chaincode of a channel. */
  collections(channel: string, chaincode: string): CollectionConfig[];
  /** The folder in which a chaincode's command runs. */
  folder(chaincode: ChaincodeDescription): string;
}

/** Reads a YAML or JSON text by a schema. Throws a DevnetError that names each fault with its line and its field. */
function parseText<Value>(path: string, text: string, schema: z.ZodType<Value>): Value {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const lineAt = (offset: number) => counter.linePos(offset).line;
  const faults = document.errors.map(({ message, pos }) => `${path}:${lineAt(pos[0])}: ${message}`);
  if (faults.length > 0) throw new DevnetError(faults.join('\n'));
  const result = schema.safeParse(document.toJS());
  if (result.success) return result.data;
  const lineOf = (field: readonly PropertyKey[]): number => {
    for (let length = field.length; length > 0; length -= 1) {
      const node = document.getIn(field.slice(0, length), true);
      if (isNode(node) && node.range) return lineAt(node.range[0]);
    }
    return 1;
  };
  const described = result.error.issues.map(
    (issue) => `${path}:${lineOf(issue.path)}: ${issue.path.join('.') || basename(path)}: ${issue.message}`,
  );
  throw new DevnetError(described.join('\n'));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new DevnetError(`cannot read ${path}: ${error instanceof Error ? error.message : error}`);
  }
}

/** A path as a person would write it: relative to where the command was given, where that is shorter. */
function shown(path: string): string {
  const short = relative(process.env.INIT_CWD ?? process.cwd(), path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}

/** Reads and checks the file of a network. Throws a DevnetError that lists every fault with its line. */
export function readNetworkFile(file: string): NetworkFile {
  const path = resolve(file);
  const description = parseText(shown(path), readText(path), networkSchema);
  const from = (place: string) => resolve(dirname(path), place);
  const collections = new Map<string, CollectionConfig[]>();
  for (const channel of description.channels)
    for (const { name, collections: inline, collectionsFile } of channel.chaincodes) {
      const read =
        collectionsFile === undefined
          ? (inline ?? [])
          : parseText(shown(from(collectionsFile)), readText(from(collectionsFile)), collectionSchema.array());
      collections.set(
        `${channel.name} ${name}`,
        read.map(({ endorsementPolicy, ...rest }) => ({ ...rest, ...(endorsementPolicy && { endorsementPolicy }) })),
      );
    }
  const stateDir = from(description.state);
  return {
    path,
    stateDir,
    certificatesDir: description.certificates ? from(description.certificates) : resolve(stateDir, 'organizations'),
    description,
    collections: (channel, chaincode) => collections.get(`${channel} ${chaincode}`) ?? [],
    folder: (chaincode) => from(chaincode.folder ?? '.'),
  };
}
