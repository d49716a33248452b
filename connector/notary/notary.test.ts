import { recoverTypedDataAddress } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { tokenStates } from '#chaincode/model/token.ts';
import { ConnectorError } from '../errors.ts';
import type { LedgerCall } from '../ledger/connection.ts';
import { prescriptionState } from '../testing/prescription.ts';
import { attest } from './attest.ts';
import { createNotary } from './notary.ts';
import { statementOf } from './statement.ts';

const terms = {
  domain: { chainId: 31337, verifyingContract: `0x${'11'.repeat(20)}` as const },
  threshold: 2,
};

/** A notary whose peer answers one after another what it is given; the last answer stays. */
function notaryOf(mspId: string, ...answers: (Prescription | Error)[]) {
  const key = generatePrivateKey();
  const calls: LedgerCall[] = [];
  const notary = createNotary(
    mspId,
    {
      evaluate: async (call) => {
        calls.push(call);
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        if (answer instanceof Error) throw answer;
        return JSON.stringify(answer);
      },
    },
    key,
  );
  return { notary, calls, address: privateKeyToAccount(key).address };
}

const partial = prescriptionState({ state: 'partial', left: 30, version: 3 });

describe('statementOf', () => {
  it('refers to channel, id, version and state of the ledger, each of which changes the reference', () => {
    const reference = (channel: string, change: Partial<Prescription> = {}) =>
      statementOf(channel, { ...partial, ...change }).ledgerRef;
    const references = [
      reference('care-1'),
      reference('care-2'),
      reference('care-1', { version: 4 }),
      reference('care-1', { state: 'active' }),
      reference('care-1', { id: `rx-1-${'d'.repeat(26)}` }),
    ];
    expect(new Set(references).size).toBe(5);
    expect(reference('care-1')).toBe(references[0]);
  });
});

describe('a notary', () => {
  it('asks its own organisation’s peer and signs what that says', async () => {
    const { notary, calls, address } = notaryOf('PharmacyMSP', partial);
    const { attestation, signature } = await notary.attest('care-1', partial.id, terms.domain, 99n);
    expect(calls).toEqual([
      {
        ...{ channel: 'care-1', contract: 'care', function: 'read', args: [partial.id] },
        organisations: ['PharmacyMSP'],
      },
    ]);
    const signer = await recoverTypedDataAddress({
      domain: { name: 'Medloom PrescriptionToken', version: '1', ...terms.domain },
      types: {
        Attestation: [
          { name: 'tokenId', type: 'uint256' },
          { name: 'state', type: 'uint8' },
          { name: 'version', type: 'uint64' },
          { name: 'ledgerRef', type: 'bytes32' },
          { name: 'deadline', type: 'uint64' },
        ],
      },
      primaryType: 'Attestation',
      message: attestation,
      signature,
    });
    expect(signer).toBe(address);
    expect(attestation).toMatchObject({ state: tokenStates.indexOf('partial'), version: 3n, deadline: 99n });
  });

  it('signs nothing that is no prescription', async () => {
    const { notary } = notaryOf('PharmacyMSP', prescriptionState({ version: 0 }));
    await expect(notary.attest('care-1', partial.id, terms.domain, 99n)).rejects.toThrow();
  });
});

describe('attest', () => {
  const ask = (...notaries: ReturnType<typeof notaryOf>[]) =>
    attest(
      notaries.map(({ notary }) => notary),
      terms,
      partial.id,
      () => 1_000_000,
    );

  it('answers what all say, with a deadline', async () => {
    const notaries = ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'].map((mspId) => notaryOf(mspId, partial));
    const { attestation, signatures } = await ask(...notaries);
    expect(attestation).toMatchObject({ channel: 'care-1', state: 1, version: 3, deadline: 1000 + 900 });
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

  it('tells the ledger’s refusal where nobody can read', async () => {
    const missing = () => notaryOf('HospitalMSP', new ConnectorError('NOT_FOUND', 'no such prescription'));
    await expect(ask(missing(), missing())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses a channel without notaries', async () => {
    await expect(ask()).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
  });
});
