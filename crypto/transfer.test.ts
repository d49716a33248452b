import { expect, it } from 'vitest';
import { createAccessCode } from './accessCode.ts';
import { randomBytes } from './bytes.ts';
import { openTransferWrap, wrapTransfer } from './transfer.ts';
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
