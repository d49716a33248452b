import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import {
  type DispenseReceipt,
  type DispenseRecord,
  dispenseReceiptDomain,
  dispenseReceiptMessage,
  dispenseReceiptTypes,
  largestDispenseReceipt,
  readDispenseReceipt,
  verifyDispenseReceipt,
  writeDispenseReceipt,
} from './dispenseReceipt.ts';
import type { NotaryTrust } from './notarised.ts';
import { receiptDomain, receiptTypes } from './receipt.ts';

const notaries = ['11', '22', '33'].map((byte) => privateKeyToAccount(`0x${byte.repeat(32)}`));
const token = { chainId: 31337, contract: `0x${'44'.repeat(20)}` } as const;
const trust: NotaryTrust = { token, notaries: notaries.map(({ address }) => address), threshold: 2 };
const dispense = {
  ...{ id: `disp-${'d'.repeat(26)}`, quantity: 20, at: '2026-11-20T10:00:00.000Z' },
  institutionId: 'inst-river-pharmacy',
};
const record: DispenseRecord = {
  ...{ id: `rx-1-${'c'.repeat(26)}`, version: 3, quantity: 30, dispense },
};
const stated = { record, channel: 'care-1', blockHash: `0x${'55'.repeat(32)}` as const };
/** As notaries sign it, with viem. */
const sealed = async (of = stated, by = notaries.slice(0, 2)): Promise<DispenseReceipt> => ({
  ...{ version: 1, ...of, token },
  signatures: await Promise.all(
    by.map((notary) =>
      notary.signTypedData({
        ...{ domain: dispenseReceiptDomain(token), types: dispenseReceiptTypes, primaryType: 'DispenseReceipt' },
        message: dispenseReceiptMessage(of),
      }),
    ),
  ),
});
const check = (json: string, by = trust) => verifyDispenseReceipt(readDispenseReceipt(json), by);
const foreign = expect.objectContaining({ code: 'SIGNATURE_FOREIGN' });
const altered = expect.objectContaining({ code: 'ALTERED' });

describe('a receipt of a dispense', () => {
  it('is verified offline by the addresses of as many notaries as are asked for', async () => {
    const made = await sealed();
    expect(check(writeDispenseReceipt(made))).toEqual(trust.notaries.slice(0, 2).map((each) => each.toLowerCase()));
    expect(() => check(writeDispenseReceipt(made), { ...trust, threshold: 3 })).toThrow(foreign);
    expect(() => check(writeDispenseReceipt(made), { ...trust, token: { ...token, chainId: 1 } })).toThrow(foreign);
  });

  const changes: Record<keyof DispenseRecord, unknown> = {
    ...{ id: `rx-1-${'d'.repeat(26)}`, version: 4, quantity: 31 },
    dispense: { ...dispense, quantity: 21 },
  };
  it.each(Object.entries(changes))('says another %s, which nobody signed', async (member, value) => {
    const json = JSON.stringify({ ...(await sealed()), record: { ...record, [member]: value } });
    expect(() => check(json)).toThrow(foreign);
  });
  it.each(Object.keys(dispense))('says another %s of the dispense, which nobody signed', async (member) => {
    const other = { ...dispense, id: `disp-${'a'.repeat(26)}`, quantity: 1, at: '2026-11-20T10:00:01.000Z' };
    const value = { ...other, institutionId: 'inst-hill-pharmacy' }[member as keyof typeof dispense];
    const json = JSON.stringify({
      ...(await sealed()),
      record: { ...record, dispense: { ...dispense, [member]: value } },
    });
    expect(() => check(json)).toThrow(foreign);
  });
  it.each([
    ['channel', { channel: 'care-2' }],
    ['block', { blockHash: `0x${'56'.repeat(32)}` }],
  ])('says another %s, which nobody signed', async (_name, change) => {
    const json = JSON.stringify({ ...(await sealed()), ...change });
    expect(() => check(json)).toThrow(foreign);
  });

  it('is no receipt of a prescription, nor the other way round', async () => {
    const [first] = notaries;
    const message = { ...dispenseReceiptMessage(stated), state: 2 };
    const signature = await first?.signTypedData({
      ...{ domain: receiptDomain(token), types: receiptTypes, primaryType: 'Receipt', message },
    });
    const json = JSON.stringify({ ...(await sealed()), signatures: [signature] });
    expect(() => check(json, { ...trust, threshold: 1 })).toThrow(foreign);
  });

  it.each([
    ['a member that nobody signs', { record: { ...record, patient: 'pt' } }],
    ['a member beside the record', { remark: 'paid' }],
    ['a version that nobody knows', { version: 2 }],
    ['no signatures', { signatures: [] }],
  ])('with %s is none', async (_name, change) => {
    const json = JSON.stringify({ ...(await sealed()), ...change });
    expect(() => check(json)).toThrow(altered);
  });

  it('is none where it is no JSON, or longer than any', async () => {
    const long = `${writeDispenseReceipt(await sealed())}${' '.repeat(largestDispenseReceipt)}`;
    for (const json of ['', '{', 'null', long]) expect(() => check(json)).toThrow(altered);
  });
});
