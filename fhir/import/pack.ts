import type { Category } from '#chaincode/model/category.ts';
import { categories } from '#chaincode/model/category.ts';
import { type Identified, recordEntry } from '../record.ts';
import type { ImportedFile } from './files.ts';

/** Resources of one category that become a document of the record. */
export interface Pack {
  category: Category;
  resources: Identified[];
  /** Files of its one resource, to be stored with `nameFiles`; a pack with files has no other resource. */
  files: ImportedFile[];
  /** Places in the Bundle of what is in it, so that a pack that fails is told by its entries. */
  entries: number[];
}

interface Item {
  resource: Identified;
  files: ImportedFile[];
  category: Category;
  entry: number;
}

const encoder = new TextEncoder();
/** Bytes of a resource's JSON as an entry of the document. */
export const packBytes = (resource: Identified): number =>
  encoder.encode(JSON.stringify(recordEntry(resource))).length + 1;

/** Fills packs, one of each category at a time. */
export class Packer {
  /** Bytes of JSON of a pack's resources; with its wrapping the document stays below `maximumRecord`. */
  static readonly most = 180 * 1024;
  readonly #open = new Map<Category, Pack & { bytes: number }>();

  /** Takes a resource; answers the packs that are full by it. */
  *add({ resource, files, category, entry }: Item): Generator<Pack> {
    if (files.length > 0) {
      yield { category, resources: [resource], files, entries: [entry] };
      return;
    }
    const bytes = packBytes(resource);
    const open = this.#open.get(category);
    if (open !== undefined && open.bytes + bytes <= Packer.most) {
      open.resources.push(resource);
      open.entries.push(entry);
      open.bytes += bytes;
      return;
    }
    if (open !== undefined) yield closed(open);
    this.#open.set(category, { category, resources: [resource], files: [], entries: [entry], bytes });
  }

  /** What is left, in the order of the catalogue. */
  *rest(): Generator<Pack> {
    for (const category of categories) {
      const open = this.#open.get(category);
      if (open !== undefined) yield closed(open);
    }
    this.#open.clear();
  }
}

const closed = ({ category, resources, files, entries }: Pack): Pack => ({ category, resources, files, entries });
