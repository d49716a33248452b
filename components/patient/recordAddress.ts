/** Pages about a record: what is in it, what devices measure, who may read it, who has, and what was billed. */
export const recordPageNames = ['record', 'readings', 'sharing', 'log', 'insurance'] as const;
export type RecordPageName = (typeof recordPageNames)[number];

/** Where a page is: of the own record, or of that of somebody whom the reader represents, by pseudonym. */
export function recordAddress(page: RecordPageName, represented?: string): string {
  return represented === undefined ? `/patient/${page}` : `/patient/${page}?for=${represented}`;
}
