import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import type { Prescription } from '#chaincode/model/prescription.ts';
import {
  dispenseReceiptKind,
  readDispenseReceipt,
  verifyDispenseReceipt,
  writeDispenseReceipt,
} from '#crypto/dispenseReceipt.ts';
import { openBlock } from '#crypto/fabric/block.ts';
import { blockOf, envelopeOf } from '#crypto/fabric/testBlocks.ts';
import { signersOfStatement } from '#crypto/notarised.ts';
import { ConnectorError } from '../errors.ts';
import { createFakePeer } from '../testing/peer.ts';
import { prescriptionState } from '../testing/prescription.ts';
import { giveDispenseReceipt } from './giveReceipt.ts';
import { createNotary, type Notary } from './notary.ts';

const token = { chainId: 31337, contract: `0x${'11'.repeat(20)}` } as const;
const terms = { domain: { chainId: token.chainId, verifyingContract: token.contract }, threshold: 2 };
const first = {
  ...{ id: `disp-${'d'.repeat(26)}`, quantity: 25, at: '2026-11-02T10:00:00.000Z' },
  ...{ practitionerId: `prac-${'p'.repeat(26)}`, institutionId: 'inst-river-pharmacy' },
  ...{ cid: `b${'e'.repeat(58)}`, contentHash: '3'.repeat(64), packs: 2, packsHash: '4'.repeat(64) },
  ...{ substitution: { reason: 'shortage' as const }, handedTo: 'courier' as const },
};
const second = { ...first, id: `disp-${'f'.repeat(26)}`, quantity: 35, institutionId: 'inst-hill-pharmacy' };
const issued = prescriptionState();
const partial = prescriptionState({ state: 'partial', version: 3, left: 35, dispenses: [first] });
const completed: Prescription = { ...partial, state: 'completed', version: 5, left: 0, dispenses: [first, second] };
const { id } = issued;

const accounts = new Set<string>();
function notaryOf(mspId: string, ...answers: (Prescription | Prescription[] | Error)[]) {
  const key = generatePrivateKey();
  const { address } = privateKeyToAccount(key);
  accounts.add(address.toLowerCase());
  const peer = createFakePeer(...answers);
  return { notary: createNotary(mspId, peer, key), peer, address };
}
const appointed = async (account: Hex) => accounts.has(account);
const give = (dispenseId: string, ...notaries: { notary: Notary }[]) =>
  giveDispenseReceipt(
    notaries.map(({ notary }) => notary),
    terms,
    appointed,
    id,
    dispenseId,
  );

describe('a notary, asked for a dispense', () => {
  it('says what its own peer has of it in public, by the version and block with which it came', async () => {
    const { notary, peer, address } = notaryOf('PharmacyMSP', [completed, issued, partial]);
    const { record, signature, ...where } = await notary.dispenseReceipt('care-1', id, first.id, token);
    const own = { channel: 'care-1', organisations: ['PharmacyMSP'] };
    expect(peer.calls).toEqual([
      { ...own, contract: 'care', function: 'history', args: [id] },
      { ...own, contract: 'qscc', function: 'GetBlockByTxID', args: ['care-1', 'tx 3'] },
    ]);
    expect(record).toEqual({
      ...{ id, version: 3, quantity: 30 },
      dispense: { id: first.id, quantity: 25, at: first.at, institutionId: 'inst-river-pharmacy' },
    });
    const block = openBlock(blockOf(3, new Uint8Array(32), [envelopeOf('tx 3', ['dispense'])]), 3);
    expect(where).toEqual({ channel: 'care-1', blockHash: `0x${Buffer.from(block.hash).toString('hex')}` });
    expect(signersOfStatement(dispenseReceiptKind, { record, ...where }, token, [signature])).toEqual([
      address.toLowerCase(),
    ]);
  });

  it('signs nothing of a dispense that its peer does not have', async () => {
    const { notary } = notaryOf('PharmacyMSP', [issued, partial]);
    await expect(notary.dispenseReceipt('care-1', id, second.id, token)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a receipt of a dispense', () => {
  it('is there while the prescription goes on, the same after its end, and bears all who say it', async () => {
    const early = await give(first.id, notaryOf('HospitalMSP', [issued, partial]), notaryOf('PharmacyMSP', [partial]));
    const ended = ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'].map((mspId) => notaryOf(mspId, [partial, completed]));
    const late = readDispenseReceipt(writeDispenseReceipt(await give(first.id, ...ended)));
    expect(late.record).toEqual(early.record);
    expect(late.blockHash).toBe(early.blockHash);
    const trust = { token, notaries: ended.map(({ address }) => address), threshold: 3 };
    expect(verifyDispenseReceipt(late, trust)).toHaveLength(3);
    expect(JSON.stringify(late)).not.toMatch(/pt-1-|prac-|shortage|courier/);
  });

  it('waits for a peer that lags, and says that there is none where nobody has it', async () => {
    const lagging = notaryOf('PharmacyMSP', [issued], [issued], [issued, partial]);
    const { signatures } = await give(first.id, notaryOf('HospitalMSP', [partial]), lagging);
    expect(signatures).toHaveLength(2);
    const none = () => notaryOf('HospitalMSP', [issued, partial]);
    const away = notaryOf('RegulatorMSP', new ConnectorError('LEDGER_UNAVAILABLE', 'down'));
    await expect(give(second.id, away, none(), none())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('never joins what differs, and counts nobody twice', async () => {
    const other = { ...partial, dispenses: [{ ...first, quantity: 24 }] };
    const differing = give(first.id, notaryOf('HospitalMSP', [partial]), notaryOf('PharmacyMSP', [other]));
    await expect(differing).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
    const { notary } = notaryOf('HospitalMSP', [partial]);
    await expect(give(first.id, { notary }, { notary })).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
  });

  const honest = () => notaryOf('HospitalMSP', [partial, completed]).notary;
  const stranger = createNotary('PharmacyMSP', createFakePeer([partial]), generatePrivateKey());
  const another: Notary = {
    ...honest(),
    dispenseReceipt: (channel, rx, _asked, on) => honest().dispenseReceipt(channel, rx, second.id, on),
  };
  const unsigned: Notary = {
    ...honest(),
    dispenseReceipt: async (...asked) => ({
      ...(await honest().dispenseReceipt(...asked)),
      signature: `0x${'00'.repeat(65)}`,
    }),
  };
  it.each([
    ['has a key that the contract does not know', stranger],
    ['speaks of another dispense', another],
    ['signs with something else', unsigned],
  ])('takes nothing of one that %s', async (_name, notary) => {
    const { signatures } = await give(first.id, { notary }, { notary: honest() }, { notary: honest() });
    expect(signatures).toHaveLength(2);
    await expect(give(first.id, { notary }, { notary: honest() })).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
  });
});
