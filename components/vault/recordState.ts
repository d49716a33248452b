import type { Category } from '#chaincode/model/category.ts';
import type { StoredDocument } from '#chaincode/model/healthRecord.ts';
import type { Attachment } from '#crypto/attachment.ts';
import { type Bytes, wipe } from '#crypto/bytes.ts';
import type { CategoryKey } from '#crypto/categoryKey.ts';
import type { Block } from '#crypto/dag.ts';
import { VaultError } from './errors.ts';

/** A category as the ledger shows it and as far as it is open. */
export interface OpenCategory {
  /** The newest epoch on the ledger; 0 where the record has none of the category. */
  newest: number;
  /** Keys that were opened, the newest first; not of epochs that nobody wrapped for the reader yet. */
  keys: CategoryKey[];
}

/** A document that is being written. */
export interface Draft {
  patient: string;
  dataKey: Bytes;
  attachments: { blocks: AsyncGenerator<Block, Attachment>; attachment?: Attachment }[];
}

/** What an open vault has opened of records; wiped with it. */
export interface RecordState {
  /** By patient and category. */
  categories: Map<string, OpenCategory>;
  /** Data keys of documents that were opened, by id. */
  documents: Map<string, { dataKey: Bytes; document: StoredDocument }>;
  drafts: Map<string, Draft>;
  /** Attachments that are being read, by document and place. */
  readings: Map<string, AsyncGenerator<Bytes>>;
  /** Seeds of the institution's reading key, by the hex SHA-256 of its public half. */
  institutionSeeds: Map<string, Bytes>;
}

export const emptyRecords = (): RecordState => ({
  categories: new Map(),
  documents: new Map(),
  drafts: new Map(),
  readings: new Map(),
  institutionSeeds: new Map(),
});

export const categoryName = (patient: string, category: Category) => `${patient}/${category}`;

/** A category that was read before. Throws `NOT_OPENED`. */
export function seenCategory({ categories }: RecordState, patient: string, category: Category): OpenCategory {
  const seen = categories.get(categoryName(patient, category));
  if (seen === undefined) throw new VaultError('NOT_OPENED', 'Open the record first.', { detail: category });
  return seen;
}

/** The key of a category's newest epoch. Throws `NOT_OPENED`, and `STALE_KEY` where it is not open up to that one. */
export function newestKey(records: RecordState, patient: string, category: Category): CategoryKey {
  const { newest, keys } = seenCategory(records, patient, category);
  const [key] = keys;
  if (key === undefined || key.epoch !== newest) {
    throw new VaultError('STALE_KEY', 'You do not have the newest key of this part of the record.', {
      detail: category,
    });
  }
  return key;
}

/** The key of one epoch. Throws `NOT_OPENED`, `KEY_MISSING`. */
export function epochKey(records: RecordState, patient: string, category: Category, epoch: number): CategoryKey {
  const key = seenCategory(records, patient, category).keys.find((each) => each.epoch === epoch);
  if (key === undefined) {
    throw new VaultError('KEY_MISSING', 'The key of this part of the record is not shared with you yet.', {
      detail: `${category}/${epoch}`,
    });
  }
  return key;
}

export function wipeRecords({ categories, documents, drafts, readings, institutionSeeds }: RecordState): void {
  for (const { keys } of categories.values()) wipe(...keys.map(({ seed }) => seed));
  for (const { dataKey } of documents.values()) wipe(dataKey);
  for (const { dataKey } of drafts.values()) wipe(dataKey);
  wipe(...institutionSeeds.values());
  for (const each of [categories, documents, drafts, readings, institutionSeeds]) each.clear();
}
