import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Channel, channels, shard, shardedKinds } from './channels.ts';
import { replaceFile } from './processes/replaceFile.ts';
import { putBack, StepError } from './step.ts';

const name = z.templateLiteral([z.enum(shardedKinds), '-', z.string().regex(/^(?:0|[1-9][0-9]{0,3})$/)]);
export type ShardName = z.infer<typeof name>;

/** The name of a channel that can be added; undefined where it is none. */
export function shardNameOf(text: string): ShardName | undefined {
  return name.safeParse(text).data;
}

/**
 * The channels of a network: those that it began with, and those that were added, whose names the file `file` keeps. A name
 * stands there before anything else of its channel, so that a start finishes what was begun.
 */
export function readChannels(file: string): readonly Channel[] {
  return [...channels, ...readNames(file).map(shardOf)];
}

/** Notes a channel that is about to be added; nothing where it is noted already. */
export async function noteChannel(file: string, added: ShardName): Promise<void> {
  const names = readNames(file);
  if (!names.includes(added)) await replaceFile(file, `${JSON.stringify([...names, added])}\n`);
}

export function shardOf(shardName: ShardName): Channel {
  const [kind, number] = shardName.split('-');
  return shard(z.enum(shardedKinds).parse(kind), Number(number));
}

function readNames(file: string): ShardName[] {
  if (!existsSync(file)) return [];
  try {
    return z.array(name).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new StepError(`The record of the channels that were added, ${file}, is damaged.`, { advice: putBack, cause });
  }
}
