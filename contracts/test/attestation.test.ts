import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getAddress, hashTypedData, parseEventLogs, parseSignature, serializeSignature } from 'viem';
import { prescriptionTokenAbi } from '../abi/prescriptionToken.ts';
import { deployToken, refuses, State, tokenId } from '../testing/fixture.ts';
import { attestationTypes } from '../typedData.ts';

/** Order of secp256k1; s and n − s both verify, unless the contract refuses one. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

async function minted() {
  const setting = await deployToken();
  await setting.mint();
  return setting;
}

describe('recording a state', () => {
  it('takes an attestation of enough notaries from anybody, and tells of it', async (test) => {
    const { token, attest, record, publicClient } = await minted();
    const message = await attest();
    const receipt = await publicClient.getTransactionReceipt({ hash: await record(message) });
    test.diagnostic(`gas of recordState with 2 notaries: ${receipt.gasUsed}`);
    const { version, channel, blockHash } = message;
    assert.deepEqual(
      parseEventLogs({ abi: prescriptionTokenAbi, logs: receipt.logs }).map((log) => [log.eventName, log.args]),
      [['PrescriptionStateRecorded', { tokenId, state: State.partial, version, channel, blockHash }]],
    );
    const { state, version: recorded } = await token.read.prescriptionOf([tokenId]);
    assert.deepEqual([state, recorded], [State.partial, 3n]);
    assert.ok(receipt.gasUsed < 120_000n);
  });

  it('takes the signatures in any order, and more than the threshold', async () => {
    const { attest, record, notaryA, notaryB, notaryC } = await minted();
    await record(await attest({ version: 1n, state: State.active }), [notaryC, notaryA]);
    await record(await attest({ version: 2n }), [notaryC, notaryB, notaryA]);
  });

  it('says what a notary signs', async () => {
    const { token, attest, domain } = await minted();
    const message = await attest();
    const digest = hashTypedData({ domain, types: attestationTypes, primaryType: 'Attestation', message });
    assert.equal(await token.read.attestationDigest([message]), digest);
  });

  it('refuses a token that does not exist', async () => {
    const { attest, record } = await minted();
    await refuses(record(await attest({ tokenId: 5n })), 'ERC721NonexistentToken', [5n]);
  });

  it('refuses an attestation after its deadline, not at it', async () => {
    const { attest, record, networkHelpers, now } = await minted();
    const deadline = (await now()) + 50n;
    const late = await attest({ deadline });
    await networkHelpers.increaseTo(deadline);
    await record(late);
    const next = await attest({ deadline, version: 4n });
    await networkHelpers.increaseTo(deadline + 1n);
    await refuses(record(next), 'AttestationExpired', [deadline]);
  });

  it('refuses a version that does not rise', async () => {
    const { attest, record } = await minted();
    await refuses(record(await attest({ version: 0n })), 'VersionNotRising', [tokenId, 0n, 0n]);
    await record(await attest({ version: 3n }));
    await refuses(record(await attest({ version: 3n })), 'VersionNotRising', [tokenId, 3n, 3n]);
    await refuses(record(await attest({ version: 2n })), 'VersionNotRising', [tokenId, 3n, 2n]);
  });

  it('refuses a number that is no state', async () => {
    const { attest, record } = await minted();
    await refuses(record(await attest({ state: 4 })), 'UnknownState', [4]);
    await refuses(record(await attest({ state: 255 })), 'UnknownState', [255]);
  });

  it('refuses to go back to an earlier state', async () => {
    const { attest, record } = await minted();
    await record(await attest());
    const back = record(await attest({ state: State.active, version: 4n }));
    await refuses(back, 'StateNotReachable', [State.partial, State.active]);
  });

  it('refuses anything after a terminal state', async () => {
    for (const terminal of [State.dispensed, State.cancelled]) {
      const { attest, record } = await minted();
      await record(await attest({ state: terminal }));
      const after = record(await attest({ state: State.cancelled, version: 9n }));
      await refuses(after, 'TerminalState', [tokenId, terminal]);
    }
  });
});

describe('the notaries of an attestation', () => {
  it('must be as many as the threshold', async () => {
    const { attest, record, notaryA } = await minted();
    await refuses(record(await attest(), []), 'TooFewNotaries', [0n, 2n]);
    await refuses(record(await attest(), [notaryA]), 'TooFewNotaries', [1n, 2n]);
  });

  it('must be distinct', async () => {
    const { attest, record, notaryA } = await minted();
    const repeated = record(await attest(), [notaryA, notaryA]);
    await refuses(repeated, 'DuplicateNotary', [getAddress(notaryA.account.address)]);
  });

  it('must be notaries, even beyond the threshold', async () => {
    const { attest, record, notaryA, notaryB, admin, outsider } = await minted();
    for (const wallet of [outsider, admin]) {
      const stranger = [getAddress(wallet.account.address)];
      await refuses(record(await attest(), [notaryA, wallet]), 'UnknownNotary', stranger);
      await refuses(record(await attest(), [notaryA, notaryB, wallet]), 'UnknownNotary', stranger);
    }
  });

  it('must have signed for this chain, this contract and these very words', async () => {
    const { attest, sign, token, notaryA, notaryB, outsider } = await minted();
    const message = await attest();
    const mine = await sign(notaryA, message);
    const foreign = [
      await sign(notaryB, message, { chainId: 1 }),
      await sign(notaryB, message, { verifyingContract: outsider.account.address }),
      await sign(notaryB, message, { version: '1' }),
      await sign(notaryB, { ...message, channel: message.blockHash }),
      await sign(notaryB, { ...message, blockHash: message.channel }),
      await sign(notaryB, { ...message, state: State.dispensed }),
      await sign(notaryB, { ...message, version: 4n }),
      await sign(notaryB, { ...message, deadline: message.deadline + 1n }),
    ];
    for (const signature of foreign) {
      await refuses(token.write.recordState([message, [mine, signature]]), 'UnknownNotary');
    }
  });

  it('cannot count twice through the malleable twin of a signature', async () => {
    const { attest, sign, token, notaryA } = await minted();
    const message = await attest();
    const signature = await sign(notaryA, message);
    const { r, s, yParity } = parseSignature(signature);
    const upper = `0x${(order - BigInt(s)).toString(16).padStart(64, '0')}` as const;
    const twin = serializeSignature({ r, s: upper, yParity: yParity === 0 ? 1 : 0 });
    await refuses(token.write.recordState([message, [signature, twin]]), 'ECDSAInvalidSignatureS', [upper]);
  });

  it('must give signatures of 65 bytes that recover to an account', async () => {
    const { attest, sign, token, notaryA } = await minted();
    const message = await attest();
    const mine = await sign(notaryA, message);
    await refuses(token.write.recordState([message, [mine, '0x1234']]), 'ECDSAInvalidSignatureLength', [2n]);
    const broken = `0x${'00'.repeat(65)}` as const;
    await refuses(token.write.recordState([message, [mine, broken]]), 'ECDSAInvalidSignature');
  });
});
