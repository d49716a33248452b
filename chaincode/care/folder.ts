import { createHash, createHmac } from 'node:crypto';
import type { Context } from 'fabric-contract-api';
import type { Iterators } from 'fabric-shim-api';
import { z } from 'zod';
import { decodeRecord } from '../ledger/store.ts';
import { LedgerError } from '../model/errors.ts';
import { recordCollection } from '../model/healthRecord.ts';
import { hex32 } from '../model/identifiers.ts';
import { stateBytes } from '../model/state.ts';

/** Names of the private keys; each is followed by the patient and further parts. */
export const folderTypes = {
  /** [] → the secret of the folder */
  secret: 'folderSecret',
  /** [category] → its newest epoch */
  category: 'category',
  /** [category, epoch from the highest] → an epoch that a newer one has followed */
  epoch: 'epoch',
  /** [reader, category] → the newest seed that was wrapped for the reader */
  wrap: 'wrap',
  /** [category] → head of the index */
  index: 'index',
  /** [category, time from the newest, document] → a document whose present version no index has */
  tail: 'tail',
  /** [document] → its category, epoch and wrapped key */
  document: 'documentSecrets',
  /** [] → the consents in force */
  consents: 'consents',
  /** [generation, epoch] → the key of an epoch of the circle, for readers of results */
  archive: 'keyArchive',
  /** [consent], [request], [access] → the terms */
  terms: 'terms',
} as const;
type FolderType = (typeof folderTypes)[keyof typeof folderTypes];

const folderSecret = z.strictObject({ secret: hex32 });

/**
 * The private data of one patient's record. A block has the hashes of its keys and values, and peers without the collection
 * get the block: a hash of what can be guessed (a category, a reader, terms of which there are a few thousand) would tell
 * them. So keys that name such a thing are blinded with a secret of the folder, and each value has a salt.
 */
export class Folder {
  readonly patient: string;
  private readonly ctx: Context;
  private readonly secret: string;

  private constructor(ctx: Context, patient: string, secret: string) {
    this.ctx = ctx;
    this.patient = patient;
    this.secret = secret;
  }

  /** Throws RECORD_NOT_OPENED where the record has none. */
  static async of(ctx: Context, patient: string): Promise<Folder> {
    const found = await Folder.find(ctx, patient);
    if (!found) throw new LedgerError('RECORD_NOT_OPENED', `${patient} has not opened a record`);
    return found;
  }

  static async find(ctx: Context, patient: string): Promise<Folder | undefined> {
    const bytes = await ctx.stub.getPrivateData(recordCollection, secretKey(ctx, patient));
    return bytes.length === 0 ? undefined : new Folder(ctx, patient, decodeRecord(folderSecret, bytes).secret);
  }

  /**
   * Begins a folder with a secret made of what the opening brings, which every endorser has and no block: the wraps in it
   * are random.
   */
  static async begin(ctx: Context, patient: string, brought: Uint8Array): Promise<Folder> {
    const secret = createHash('sha256').update(`medloom/record/folder/v1 ${patient} `).update(brought).digest('hex');
    await ctx.stub.putPrivateData(recordCollection, secretKey(ctx, patient), stateBytes({ secret }));
    return new Folder(ctx, patient, secret);
  }

  /** A part of a key that tells nobody what it was made from. */
  blind(...parts: string[]): string {
    return this.hmac(`key ${JSON.stringify(parts)}`);
  }

  async get<T>(type: FolderType, parts: string[], schema: z.ZodType<T>): Promise<T | undefined> {
    const bytes = await this.ctx.stub.getPrivateData(recordCollection, this.key(type, parts));
    return bytes.length === 0 ? undefined : decodeSalted(bytes, schema);
  }

  async put(type: FolderType, parts: string[], record: unknown): Promise<void> {
    const key = this.key(type, parts);
    const salt = this.hmac(`salt ${this.ctx.stub.getTxID()} ${key}`);
    await this.ctx.stub.putPrivateData(recordCollection, key, stateBytes({ salt, record }));
  }

  async delete(type: FolderType, parts: string[]): Promise<void> {
    await this.ctx.stub.deletePrivateData(recordCollection, this.key(type, parts));
  }

  /** The first so many records below a part of a key; for evaluations alone, since a peer refuses to write after it. */
  async list<T>(type: FolderType, parts: string[], schema: z.ZodType<T>, limit: number): Promise<T[]> {
    return (await this.listByPart(type, parts, schema, limit)).map(({ record }) => record);
  }

  /** The same, each with the part of its key that follows. */
  async listByPart<T>(
    type: FolderType,
    parts: string[],
    schema: z.ZodType<T>,
    limit: number,
  ): Promise<{ part: string; record: T }[]> {
    const { stub } = this.ctx;
    const found: { part: string; record: T }[] = [];
    const below = [this.patient, ...parts];
    const rows = rowsOf(await stub.getPrivateDataByPartialCompositeKey(recordCollection, type, below));
    while (found.length < limit) {
      const next = await rows.next();
      // A peer closes what it has sent to its end; to ask for that is one more way there and back.
      if (next.done) return found;
      const { key, value } = next.value;
      const part = stub.splitCompositeKey(key).attributes[below.length] ?? '';
      found.push({ part, record: decodeSalted(value, schema) });
    }
    await rows.close();
    return found;
  }

  private key(type: FolderType, parts: string[]): string {
    return this.ctx.stub.createCompositeKey(type, [this.patient, ...parts]);
  }

  private hmac(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('hex');
  }
}

function secretKey(ctx: Context, patient: string): string {
  return ctx.stub.createCompositeKey(folderTypes.secret, [patient]);
}

function decodeSalted<T>(bytes: Uint8Array, schema: z.ZodType<T>): T {
  const { record } = decodeRecord(z.strictObject({ salt: hex32, record: z.unknown() }), bytes);
  return schema.parse(record);
}

type Rows = Pick<Iterators.StateQueryIterator, 'next' | 'close'>;

/** The shim answers a range of private data with the iterator inside an object, other than its types say. */
function rowsOf(answer: Rows | { iterator: Rows }): Rows {
  return 'iterator' in answer ? answer.iterator : answer;
}
