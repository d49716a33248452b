import { type ContentWrap, type ContentWraps, contentWraps } from '#chaincode/model/policy.ts';
import { type Bytes, randomBytes } from '../bytes.ts';
import type { Reader } from '../reader.ts';
import { type RecipientKey, unwrapWith, type WrapContext, wrapFor } from '../wrap.ts';

/** The key of a claim and of all that is said of it, of a policy's details, or of an insurance card; their ids differ by prefix. */

const keyContext = (id: string, reader: string): WrapContext => ({
  purpose: 'medloom/claim/data-key/v1',
  id,
  reader,
});

/** A new data key (32 bytes), wrapped for each of up to six readers. Throws a RangeError where one is named twice. */
export async function newDataKey(
  id: string,
  readers: readonly Reader[],
): Promise<{ dataKey: Bytes; wraps: ContentWraps }> {
  if (new Set(readers.map((reader) => reader.id)).size < readers.length) throw new RangeError('A reader twice');
  const dataKey = randomBytes(32);
  const wraps = await Promise.all(
    readers.map(async (reader) => [reader.id, await wrapFor(reader.readingKey, keyContext(id, reader.id), dataKey)]),
  );
  return { dataKey, wraps: contentWraps.parse(Object.fromEntries(wraps)) };
}

/** The data key out of a wrap. Throws `WRAP_REFUSED`. */
export const openDataKey = (seed: Uint8Array | RecipientKey, { id, reader, wrap }: ContentWrap): Promise<Bytes> =>
  unwrapWith(seed, keyContext(id, reader), wrap);
