import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getAddress, parseEventLogs, zeroAddress, zeroHash } from 'viem';
import { prescriptionTokenAbi } from '../abi/prescriptionToken.ts';
import { deployToken, licenceHash, refuses, tokenId } from '../testing/fixture.ts';

describe('a licence', () => {
  it('is put on the chain by the registrar alone, with the role', async () => {
    const { as, token, admin, registrar, prescriber, outsider, notaryA, now, publicClient } = await deployToken();
    const validTo = (await now()) + 100n;
    const account = outsider.account.address;
    for (const wallet of [outsider, admin, prescriber, notaryA]) {
      const refused = as(wallet).write.license([account, licenceHash, validTo]);
      await refuses(refused, 'AccessControlUnauthorizedAccount');
    }
    const hash = await as(registrar).write.license([account, licenceHash, validTo]);
    const { logs, blockNumber } = await publicClient.getTransactionReceipt({ hash });
    const { timestamp } = await publicClient.getBlock({ blockNumber });
    const licensed = parseEventLogs({ abi: prescriptionTokenAbi, logs, eventName: 'PrescriberLicensed' });
    assert.deepEqual(licensed[0]?.args, { prescriber: getAddress(account), licence: 2n, licenceHash, validTo });
    assert.equal(await token.read.hasRole([await token.read.PRESCRIBER_ROLE(), account]), true);
    assert.deepEqual(await token.read.licenceOfPrescriber([account]), {
      ...{ prescriber: getAddress(account), validFrom: Number(timestamp), validTo: Number(validTo), licenceHash },
    });
  });

  it('must be in force to issue', async () => {
    const { as, registrar, outsider, now, mint, prescriber, token, networkHelpers } = await deployToken();
    await as(registrar).write.grantRole([await token.read.PRESCRIBER_ROLE(), outsider.account.address]);
    const args = [7n, outsider.account.address, licenceHash, (await now()) + 1_000n] as const;
    await refuses(as(outsider).write.mint(args), 'NotLicensed', [getAddress(outsider.account.address)]);

    const validTo = (await now()) + 50n;
    await as(registrar).write.license([prescriber.account.address, licenceHash, validTo]);
    await networkHelpers.increaseTo(validTo);
    await mint();
    await networkHelpers.increaseTo(validTo + 1n);
    await refuses(mint({ tokenId: 8n }), 'NotLicensed', [getAddress(prescriber.account.address)]);
  });

  it('ends ahead', async () => {
    const { as, registrar, outsider, now } = await deployToken();
    for (const validTo of [0n, await now(), 2n ** 40n]) {
      const refused = as(registrar).write.license([outsider.account.address, licenceHash, validTo]);
      await refuses(refused, 'LicenceNotAhead', [validTo]);
    }
  });

  it('stays with the tokens that were issued under it when another takes its place', async () => {
    const { as, token, registrar, prescriber, mint, now, licenceEnds } = await deployToken();
    await mint();
    await as(registrar).write.license([prescriber.account.address, zeroHash, (await now()) + 5_000n]);
    await mint({ tokenId: 7n });
    const first = await token.read.licenceOf([tokenId]);
    assert.deepEqual([first.licenceHash, first.validTo], [licenceHash, Number(licenceEnds)]);
    assert.equal((await token.read.licenceOf([7n])).licenceHash, zeroHash);
    await as(registrar).write.revokeRole([await token.read.PRESCRIBER_ROLE(), prescriber.account.address]);
    await refuses(mint({ tokenId: 9n }), 'AccessControlUnauthorizedAccount');
    assert.equal((await token.read.prescriptionOf([tokenId])).issuer, getAddress(prescriber.account.address));
  });

  it('is asked of a token that exists; of nobody there is none', async () => {
    const { token, outsider } = await deployToken();
    await refuses(token.read.licenceOf([tokenId]), 'ERC721NonexistentToken', [tokenId]);
    const none = await token.read.licenceOfPrescriber([outsider.account.address]);
    assert.deepEqual(none, { prescriber: zeroAddress, validFrom: 0, validTo: 0, licenceHash: zeroHash });
  });
});
