import { readFile, rename } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { replaceFile } from '../processes/replaceFile.ts';
import { StepError } from '../step.ts';
import { callEthereum } from './rpc.ts';

const stateSchema = z.object({
  block: z.record(z.string(), z.unknown()),
  accounts: z.record(z.string(), z.unknown()),
  blocks: z.array(z.unknown()),
});

/** A saved chain that cannot be read. The file was put aside under `keptAs`. */
export class DamagedChainState extends StepError {
  readonly keptAs: string;

  constructor(file: string, keptAs: string, cause: unknown) {
    super(`The saved Ethereum chain ${file} is damaged and was put aside as ${keptAs}.`, {
      advice:
        `put a sound copy in the place of ${file}, or start again to begin a new, empty chain: contracts are then ` +
        'deployed anew and the tokens of before are not on it.',
      cause,
    });
    this.name = 'DamagedChainState';
    this.keptAs = keptAs;
  }
}

/**
 * Makes sure that a saved chain can be read before a node loads it.
 * @returns whether there is one
 * @throws DamagedChainState when it is not a chain; the file is then kept under another name
 */
export async function checkChainState(file: string): Promise<boolean> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw new Error(`The saved Ethereum chain ${file} cannot be read.`, { cause: error });
  }
  try {
    stateSchema.parse(JSON.parse(text));
    return true;
  } catch (error) {
    throw await putAside(file, error);
  }
}

/** Moves a damaged state out of the way and says so. */
export async function putAside(file: string, cause: unknown): Promise<DamagedChainState> {
  const keptAs = `${file}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  await rename(file, keptAs);
  return new DamagedChainState(file, keptAs, cause);
}

/** Asks the node for its whole state (`anvil_dumpState`: hex of gzipped JSON) and puts it on disk in one step. */
export async function saveChainState(rpcUrl: string, file: string): Promise<void> {
  const dump = await callEthereum(rpcUrl, 'anvil_dumpState', [], 60_000);
  await replaceFile(file, await promisify(gunzip)(Buffer.from(dump.slice(2), 'hex')));
}
