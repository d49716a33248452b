/** Whether an ATC code lies in one of some groups, each a code or the beginning of one. */
export const isIn = (atc: string, groups: readonly string[]): boolean => groups.some((group) => atc.startsWith(group));

/** Whether a code as a chart writes it (`atc|C09AA05`) names a substance: ATC of the fifth level. */
export function atcOf(code: string | undefined): string | undefined {
  const found = code?.startsWith('atc|') ? code.slice(4) : undefined;
  return found !== undefined && /^[A-Z]\d{2}[A-Z]{2}\d{2}$/.test(found) ? found : undefined;
}
