import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { type Prescription, prescriptionStates } from '#chaincode/model/prescription.ts';
import { openBlock } from '#crypto/fabric/block.ts';
import { blockOf, envelopeOf } from '#crypto/fabric/testBlocks.ts';
import { endedStates, readReceipt, signersOf, verifyReceipt, writeReceipt } from '#crypto/receipt.ts';
import { ConnectorError } from '../errors.ts';
import { committedAt, createFakePeer } from '../testing/peer.ts';
import { prescriptionState } from '../testing/prescription.ts';
import { giveReceipt } from './giveReceipt.ts';
import { createNotary, type Notary } from './notary.ts';

const token = { chainId: 31337, contract: `0x${'11'.repeat(20)}` } as const;
const terms = { domain: { chainId: token.chainId, verifyingContract: token.contract }, threshold: 2 };
const dispense = {
  ...{ id: `disp-${'d'.repeat(26)}`, quantity: 25, at: '2026-11-02T10:00:00.000Z' },
  ...{ practitionerId: `prac-${'p'.repeat(26)}`, institutionId: 'inst-river-pharmacy' },
  ...{ cid: `b${'e'.repeat(58)}`, contentHash: '3'.repeat(64), packs: 2, packsHash: '4'.repeat(64) },
  ...{ substitution: { reason: 'shortage' as const }, handedTo: 'courier' as const },
};
const holder = { ...dispense, since: '2026-11-02T09:00:00.000Z' };
const held = prescriptionState({
  ...{ state: 'partial', version: 3, left: 35, dispenses: [dispense] },
  holder: { practitionerId: holder.practitionerId, institutionId: holder.institutionId, since: holder.since },
});
const { holder: _, ...given } = held;
const closed: Prescription = { ...given, state: 'completed', version: 4, reason: 'Ms Lind moves away' };
const whole = [prescriptionState({ version: 2 }), held, closed];
const { id } = closed;

const accounts = new Set<string>();
/** A notary that the contract knows, whose peer answers one after another what it is given; the last answer stays. */
function notaryOf(mspId: string, ...answers: (Prescription | Prescription[] | Error)[]) {
  const key = generatePrivateKey();
  const { address } = privateKeyToAccount(key);
  accounts.add(address.toLowerCase());
  const peer = createFakePeer(...answers);
  return { notary: createNotary(mspId, peer, key), peer, address };
}
const appointed = async (account: Hex) => accounts.has(account);
const give = (...notaries: { notary: Notary }[]) =>
  giveReceipt(
    notaries.map(({ notary }) => notary),
    terms,
    appointed,
    id,
  );

describe('a notary', () => {
  it('says what its own organisation’s peer has in public, and neither persons, medicine nor free words', async () => {
    const { notary, peer, address } = notaryOf('PharmacyMSP', whole);
    const { record, signature, ...where } = await notary.receipt('care-1', id, token);
    const own = { channel: 'care-1', organisations: ['PharmacyMSP'] };
    expect(peer.calls).toEqual([
      { ...own, contract: 'care', function: 'history', args: [id] },
      { ...own, contract: 'qscc', function: 'GetBlockByTxID', args: ['care-1', 'tx 4'] },
    ]);
    expect(record).toEqual({
      ...{ id, version: 4, state: 'completed', endedAt: committedAt(4), heldBy: 'inst-river-pharmacy' },
      ...{ authorInstitution: 'inst-lakeside', authoredOn: closed.authoredOn, expires: closed.expires },
      ...{ cid: closed.cid, contentHash: closed.contentHash, quantity: 30, fills: 2, left: 35 },
      dispenses: [
        {
          ...{ id: dispense.id, quantity: 25, at: dispense.at, institutionId: 'inst-river-pharmacy' },
          ...{ cid: dispense.cid, contentHash: dispense.contentHash, packs: 2, packsHash: dispense.packsHash },
        },
      ],
    });
    const block = openBlock(blockOf(4, new Uint8Array(32), [envelopeOf('tx 4', ['dispense'])]), 4);
    expect(where).toEqual({ channel: 'care-1', blockHash: `0x${Buffer.from(block.hash).toString('hex')}` });
    expect(signersOf({ record, ...where }, token, [signature])).toEqual([address.toLowerCase()]);
  });

  it.each(prescriptionStates.filter((state) => !endedStates.some((ended) => ended === state)))(
    'signs nothing for one that is %s',
    async (state) => {
      const { notary } = notaryOf('PharmacyMSP', [held, prescriptionState({ ...closed, state })]);
      await expect(notary.receipt('care-1', id, token)).rejects.toMatchObject({ code: 'WRONG_STATE' });
    },
  );

  it('signs for what was cancelled while nobody held it, also where its time was over by then', async () => {
    const open = prescriptionState({ expires: '2026-11-02T00:00:00.000Z' });
    const { notary } = notaryOf('PharmacyMSP', [open, { ...open, state: 'cancelled', version: 2 }]);
    const { record } = await notary.receipt('care-1', id, token);
    expect(record).toMatchObject({ state: 'cancelled', left: 60, dispenses: [] });
    expect(record).not.toHaveProperty('heldBy');
    const expired = notaryOf('PharmacyMSP', open).notary;
    await expect(expired.receipt('care-1', id, token)).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  it('signs nothing by a block that does not hold the transaction', async () => {
    const block = blockOf(4, new Uint8Array(32), [envelopeOf('another', ['dispense'])]);
    const ledger = { ...createFakePeer(whole), evaluateBytes: async () => block };
    const refused = expect.objectContaining({ code: 'BLOCK_MISMATCH' });
    const notary = createNotary('PharmacyMSP', ledger, generatePrivateKey());
    await expect(notary.receipt('care-1', id, token)).rejects.toThrow(refused);
  });
});

describe('a receipt', () => {
  it('has the signatures of all who say the same, and is verified by their addresses', async () => {
    const notaries = ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'].map((mspId) => notaryOf(mspId, whole));
    const receipt = readReceipt(writeReceipt(await give(...notaries)));
    const addresses = notaries.map(({ address }) => address);
    expect(verifyReceipt(receipt, { token, notaries: addresses, threshold: 3 })).toHaveLength(3);
    expect(JSON.stringify(receipt)).not.toMatch(/pt-1-|prac-|Lind|shortage|courier/);
  });

  it('waits for a peer that lags', async () => {
    const { signatures } = await give(notaryOf('HospitalMSP', whole), notaryOf('PharmacyMSP', [held], [held], whole));
    expect(signatures).toHaveLength(2);
  });

  it('does without one that fails', async () => {
    const down = notaryOf('RegulatorMSP', new ConnectorError('LEDGER_UNAVAILABLE', 'down'));
    const { signatures } = await give(down, notaryOf('HospitalMSP', whole), notaryOf('PharmacyMSP', whole));
    expect(signatures).toHaveLength(2);
  });

  it('never joins what differs in a single dispense', async () => {
    const other = { ...closed, dispenses: [{ ...dispense, quantity: 24 }] };
    const disagreeing = give(notaryOf('HospitalMSP', whole), notaryOf('PharmacyMSP', [held, other]));
    await expect(disagreeing).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
  });

  it.each(['NOT_FOUND', 'WRONG_STATE'] as const)('tells %s, also where another notary is away', async (code) => {
    const away = notaryOf('RegulatorMSP', new ConnectorError('LEDGER_UNAVAILABLE', 'down'));
    const refusing = () => notaryOf('HospitalMSP', code === 'NOT_FOUND' ? new ConnectorError(code, 'none') : [held]);
    await expect(give(away, refusing(), refusing())).rejects.toMatchObject({ code });
  });

  const honest = () => notaryOf('HospitalMSP', whole).notary;

  it('counts one once that speaks through another too', async () => {
    const one = honest();
    await expect(give({ notary: one }, { notary: one })).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
    const { signatures } = await give({ notary: one }, { notary: one }, { notary: honest() });
    expect(signatures).toHaveLength(2);
  });

  const stranger = createNotary('PharmacyMSP', createFakePeer(whole), generatePrivateKey());
  const elsewhere: Notary = {
    ...honest(),
    receipt: (...asked) =>
      notaryOf('PharmacyMSP', [held, { ...closed, id: `rx-1-${'d'.repeat(26)}` }]).notary.receipt(...asked),
  };
  const unsigned: Notary = {
    ...honest(),
    receipt: async (...asked) => ({ ...(await honest().receipt(...asked)), signature: `0x${'00'.repeat(65)}` }),
  };
  it.each([
    ['has a key that the contract does not know', stranger],
    ['speaks of another prescription', elsewhere],
    ['signs with something else', unsigned],
  ])('takes nothing of one that %s', async (_name, notary) => {
    const { signatures } = await give({ notary }, { notary: honest() }, { notary: honest() });
    expect(signatures).toHaveLength(2);
    await expect(give({ notary }, { notary: honest() })).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
    await expect(give({ notary })).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
  });
});
