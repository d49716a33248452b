import { type Hex, hexToBigInt, numberToHex, pad } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import type { NotaryTrust } from './notarised.ts';
import {
  largestReceipt,
  type Receipt,
  type ReceiptRecord,
  readReceipt,
  receiptDomain,
  receiptMessage,
  receiptTypes,
  verifyReceipt,
  writeReceipt,
} from './receipt.ts';

const notaries = ['11', '22', '33'].map((byte) => privateKeyToAccount(`0x${byte.repeat(32)}`));
const stranger = privateKeyToAccount(`0x${'44'.repeat(32)}`);
const token = { chainId: 31337, contract: `0x${'44'.repeat(20)}` } as const;
const trust: NotaryTrust = { token, notaries: notaries.map(({ address }) => address), threshold: 2 };
const dispense = {
  ...{
    id: `disp-${'d'.repeat(26)}`,
    quantity: 20,
    at: '2026-11-20T10:00:00.000Z',
    institutionId: 'inst-river-pharmacy',
  },
  ...{ cid: `b${'e'.repeat(58)}`, contentHash: '3'.repeat(64), packs: 2, packsHash: '4'.repeat(64) },
};
const other = { ...dispense, id: `disp-${'f'.repeat(26)}`, quantity: 5, packs: undefined, packsHash: undefined };
const record: ReceiptRecord = {
  ...{ id: `rx-1-${'c'.repeat(26)}`, version: 5, state: 'completed', endedAt: '2026-11-21T10:00:00.000Z' },
  ...{ heldBy: 'inst-river-pharmacy', authorInstitution: 'inst-lakeside' },
  ...{ authoredOn: '2026-11-01T00:00:00.000Z', expires: '2027-01-01T00:00:00.000Z' },
  ...{ cid: `b${'a'.repeat(58)}`, contentHash: '0'.repeat(64), quantity: 30, fills: 1, left: 5 },
  dispenses: [dispense, other],
};
const stated = { record, channel: 'care-1', blockHash: `0x${'55'.repeat(32)}` as const };

/** As a notary signs it, with viem. */
const sign = (by: (typeof notaries)[number], of = stated) =>
  by.signTypedData({
    ...{ domain: receiptDomain(token), types: receiptTypes, primaryType: 'Receipt', message: receiptMessage(of) },
  });
const sealed = async (by = notaries.slice(0, 2), of = stated): Promise<Receipt> => ({
  ...{ version: 1, ...of, token },
  signatures: await Promise.all(by.map((notary) => sign(notary, of))),
});
const check = (json: string, by = trust) => verifyReceipt(readReceipt(json), by);
const refused = (code: string) => expect.objectContaining({ code });

describe('a receipt', () => {
  it('is verified offline by the addresses of the notaries, as it was written and in any other spelling of the same', async () => {
    const made = await sealed();
    const lower = trust.notaries.slice(0, 2).map((address) => address.toLowerCase());
    expect(check(writeReceipt(made))).toEqual(lower);
    const turned = Object.fromEntries(Object.entries(made).reverse());
    expect(check(JSON.stringify(turned))).toEqual(lower);
    expect(readReceipt(writeReceipt(made)).record).toEqual(JSON.parse(JSON.stringify(record)));
  });

  it('of a cancelled prescription is one too', async () => {
    const { heldBy: _, ...rest } = record;
    const cancelled = { ...stated, record: { ...rest, state: 'cancelled' as const, left: 30, dispenses: [] } };
    expect(check(writeReceipt(await sealed(notaries, cancelled)))).toHaveLength(3);
  });

  it('needs as many notaries as are asked for, each once', async () => {
    const [first, second] = notaries;
    if (!first || !second) throw new Error('two notaries');
    const alone = writeReceipt(await sealed([first]));
    expect(check(alone, { ...trust, threshold: 1 })).toHaveLength(1);
    expect(() => check(alone)).toThrow(refused('SIGNATURE_FOREIGN'));
    const twice = writeReceipt(await sealed([first, first]));
    expect(() => check(twice)).toThrow(refused('SIGNATURE_FOREIGN'));
    const withTwice = writeReceipt(await sealed([first, second, first]));
    expect(() => check(withTwice)).toThrow(refused('SIGNATURE_FOREIGN'));
    for (const threshold of [0, -1, Number.NaN])
      expect(() => check(alone, { ...trust, threshold })).toThrow(refused('SIGNATURE_FOREIGN'));
  });

  it('counts nobody else’s signature, and stands without it', async () => {
    const [first, second] = notaries;
    if (!first || !second) throw new Error('two notaries');
    const foreign = writeReceipt(await sealed([first, stranger]));
    expect(() => check(foreign)).toThrow(refused('SIGNATURE_FOREIGN'));
    const beside = writeReceipt(await sealed([first, stranger, second]));
    expect(check(beside)).toEqual([first.address.toLowerCase(), second.address.toLowerCase()]);
    expect(() => check(beside, { ...trust, notaries: [] })).toThrow(refused('SIGNATURE_FOREIGN'));
  });

  it('has no second spelling of a signature', async () => {
    const made = await sealed();
    const [first, second] = made.signatures;
    if (!first || !second) throw new Error('two signatures');
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const upper = pad(numberToHex(order - hexToBigInt(`0x${first.slice(66, 130)}`)), { size: 32 }).slice(2);
    const v = first.slice(130) === '1b' ? '1c' : '1b';
    const compact = (Number.parseInt(first.slice(130), 16) - 27).toString(16).padStart(2, '0');
    const forms = [`${first.slice(0, 66)}${upper}${v}`, `${first.slice(0, 130)}${compact}`, `0x${'00'.repeat(65)}`];
    for (const form of forms as Hex[]) {
      const json = JSON.stringify({ ...made, signatures: [form, second] });
      expect(() => check(json), form).toThrow(refused('SIGNATURE_FOREIGN'));
      expect(() => check(json, { ...trust, threshold: 1 }), form).toThrow(refused('SIGNATURE_FOREIGN'));
    }
  });

  it.each([
    ['another chain', { ...token, chainId: 1 }],
    ['another contract', { ...token, contract: `0x${'45'.repeat(20)}` as const }],
  ])('is not good for %s, neither asked nor written into it', async (_name, elsewhere) => {
    const made = await sealed();
    expect(() => check(writeReceipt(made), { ...trust, token: elsewhere })).toThrow(refused('SIGNATURE_FOREIGN'));
    const moved = writeReceipt({ ...made, token: elsewhere });
    expect(() => check(moved, { ...trust, token: elsewhere })).toThrow(refused('SIGNATURE_FOREIGN'));
  });
});

describe('an altered receipt', () => {
  const changes: Record<keyof ReceiptRecord, unknown> = {
    ...{ id: `rx-1-${'d'.repeat(26)}`, version: 6, state: 'cancelled', endedAt: '2026-11-21T10:00:01.000Z' },
    ...{ heldBy: 'inst-hill-pharmacy', authorInstitution: 'inst-hillside', authoredOn: '2026-11-02T00:00:00.000Z' },
    ...{ expires: '2027-01-02T00:00:00.000Z', cid: `b${'b'.repeat(58)}`, contentHash: '1'.repeat(64) },
    ...{ quantity: 31, fills: 2, left: 6, dispenses: [other, dispense] },
  };
  it.each(Object.entries(changes))('says another %s, which nobody signed', async (member, value) => {
    const json = JSON.stringify({ ...(await sealed()), record: { ...record, [member]: value } });
    expect(() => check(json)).toThrow(refused('SIGNATURE_FOREIGN'));
  });

  const inDispense: Record<keyof typeof dispense, unknown> = {
    ...{
      id: `disp-${'g'.repeat(26)}`,
      quantity: 21,
      at: '2026-11-20T10:00:00.001Z',
      institutionId: 'inst-hill-pharmacy',
    },
    ...{ cid: `b${'f'.repeat(58)}`, contentHash: '5'.repeat(64), packs: 1, packsHash: '6'.repeat(64) },
  };
  it.each(Object.entries(inDispense))('says another %s of a dispense, which nobody signed', async (member, value) => {
    const dispenses = [{ ...dispense, [member]: value }, other];
    const json = JSON.stringify({ ...(await sealed()), record: { ...record, dispenses } });
    expect(() => check(json)).toThrow(refused('SIGNATURE_FOREIGN'));
  });

  it.each([
    ['channel', { channel: 'care-2' }],
    ['block', { blockHash: `0x${'56'.repeat(32)}` }],
    ['record with less in it', { record: { ...record, heldBy: undefined } }],
    ['record with a dispense less', { record: { ...record, dispenses: [dispense] } }],
  ])('says another %s, which nobody signed', async (_name, change) => {
    const json = JSON.stringify({ ...(await sealed()), ...change });
    expect(() => check(json)).toThrow(refused('SIGNATURE_FOREIGN'));
  });

  it.each([
    ['state that is not the end', { record: { ...record, state: 'partial' } }],
    ['member that nobody signs', { record: { ...record, patient: 'pt' } }],
    ['member beside the record', { remark: 'paid' }],
    ['member in a dispense', { record: { ...record, dispenses: [{ ...dispense, medicine: 'x' }] } }],
    ['version that nobody knows', { version: 2 }],
    ['list without signatures', { signatures: [] }],
  ])('with a %s is none', async (_name, change) => {
    const json = JSON.stringify({ ...(await sealed()), ...change });
    expect(() => check(json)).toThrow(refused('ALTERED'));
  });

  it('is none where it is no JSON, or longer than any', async () => {
    const long = `${writeReceipt(await sealed())}${' '.repeat(largestReceipt)}`;
    for (const json of ['', '{', '{}', 'null', '[]', long]) expect(() => check(json)).toThrow(refused('ALTERED'));
  });

  it('that says it is of something that has not ended cannot be written either', async () => {
    const open = { ...(await sealed()), record: { ...record, state: 'active' } };
    expect(() => writeReceipt(open as unknown as Receipt)).toThrow();
  });
});
