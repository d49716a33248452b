import type { Category } from '#chaincode/model/category.ts';
import type { CategoryView } from '#chaincode/model/healthRecord.ts';
import { indexStatement } from '#chaincode/model/statements.ts';
import { fromUtf8 } from '#crypto/bytes.ts';
import { requireBlock } from '#crypto/dag.ts';
import { CryptoError } from '#crypto/errors.ts';
import { openHead, openSegment } from '#crypto/recordIndex.ts';
import { changeOf } from '#fhir/chart/change.ts';
import type { ChartEntry } from '#fhir/chart/entry.ts';
import type { IndexChange } from '#fhir/chart/fold.ts';
import { type ChartHead, chartHead, emptyHead, type SegmentFact, segment } from '#fhir/chart/head.ts';
import type { BlockSource } from './blocks.ts';
import { type OpenedDocument, openDocuments } from './documentOperations.ts';
import type { OpenState } from './openVault.ts';
import { epochKey } from './recordState.ts';
import type { Signers } from './trust.ts';

/** The index of a category as it was read, and what its tail changes of it. */
export interface ReadIndex {
  category: Category;
  version: number;
  head: ChartHead;
  change: IndexChange;
  /** Documents of the tail that were not opened, with why. */
  unopened: Extract<OpenedDocument, { problem: unknown }>[];
  /** Documents of the tail that were opened, with the version of their state. */
  covered: { id: string; version: number }[];
}

/** The blocks that reading an index and its tail takes. */
export const blocksOf = ({ index, tail }: CategoryView): string[] => [
  ...(index === undefined ? [] : [index.cid]),
  ...currentOf(tail).map(({ document }) => document.cid),
];

const currentOf = (tail: CategoryView['tail']) => tail.filter(({ document }) => document.state === 'current');

interface Reading {
  signers: Signers;
  blocks: BlockSource;
}

/** Reads the head of a category, whose writer must have signed it, and opens its tail. */
export async function readIndex(
  state: OpenState,
  patient: string,
  view: CategoryView,
  { signers, blocks }: Reading,
): Promise<ReadIndex> {
  const { category, index, tail } = view;
  const head = index === undefined ? emptyHead : await readHead(state, patient, index, { signers, blocks });
  // What was taken back needs no opening: it only goes.
  const [current, ended] = [currentOf(tail), tail.filter(({ document }) => document.state !== 'current')];
  const read = await openDocuments(state, patient, category, current, { signers, blocks });
  const unopened = read.filter((document) => 'problem' in document);
  const resources = new Map(
    read.flatMap((document) => ('problem' in document ? [] : [[document.id, document.resources]])),
  );
  const opened = current.flatMap(({ document }) => {
    const found = resources.get(document.id);
    return found === undefined ? [] : [{ document, resources: found }];
  });
  const gone = ended.map(({ document }) => ({ document, resources: [] }));
  return {
    category,
    version: index?.version ?? 0,
    head,
    change: changeOf([...opened, ...gone]),
    unopened,
    covered: [...opened, ...gone].map(({ document: { id, version } }) => ({ id, version })),
  };
}

async function readHead(
  state: OpenState,
  patient: string,
  index: NonNullable<CategoryView['index']>,
  { signers, blocks }: Reading,
): Promise<ChartHead> {
  const { category, epoch, by } = index;
  await signers.require(by, indexStatement(patient, by, index), index.signature, `index of ${category}`);
  const key = epochKey(state.records, patient, category, epoch);
  const [sealed = new Uint8Array()] = await blocks([index.cid]);
  const head = chartHead.safeParse(JSON.parse(fromUtf8(await openHead(key, index, sealed))));
  if (!head.success) throw new CryptoError('ENVELOPE_MALFORMED', `index of ${category}`, { cause: head.error });
  return head.data;
}

/** Entries of segments. */
export async function readSegments(
  state: OpenState,
  patient: string,
  category: Category,
  facts: readonly SegmentFact[],
  blocks: BlockSource,
): Promise<ChartEntry[]> {
  const sealed = await blocks(facts.map(({ cid }) => cid));
  const read = await Promise.all(
    facts.map(async ({ cid, epoch }, at) => {
      const bytes = sealed[at] ?? new Uint8Array();
      await requireBlock(cid, bytes);
      const key = epochKey(state.records, patient, category, epoch);
      const entries = segment.safeParse(JSON.parse(fromUtf8(await openSegment(key, bytes))));
      if (entries.success) return entries.data;
      throw new CryptoError('ENVELOPE_MALFORMED', `index of ${category}`, { cause: entries.error });
    }),
  );
  return read.flat();
}
