import { formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { Item, Looked } from '#server/supply/schema.ts';
import type { Fault } from './judge.ts';

const text = t.supply;
const list = new Intl.ListFormat('en');

/** “12 packs and 2 cases” */
export function countWords(items: readonly Item[]): string {
  const packs = items.filter(({ kind }) => kind === 'pack').length;
  const cases = items.length - packs;
  const words: string[] = [];
  if (packs > 0 || cases === 0) words.push(text.thing.packs(packs, formatNumber(packs)));
  if (cases > 0) words.push(text.thing.cases(cases, formatNumber(cases)));
  return list.format(words);
}

export const packWords = (count: number): string => text.thing.packs(count, formatNumber(count));

/** What a thing is called before anybody knows more of it than its code. */
export function thingName(item: Item, looked: Looked | null): string {
  if (item.kind === 'container') return text.thing.case;
  return looked?.product ?? text.thing.unknownPack;
}

/** Why something stays out, in words. */
export function faultWords(fault: Fault): string {
  switch (fault.why) {
    case 'otherHolder':
    case 'otherParty':
      return text.faults[fault.why](fault.who);
    case 'onTheWay':
      return text.faults.onTheWay(fault.to);
    case 'inCase':
      return text.faults.inCase(fault.sscc);
    default:
      return text.faults[fault.why];
  }
}
