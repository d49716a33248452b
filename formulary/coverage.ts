import {
  type CoverageTier,
  type FormularyEntry,
  type FormularyTerms,
  governingCodes,
  isAsStrict,
} from '#chaincode/model/formulary.ts';
import type { Product } from './product.ts';

/** Who said something of a medicine. */
export type Said = { by: 'national' | 'institution'; words: string };

/** How a medicine is covered, by what the authority says for all and an institution for itself. */
export interface Coverage {
  /** `unlisted`: nothing is said of it. */
  tier: CoverageTier | 'unlisted';
  /** The tier is the institution's, and stricter than that for all. */
  narrowed: boolean;
  group?: string;
  /** The institution's own group, where it names one. */
  ownGroup?: string;
  /** Conditions, all of which hold. */
  restrictions: Said[];
  notes: Said[];
}

type Entries = readonly Pick<FormularyEntry, 'scope' | 'state' | keyof FormularyTerms>[];

/** Entries in force of one scope by their codes, so that many medicines are looked up in one list. */
export class FormularyList {
  readonly #national = new Map<string, Entries[number]>();
  readonly #own = new Map<string, Entries[number]>();

  /** `institution`: whose entries count besides those for all. */
  constructor(entries: Entries, institution: string | null) {
    for (const entry of entries) {
      if (entry.state !== 'inForce') continue;
      if (entry.scope === 'national') this.#national.set(entry.code, entry);
      else if (entry.scope === institution) this.#own.set(entry.code, entry);
    }
  }

  /**
   * The nearest entry of each list governs: of the product, else of its ATC groups from the finest to the widest. The stricter
   * tier of the two holds, whatever the order in which they were written, so that an institution never widens.
   */
  coverageOf(medicine: Pick<Product, 'code' | 'atc'>): Coverage {
    const codes = governingCodes(medicine);
    const nearest = (list: Map<string, Entries[number]>) => codes.flatMap((code) => list.get(code) ?? [])[0];
    const national = nearest(this.#national);
    const own = nearest(this.#own);
    const narrowed =
      own !== undefined && own.tier !== national?.tier && isAsStrict(own.tier, national?.tier ?? 'notCovered');
    const group = national?.group ?? own?.group;
    const said = (member: 'restriction' | 'note'): Said[] => [
      ...(national?.[member] === undefined ? [] : [{ by: 'national' as const, words: national[member] }]),
      ...(own?.[member] === undefined ? [] : [{ by: 'institution' as const, words: own[member] }]),
    ];
    return {
      tier: narrowed ? own.tier : (national?.tier ?? 'unlisted'),
      narrowed,
      ...(group !== undefined && { group }),
      ...(own?.group !== undefined && { ownGroup: own.group }),
      restrictions: said('restriction'),
      notes: said('note'),
    };
  }
}
