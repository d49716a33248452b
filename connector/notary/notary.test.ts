import { keccak256, recoverTypedDataAddress, toHex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { tokenStates } from '#chaincode/model/token.ts';
import { attestationTypes, tokenDomain } from '#contracts/typedData.ts';
import { openBlock } from '#crypto/fabric/block.ts';
import { blockOf, envelopeOf } from '#crypto/fabric/testBlocks.ts';
import { tokenIdOf } from '#crypto/token.ts';
import { ConnectorError } from '../errors.ts';
import { createFakePeer } from '../testing/peer.ts';
import { prescriptionState } from '../testing/prescription.ts';
import { attest } from './attest.ts';
import { createNotary, type Notary, type SignedAttestation } from './notary.ts';

const terms = {
  domain: { chainId: 31337, verifyingContract: `0x${'11'.repeat(20)}` as const },
  threshold: 2,
};

/** A notary whose peer answers one after another what it is given; the last answer stays. */
function notaryOf(mspId: string, ...answers: (Prescription | Error)[]) {
  const key = generatePrivateKey();
  const peer = createFakePeer(...answers);
  const { address } = privateKeyToAccount(key);
  accounts.add(address);
  return { notary: createNotary(mspId, peer, key), peer, address };
}
/** Those that the contract knows. */
const accounts = new Set<string>();
const appointed = async (account: string) => accounts.has(account);

const partial = prescriptionState({ state: 'partial', left: 30, version: 3 });

describe('a notary', () => {
  it('asks its own organisation’s peer and signs what that says, with the block that made it so', async () => {
    const { notary, peer, address } = notaryOf('PharmacyMSP', partial);
    const { attestation, signature } = await notary.attest('care-1', partial.id, terms.domain, 99n);
    const own = { channel: 'care-1', organisations: ['PharmacyMSP'] };
    expect(peer.calls).toEqual([
      { ...own, contract: 'care', function: 'history', args: [partial.id] },
      { ...own, contract: 'qscc', function: 'GetBlockByTxID', args: ['care-1', 'tx 3'] },
    ]);
    const signer = await recoverTypedDataAddress({
      domain: tokenDomain(terms.domain.chainId, terms.domain.verifyingContract),
      types: attestationTypes,
      primaryType: 'Attestation',
      message: attestation,
      signature,
    });
    expect(signer).toBe(address);
    const block = openBlock(blockOf(3, new Uint8Array(32), [envelopeOf('tx 3', ['dispense'])]), 3);
    expect(attestation).toEqual({
      ...{ tokenId: tokenIdOf(partial.id), channel: keccak256(toHex('care-1')), blockHash: toHex(block.hash) },
      ...{ state: tokenStates.indexOf('partial'), version: 3n, deadline: 99n },
    });
  });

  it('signs nothing that is no prescription', async () => {
    const { notary } = notaryOf('PharmacyMSP', prescriptionState({ version: 0 }));
    await expect(notary.attest('care-1', partial.id, terms.domain, 99n)).rejects.toThrow();
  });

  it.each([
    ['that does not hold the transaction', blockOf(3, new Uint8Array(32), [envelopeOf('another', ['dispense'])])],
    ['in which the transaction is not valid', blockOf(3, new Uint8Array(32), [envelopeOf('tx 3', ['dispense'])], [11])],
  ])('signs nothing by a block %s', async (_name, block) => {
    const ledger = { ...createFakePeer(partial), evaluateBytes: async () => block };
    const notary = createNotary('PharmacyMSP', ledger, generatePrivateKey());
    const refused = expect.objectContaining({ code: 'BLOCK_MISMATCH' });
    await expect(notary.attest('care-1', partial.id, terms.domain, 99n)).rejects.toThrow(refused);
  });
});

describe('attest', () => {
  const ask = (...notaries: { notary: Notary }[]) =>
    attest(
      notaries.map(({ notary }) => notary),
      terms,
      appointed,
      partial.id,
      () => 1_000_000,
    );

  it('answers what all say, with a deadline', async () => {
    const notaries = ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'].map((mspId) => notaryOf(mspId, partial));
    const { attestation, signatures } = await ask(...notaries);
    expect(attestation).toMatchObject({
      channel: keccak256(toHex('care-1')),
      state: 1,
      version: 3,
      deadline: 1000 + 900,
    });
    expect(signatures.map(({ notary }) => notary)).toEqual(notaries.map(({ address }) => address));
  });

  it('waits for a peer that lags', async () => {
    const before = prescriptionState({ version: 2, state: 'accepted' });
    const { attestation, signatures } = await ask(
      notaryOf('HospitalMSP', partial),
      notaryOf('PharmacyMSP', before, before, partial),
    );
    expect(attestation.version).toBe(3);
    expect(signatures).toHaveLength(2);
  });

  it('does without one that fails', async () => {
    const down = notaryOf('RegulatorMSP', new ConnectorError('LEDGER_UNAVAILABLE', 'down'));
    const { signatures } = await ask(notaryOf('HospitalMSP', partial), notaryOf('PharmacyMSP', partial), down);
    expect(signatures).toHaveLength(2);
  });

  it('never joins statements that differ', async () => {
    const other = prescriptionState({ state: 'cancelled', version: 3 });
    const disagreeing = ask(notaryOf('HospitalMSP', partial), notaryOf('PharmacyMSP', other));
    await expect(disagreeing).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
  });

  const honest = () => notaryOf('HospitalMSP', partial).notary;
  const stranger = createNotary('PharmacyMSP', createFakePeer(partial), generatePrivateKey());
  /** Says what another notary would, changed. */
  const lying = (change: (said: SignedAttestation) => Partial<SignedAttestation>): Notary => {
    const { notary } = notaryOf('PharmacyMSP', partial);
    const attest: Notary['attest'] = async (...asked) => {
      const said = await notary.attest(...asked);
      return { ...said, ...change(said) };
    };
    return { ...notary, attest };
  };
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const upper = (signature: string) => {
    const s = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, '0');
    return `${signature.slice(0, 66)}${s}${signature.endsWith('1b') ? '1c' : '1b'}` as const;
  };
  it.each<[string, Notary]>([
    ['has a key that the contract does not know', stranger],
    ['signs with something else', lying(() => ({ signature: `0x${'00'.repeat(65)}` }))],
    ['names another as itself', lying(() => ({ notary: [...accounts][0] as `0x${string}` }))],
    [
      'signs in the form that contracts refuse',
      lying(({ signature }) => ({ signature: upper(signature) as `0x${string}` })),
    ],
    [
      'changes what it signed',
      lying(({ attestation }) => ({ attestation: { ...attestation, deadline: attestation.deadline + 1n } })),
    ],
  ])('passes nothing on of one that %s, which would have the contract refuse all', async (_name, notary) => {
    const { signatures } = await ask({ notary }, { notary: honest() }, { notary: honest() });
    expect(signatures).toHaveLength(2);
    await expect(ask({ notary }, { notary: honest() })).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
  });

  it('takes nothing that is signed for another deadline, or of another prescription', async () => {
    const { notary } = notaryOf('PharmacyMSP', partial);
    const longer: Notary = { ...notary, attest: (at, id, domain) => notary.attest(at, id, domain, 4_000_000_000n) };
    const elsewhere = notaryOf('PharmacyMSP', { ...partial, id: `rx-1-${'z'.repeat(26)}` });
    for (const faulty of [{ notary: longer }, elsewhere])
      await expect(ask(faulty, { notary: honest() })).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
  });

  it('counts one once that speaks through another too', async () => {
    const one = honest();
    await expect(ask({ notary: one }, { notary: one })).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
    const { signatures } = await ask({ notary: one }, { notary: one }, { notary: honest() });
    expect(signatures).toHaveLength(2);
  });

  it('tells the ledger’s refusal where nobody can read', async () => {
    const missing = () => notaryOf('HospitalMSP', new ConnectorError('NOT_FOUND', 'no such prescription'));
    await expect(ask(missing(), missing())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses a channel without notaries', async () => {
    await expect(ask()).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
  });
});
