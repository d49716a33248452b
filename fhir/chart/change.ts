import type { StoredDocument } from '#chaincode/model/healthRecord.ts';
import type { Identified } from '../record.ts';
import { digest } from './digest.ts';
import type { ChartEntry } from './entry.ts';
import type { IndexChange } from './fold.ts';

/** A document that no index has yet, with the resources in it. */
export interface OpenedDocument {
  document: Pick<StoredDocument, 'id' | 'at' | 'state' | 'replaces'>;
  resources: readonly Identified[];
}

/** Entries of a document, in the order of its resources. */
export const entriesOf = ({ document, resources }: OpenedDocument): ChartEntry[] =>
  resources.map((resource) => digest(resource, { document: document.id, at: document.at }));

/**
 * What a tail changes of an index: entries of current documents are added; superseded and retracted documents, and those that a
 * later one replaces, are gone.
 */
export function changeOf(tail: readonly OpenedDocument[]): IndexChange {
  const replaced = tail.flatMap(({ document }) => document.replaces ?? []);
  const ended = tail.filter(({ document }) => document.state !== 'current').map(({ document }) => document.id);
  const removed = new Set([...replaced, ...ended]);
  return {
    added: tail.filter(({ document }) => !removed.has(document.id)).flatMap(entriesOf),
    documents: tail.map(({ document }) => document.id),
    removed: [...removed],
  };
}
