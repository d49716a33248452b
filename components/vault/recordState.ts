import type { StoredDocument } from '#chaincode/model/healthRecord.ts';
import type { Attachment } from '#crypto/attachment.ts';
import type { Bytes } from '#crypto/bytes.ts';
import { wipe } from '#crypto/bytes.ts';
import type { CategoryKey, EpochOf } from '#crypto/categoryKey.ts';
import type { Block } from '#crypto/dag.ts';
import type { ChartHead } from '#fhir/chart/head.ts';

/** A file that is being sealed: each block comes when the page asks for it. */
export interface Sealing {
  blocks: AsyncGenerator<Block, Attachment>;
  /** Known once all blocks were taken. */
  attachment?: Attachment;
}

/** A document that is being written. */
export interface Draft {
  patient: string;
  dataKey: Bytes;
  attachments: Sealing[];
}

/** The index of a category as it was read. */
export interface ReadIndex {
  version: number;
  head: ChartHead;
}

/** What an open vault has opened of records; wiped with it. */
export interface RecordState {
  /** Keys of a category, the newest epoch first, by patient and category. */
  keys: Map<string, CategoryKey[]>;
  indexes: Map<string, ReadIndex>;
  /** Data keys of documents that were opened, by id. */
  documents: Map<string, { dataKey: Bytes; document: StoredDocument }>;
  drafts: Map<string, Draft>;
  /** Seeds of the institution's reading key, by the hex SHA-256 of its public half. */
  institutionSeeds: Map<string, Bytes>;
}

export const emptyRecords = (): RecordState => ({
  keys: new Map(),
  indexes: new Map(),
  documents: new Map(),
  drafts: new Map(),
  institutionSeeds: new Map(),
});

export const categoryName = ({ patient, category }: Pick<EpochOf, 'patient' | 'category'>) => `${patient}/${category}`;

export function wipeRecords({ keys, indexes, documents, drafts, institutionSeeds }: RecordState): void {
  for (const epochs of keys.values()) wipe(...epochs.map(({ seed }) => seed));
  for (const { dataKey } of documents.values()) wipe(dataKey);
  for (const { dataKey } of drafts.values()) wipe(dataKey);
  wipe(...institutionSeeds.values());
  for (const each of [keys, indexes, documents, drafts, institutionSeeds]) each.clear();
}
