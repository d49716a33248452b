import { expect, it } from 'vitest';
import { transferWrap } from '#chaincode/model/prescriptionTerms.ts';
import { createAccessCode } from './accessCode.ts';
import { randomBytes } from './bytes.ts';
import { mostTransferReaders, openTransferWrap, wrapTransfer } from './transfer.ts';
import { createReadingKey } from './wrap.ts';

const id = `rx-0-${'a'.repeat(26)}`;
const to = 'inst-old-town-pharmacy';

it('opens to the institution for which it was wrapped, for this prescription alone', async () => {
  const { seed, publicKey } = await createReadingKey();
  const other = await createReadingKey();
  const dataKey = randomBytes(32);
  const code = createAccessCode();
  const wrap = await wrapTransfer(id, { id: to, readingKey: publicKey }, dataKey, code);
  expect(await openTransferWrap(seed, id, to, wrap)).toEqual({ dataKey, code });
  const refused = { code: 'WRAP_REFUSED' };
  await expect(openTransferWrap(other.seed, id, to, wrap)).rejects.toMatchObject(refused);
  await expect(openTransferWrap(seed, id.replace('a', 'b'), to, wrap)).rejects.toMatchObject(refused);
  await expect(openTransferWrap(seed, id, 'inst-harbour-pharmacy', wrap)).rejects.toMatchObject(refused);
});

it('opens to each of several readers with the own seed and name, and fits in what the ledger takes', async () => {
  const readers = await Promise.all(
    Array.from({ length: mostTransferReaders }, async (_, index) => ({
      ...(await createReadingKey()),
      id: index === 0 ? to : `dev-${index}`,
    })),
  );
  const [dataKey, code] = [randomBytes(32), createAccessCode()];
  const named = readers.map((one) => ({ id: one.id, readingKey: one.publicKey }));
  const wrap = await wrapTransfer(id, named, dataKey, code);
  expect(transferWrap.parse(wrap)).toBe(wrap);
  for (const one of readers) expect(await openTransferWrap(one.seed, id, one.id, wrap)).toEqual({ dataKey, code });
  const [first, second] = readers;
  if (!first || !second) throw new Error('no readers');
  const refused = { code: 'WRAP_REFUSED' };
  await expect(openTransferWrap(first.seed, id, second.id, wrap)).rejects.toMatchObject(refused);
  await expect(openTransferWrap(first.seed, id, first.id, '')).rejects.toMatchObject(refused);
});
