import { z } from 'zod';
import { element, identifier, meta } from './datatypes.ts';
import { boundTo, code, id, instant, unsignedInt, uri } from './primitives.ts';

/** More entries come in several bundles. */
export const mostEntries = 20_000;

/** What a bundle to import is; its entries' resources are checked one by one, so that one bad entry spoils no other. */
export const importedBundle = z.looseObject({
  resourceType: z.literal('Bundle'),
  id: id.optional(),
  type: boundTo(['collection', 'document', 'searchset', 'transaction', 'batch'] as const),
  entry: z.array(z.unknown()).max(mostEntries, `must have at most ${mostEntries} entries`).optional(),
});
export const bundleEntry = z.looseObject({
  fullUrl: uri.optional(),
  resource: z.looseObject({ resourceType: code, id: id.optional() }),
});

/** https://hl7.org/fhir/R4/bundle.html, as Medloom writes documents and exports: collections and documents. */
export const bundle = element({
  resourceType: z.literal('Bundle'),
  id: id.optional(),
  meta: meta.optional(),
  identifier: identifier.optional(),
  type: boundTo(['collection', 'document']),
  timestamp: instant.optional(),
  total: unsignedInt.optional(),
  /** Bounded by the bytes that are read. */
  entry: z.array(z.looseObject({ fullUrl: uri.optional(), resource: z.looseObject({ resourceType: code }) })),
});
export type Bundle = z.infer<typeof bundle>;

/** A page of what a search found. */
export const searchSet = element({
  resourceType: z.literal('Bundle'),
  type: boundTo(['searchset']),
  total: unsignedInt,
  link: z.array(z.looseObject({ relation: boundTo(['self', 'next', 'previous']), url: uri })).min(1),
  entry: z
    .array(
      z.looseObject({
        fullUrl: uri,
        resource: z.looseObject({ resourceType: code, id }),
        search: z.looseObject({ mode: boundTo(['match', 'include', 'outcome']) }),
      }),
    )
    .min(1)
    .optional(),
});
