/** A record as a ledger keeps it, without its judgement, for the tests of what the vault makes and reads. */
import type { Category } from '#chaincode/model/category.ts';
import {
  type CategoryView,
  categoryView,
  type NewEpochs,
  newEpochs,
  newIndex,
  type OpenableDocument,
  recordDocument,
  type StoredCategory,
  type StoredDocument,
  type StoredIndexHead,
  type StoredSeedWrap,
} from '#chaincode/model/healthRecord.ts';
import { type TransactionIntent, transactionIntent } from '#server/transactions/schema.ts';
import type { OutgoingBlock } from './documentOperations.ts';

const at = () => new Date().toISOString();

export class TestRecord {
  readonly epochs: StoredCategory[] = [];
  readonly wraps: StoredSeedWrap[] = [];
  readonly documents: (OpenableDocument & { category: Category; indexed: boolean })[] = [];
  readonly indexes = new Map<Category, StoredIndexHead>();
  readonly blocks = new Map<string, Uint8Array>();

  upload(blocks: readonly OutgoingBlock[]): void {
    for (const { cid, bytes } of blocks) this.blocks.set(cid, bytes);
  }

  /** What the vault reads blocks by. */
  readonly source = async (cids: string[]): Promise<Uint8Array[]> =>
    cids.map((cid) => this.blocks.get(cid) ?? new Uint8Array());

  /** Takes what somebody signed, in the shapes of the portal and the ledger. */
  take(intent: TransactionIntent, by: string): void {
    const parsed = transactionIntent.parse(intent);
    switch (parsed.kind) {
      case 'records:open':
      case 'records:renewEpochs':
      case 'records:addWraps':
      case 'consents:grant':
      case 'consents:revoke':
        this.takeKeys(newEpochs.parse(parsed.record), by);
        return;
      case 'records:add': {
        const { replaces } = recordDocument.parse(parsed.document);
        const { category, epoch, wrap } = parsed.record;
        const before = this.documents.find(({ document }) => document.id === replaces);
        if (before !== undefined) {
          before.document = { ...before.document, state: 'superseded', version: before.document.version + 1 };
          before.indexed = false;
        }
        const document: StoredDocument = { ...parsed.document, author: by, state: 'current', at: at(), version: 1 };
        this.documents.unshift({ document, epoch, wrap, category, indexed: false });
        return;
      }
      case 'records:putIndex': {
        const { head, covers } = newIndex.parse(parsed.record);
        this.indexes.set(head.category, { ...head, by, at: at() });
        for (const { id, version } of covers) {
          const covered = this.documents.find(({ document }) => document.id === id && document.version === version);
          if (covered === undefined) throw new RangeError(`no ${id} in version ${version}`);
          covered.indexed = true;
        }
        return;
      }
      default:
        throw new TypeError(parsed.kind);
    }
  }

  private takeKeys({ epochs, wraps }: NewEpochs, by: string): void {
    for (const epoch of epochs) this.epochs.unshift({ ...epoch, by, at: at() });
    for (const wrap of wraps) this.wraps.unshift({ ...wrap, by });
  }

  current(category: Category): StoredCategory {
    const found = this.epochs.find((epoch) => epoch.category === category);
    if (found === undefined) throw new RangeError(category);
    return found;
  }

  /** What readers get, the first of them before the others. */
  view(category: Category, readers: readonly string[]): CategoryView {
    const index = this.indexes.get(category);
    const wrap = readers
      .map((reader) => this.wraps.find((each) => each.category === category && each.reader === reader))
      .find((each) => each !== undefined);
    return categoryView.parse({
      category,
      epochs: this.epochs.filter((epoch) => epoch.category === category),
      ...(wrap !== undefined && { wrap }),
      ...(index !== undefined && { index }),
      tail: this.documents
        .filter((document) => document.category === category && !document.indexed)
        .map(({ document, epoch, wrap }) => ({ document, epoch, wrap })),
      more: false,
    });
  }
}
