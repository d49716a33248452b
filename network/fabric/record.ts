import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ChaincodeConfig } from '../devnet/config.ts';
import { replaceFile } from '../processes/replaceFile.ts';
import { codeOf } from '../step.ts';

const recordFile = z.record(
  z.string(),
  z.object({
    /** Names of the nodes that have joined. */
    joined: z.array(z.string()),
    /** What was last committed, by chaincode: a hash of the plan's definition and packages, and the sequence. */
    chaincodes: z.record(z.string(), z.object({ digest: z.string(), sequence: z.number().int() })),
  }),
);

type Entries = z.infer<typeof recordFile>;

/**
 * What has been done to the channels so far, so that a second start need not ask again. It is no authority: where it is missing or
 * behind, the steps are done again, and each of them changes nothing where it was done.
 */
export class DeploymentRecord {
  readonly #file: string;
  readonly #entries: Entries;
  /** Writers take turns, so that what is on the disk last is the newest. */
  #written: Promise<void> = Promise.resolve();

  private constructor(file: string, entries: Entries) {
    this.#file = file;
    this.#entries = entries;
  }

  static async open(stateDir: string): Promise<DeploymentRecord> {
    const file = join(stateDir, 'deployed.json');
    try {
      return new DeploymentRecord(file, recordFile.parse(JSON.parse(await readFile(file, 'utf8'))));
    } catch (error) {
      const isNew = codeOf(error) === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError;
      if (isNew) return new DeploymentRecord(file, {});
      throw error;
    }
  }

  hasJoined(channel: string, node: string): boolean {
    return this.#entries[channel]?.joined.includes(node) ?? false;
  }

  noteJoined(channel: string, nodes: readonly string[]): Promise<void> {
    this.#entry(channel).joined = [...nodes];
    return this.#write();
  }

  /** Whether exactly this is committed on the channel, with these addresses. */
  has(channel: string, chaincode: ChaincodeConfig): boolean {
    return this.#entries[channel]?.chaincodes[chaincode.name]?.digest === digestOf(chaincode);
  }

  note(channel: string, chaincode: ChaincodeConfig, sequence: number): Promise<void> {
    this.#entry(channel).chaincodes[chaincode.name] = { digest: digestOf(chaincode), sequence };
    return this.#write();
  }

  /** The sequence that was last committed; undefined where nothing is known. */
  sequence(channel: string, chaincode: string): number | undefined {
    return this.#entries[channel]?.chaincodes[chaincode]?.sequence;
  }

  #entry(channel: string): Entries[string] {
    this.#entries[channel] ??= { joined: [], chaincodes: {} };
    return this.#entries[channel];
  }

  #write(): Promise<void> {
    this.#written = this.#written.then(() => replaceFile(this.#file, JSON.stringify(this.#entries, null, 2)));
    return this.#written;
  }
}

function digestOf(chaincode: ChaincodeConfig): string {
  return createHash('sha256').update(JSON.stringify(chaincode)).digest('hex');
}
