import { giveKeys } from '#components/consents/giveKeys.ts';
import { namesIn, readSharing } from '#components/consents/readSharing.ts';
import type { Signed } from '#components/signing/createSigned.ts';
import { gapsOf } from './gaps.ts';
import { foldTails, type OwnerOf } from './openRecord.ts';
import { renewSummary } from './summary.ts';
import type { OpenChart } from './useChart.ts';

/**
 * What an owner's browser does for an open record: writes its index on, gives keys to who is due them, and writes the emergency
 * summary anew. True where keys were renewed, so that the record has to be opened anew; the rest is done then.
 */
export async function tendRecord(
  owner: OwnerOf,
  chart: OpenChart,
  { signed, names }: { signed: Signed; names: Readonly<Record<string, string>> },
): Promise<boolean> {
  const { record } = chart;
  const gaps = gapsOf(chart);
  // Before all of it opens, nothing is built on it.
  const isWhole = gaps.hidden.length === 0 && gaps.behind.length === 0 && gaps.unopened.length === 0;
  await foldTails(record, signed, names);
  const sharing = await readSharing(owner.facts);
  const known = { ...namesIn(sharing), ...names };
  if (await giveKeys(owner.self, record, sharing, { signed, names: known })) return true;
  if (isWhole && !gaps.incomplete) await renewSummary(record, signed, names);
  return false;
}
