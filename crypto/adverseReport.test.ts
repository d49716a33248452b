import { describe, expect, it } from 'vitest';
import { newReportKey, openMessage, openReportKey, sealMessage } from './adverseReport.ts';
import { utf8 } from './bytes.ts';
import { createReadingKey } from './wrap.ts';

const id = `ae-0-${'a'.repeat(26)}`;
const context = { id, place: 0, kind: 'report', by: `pt-0-${'b'.repeat(26)}` };

async function made() {
  const [authority, reporter] = await Promise.all([createReadingKey(), createReadingKey()]);
  const readers = {
    authority: { id: 'inst-medicines-agency', readingKey: authority.publicKey },
    reporter: { id: context.by, readingKey: reporter.publicKey },
  };
  return { authority, reporter, readers, ...(await newReportKey(id, readers)) };
}

describe('a report', () => {
  it('is opened by the authority and by who wrote it, and by nobody else', async () => {
    const { authority, reporter, readers, wraps, dataKey } = await made();
    const stranger = await createReadingKey();
    expect(await openReportKey(authority.seed, id, readers.authority.id, wraps.authority)).toEqual(dataKey);
    expect(await openReportKey(reporter.seed, id, readers.reporter.id, wraps.reporter)).toEqual(dataKey);
    for (const [seed, of, reader, wrap] of [
      [stranger.seed, id, readers.authority.id, wraps.authority],
      [authority.seed, id, readers.reporter.id, wraps.authority],
      [authority.seed, `ae-1-${'a'.repeat(26)}`, readers.authority.id, wraps.authority],
    ] as const) {
      await expect(openReportKey(seed, of, reader, wrap)).rejects.toMatchObject({ code: 'WRAP_REFUSED' });
    }
  });

  it('opens in its own place only', async () => {
    const { dataKey } = await made();
    const sealed = await sealMessage(dataKey, context, utf8('{}'));
    expect(await openMessage(dataKey, context, sealed.bytes, sealed)).toEqual(utf8('{}'));
    for (const other of [{ place: 1 }, { kind: 'answer' }, { by: 'prac-x' }, { id: 'ae-1-x' }]) {
      await expect(openMessage(dataKey, { ...context, ...other }, sealed.bytes, sealed)).rejects.toMatchObject({
        code: 'ALTERED',
      });
    }
    const recorded = { cid: sealed.cid, contentHash: '0'.repeat(64) };
    await expect(openMessage(dataKey, context, sealed.bytes, recorded)).rejects.toMatchObject({ code: 'ALTERED' });
  });
});
