import type { Actor } from '../people/schema.ts';
import * as merging from './merging.ts';
import type { MergeView, PossibleDuplicate } from './schema.ts';
import * as service from './service.ts';

/** Pairs of the institution's patients that may be one person, the likest first. */
export function listDuplicates(actor: Actor): Promise<PossibleDuplicate[]> {
  return service.listDuplicates(actor, undefined);
}

/** The institution's merges, newest first. */
export function listMerges(actor: Actor): Promise<MergeView[]> {
  return merging.listMerges(actor, undefined);
}
