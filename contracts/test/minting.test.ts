import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getAddress, parseEventLogs, zeroAddress, zeroHash } from 'viem';
import { prescriptionTokenAbi } from '../abi/prescriptionToken.ts';
import { commitment, deployToken, oneTimeAddress, refuses, State, tokenId } from '../testing/fixture.ts';

describe('minting', () => {
  it('records issuer, holder, commitment and expiry, and tells of it', async (test) => {
    const { token, mint, now, prescriber, publicClient } = await deployToken();
    const expires = (await now()) + 1000n;
    const receipt = await publicClient.getTransactionReceipt({ hash: await mint({ expires }) });
    test.diagnostic(`gas of mint: ${receipt.gasUsed}`);

    const issuer = getAddress(prescriber.account.address);
    const logs = parseEventLogs({ abi: prescriptionTokenAbi, logs: receipt.logs });
    assert.deepEqual(
      logs.map((log) => [log.eventName, log.args]),
      [
        ['Transfer', { from: zeroAddress, to: oneTimeAddress, tokenId }],
        ['Locked', { tokenId }],
        ['PrescriptionMinted', { tokenId, issuer, licence: 1n, commitment, expires }],
      ],
    );
    assert.deepEqual(await token.read.prescriptionOf([tokenId]), {
      ...{ issuer, holder: oneTimeAddress, commitment, expires },
      ...{ state: State.active, version: 0n },
    });
    assert.equal(await token.read.exists([tokenId]), true);
    assert.ok(receipt.gasUsed < 200_000n);
  });

  it('refuses anybody whom the registrar has not made a prescriber', async () => {
    const { as, token, now, outsider, admin, registrar, prescriber } = await deployToken();
    const role = await token.read.PRESCRIBER_ROLE();
    const args = [tokenId, oneTimeAddress, commitment, (await now()) + 1000n] as const;
    for (const wallet of [outsider, admin, registrar]) {
      await refuses(as(wallet).write.mint(args), 'AccessControlUnauthorizedAccount', [
        getAddress(wallet.account.address),
        role,
      ]);
    }
    await as(registrar).write.revokeRole([role, prescriber.account.address]);
    await refuses(as(prescriber).write.mint(args), 'AccessControlUnauthorizedAccount');
  });

  it('refuses a second token for the same prescription', async () => {
    const { mint } = await deployToken();
    await mint();
    await refuses(mint(), 'TokenExists', [tokenId]);
  });

  it('refuses a holder of zero, an empty commitment and an expiry that is not ahead', async () => {
    const { mint, now, networkHelpers } = await deployToken();
    await refuses(mint({ holder: zeroAddress }), 'ZeroHolder');
    await refuses(mint({ commitment: zeroHash }), 'EmptyCommitment');
    const next = (await now()) + 100n;
    await networkHelpers.increaseTo(next);
    await refuses(mint({ expires: next }), 'ExpiryNotAhead', [next]);
  });
});

describe('a minted token', () => {
  it('is locked, and no way of transfer or approval moves it', async () => {
    const { token, as, mint, outsider, prescriber } = await deployToken();
    const holder = outsider.account.address;
    await mint({ holder });
    assert.equal(await token.read.locked([tokenId]), true);
    const held = as(outsider);
    const to = prescriber.account.address;
    await refuses(held.write.transferFrom([holder, to, tokenId]), 'TokenLocked', [tokenId]);
    await refuses(held.write.safeTransferFrom([holder, to, tokenId]), 'TokenLocked', [tokenId]);
    await refuses(held.write.safeTransferFrom([holder, to, tokenId, '0x00']), 'TokenLocked', [tokenId]);
    await refuses(held.write.approve([to, tokenId]), 'TokenLocked', [tokenId]);
    await refuses(held.write.setApprovalForAll([to, true]), 'ApprovalsDisabled');
    assert.equal(await token.read.ownerOf([tokenId]), getAddress(holder));
  });

  it('has metadata that is the same for every prescription', async () => {
    const { token, mint } = await deployToken();
    await mint();
    await mint({ tokenId: 7n });
    const uri = await token.read.tokenURI([tokenId]);
    assert.equal(await token.read.tokenURI([7n]), uri);
    const [head, body = ''] = uri.split(',');
    assert.equal(head, 'data:application/json;base64');
    assert.deepEqual(Object.keys(JSON.parse(Buffer.from(body, 'base64').toString())), ['name', 'description']);
  });

  it('answers for the interfaces that it has', async () => {
    const { token } = await deployToken();
    for (const known of ['0x01ffc9a7', '0x80ac58cd', '0x5b5e139f', '0xb45a3c0e', '0x7965db0b'] as const) {
      assert.equal(await token.read.supportsInterface([known]), true, known);
    }
    assert.equal(await token.read.supportsInterface(['0xffffffff']), false);
  });

  it('must exist to be asked about', async () => {
    const { token } = await deployToken();
    assert.equal(await token.read.exists([tokenId]), false);
    const ask = [token.read.prescriptionOf, token.read.locked, token.read.tokenURI];
    for (const read of ask) await refuses(read([tokenId]), 'ERC721NonexistentToken', [tokenId]);
    await refuses(token.write.approve([oneTimeAddress, tokenId]), 'ERC721NonexistentToken', [tokenId]);
  });
});
