import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getAddress, hashTypedData, parseSignature, serializeSignature, zeroAddress, zeroHash } from 'viem';
import { deployToken, oneTimeAddress, refuses, State } from '../testing/fixture.ts';
import { issueTypes } from '../typedData.ts';

/** Order of secp256k1; s and n − s both verify, unless the contract refuses one. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const batchSize = 20;

describe('a batch of issues', () => {
  it('mints what prescribers have signed, whoever brings it', async (test) => {
    const { token, prescriber, issueOf, signIssue, publicClient } = await deployToken();
    const issues = await Promise.all(
      Array.from({ length: batchSize }, (_, at) => issueOf({ tokenId: BigInt(at + 1), holder: holderOf(at) })),
    );
    const signatures = await Promise.all(issues.map((issue) => signIssue(prescriber, issue)));
    const hash = await token.write.mintBatch([issues, signatures]);
    const { gasUsed } = await publicClient.getTransactionReceipt({ hash });
    test.diagnostic(`gas of mintBatch for each of ${batchSize}: ${gasUsed / BigInt(batchSize)}`);
    for (const { tokenId, holder, commitment, expires } of issues) {
      assert.deepEqual(await token.read.prescriptionOf([tokenId]), {
        ...{ issuer: getAddress(prescriber.account.address), holder: getAddress(holder), commitment, expires },
        ...{ state: State.active, version: 0n },
      });
      assert.equal(await token.read.balanceOf([holder]), 1n);
    }
    assert.ok(gasUsed / BigInt(batchSize) < 100_000n);
  });

  it('says what a prescriber signs', async () => {
    const { token, issueOf, domain } = await deployToken();
    const message = await issueOf();
    const digest = hashTypedData({ domain, types: issueTypes, primaryType: 'Issue', message });
    assert.equal(await token.read.issueDigest([message]), digest);
  });

  it('takes a signature for this chain, this contract and these very words only', async () => {
    const { token, issueOf, signIssue, prescriber, outsider } = await deployToken();
    const issue = await issueOf();
    const others = [
      await signIssue(prescriber, issue, { chainId: 1 }),
      await signIssue(prescriber, issue, { verifyingContract: outsider.account.address }),
      await signIssue(prescriber, issue, { version: '1' }),
      await signIssue(prescriber, { ...issue, tokenId: 2n }),
      await signIssue(prescriber, { ...issue, holder: outsider.account.address }),
      await signIssue(prescriber, { ...issue, commitment: zeroHash }),
      await signIssue(prescriber, { ...issue, expires: issue.expires + 1n }),
      await signIssue(prescriber, { ...issue, deadline: issue.deadline + 1n }),
    ];
    for (const signature of others) {
      await refuses(token.write.mintBatch([[issue], [signature]]), 'AccessControlUnauthorizedAccount');
    }
  });

  it('asks role and licence of who signed, and nothing of who brings it', async () => {
    const { as, token, issueOf, signIssue, admin, registrar, notaryA, outsider, prescriber } = await deployToken();
    const issue = await issueOf();
    for (const wallet of [admin, registrar, notaryA, outsider]) {
      const signed = await signIssue(wallet, issue);
      await refuses(as(prescriber).write.mintBatch([[issue], [signed]]), 'AccessControlUnauthorizedAccount');
    }
    await as(registrar).write.revokeRole([await token.read.PRESCRIBER_ROLE(), prescriber.account.address]);
    const late = await signIssue(prescriber, issue);
    await refuses(token.write.mintBatch([[issue], [late]]), 'AccessControlUnauthorizedAccount');
  });

  it('cannot be replayed, in the batch or after it', async () => {
    const { token, issueOf, signIssue, prescriber } = await deployToken();
    const issue = await issueOf();
    const signed = await signIssue(prescriber, issue);
    await refuses(
      token.write.mintBatch([
        [issue, issue],
        [signed, signed],
      ]),
      'TokenExists',
      [issue.tokenId],
    );
    await token.write.mintBatch([[issue], [signed]]);
    await refuses(token.write.mintBatch([[issue], [signed]]), 'TokenExists', [issue.tokenId]);
  });

  it('refuses the malleable twin of a signature and what is none', async () => {
    const { token, issueOf, signIssue, prescriber } = await deployToken();
    const issue = await issueOf();
    const { r, s, yParity } = parseSignature(await signIssue(prescriber, issue));
    const upper = `0x${(order - BigInt(s)).toString(16).padStart(64, '0')}` as const;
    const twin = serializeSignature({ r, s: upper, yParity: yParity === 0 ? 1 : 0 });
    await refuses(token.write.mintBatch([[issue], [twin]]), 'ECDSAInvalidSignatureS', [upper]);
    await refuses(token.write.mintBatch([[issue], ['0x1234']]), 'ECDSAInvalidSignatureLength', [2n]);
    await refuses(token.write.mintBatch([[issue], [`0x${'00'.repeat(65)}`]]), 'ECDSAInvalidSignature');
  });

  it('takes a signature until its deadline', async () => {
    const { token, issueOf, signIssue, prescriber, now, networkHelpers } = await deployToken();
    const deadline = (await now()) + 50n;
    const [first, second] = [await issueOf({ deadline }), await issueOf({ deadline, tokenId: 2n })];
    await networkHelpers.increaseTo(deadline);
    await token.write.mintBatch([[first], [await signIssue(prescriber, first)]]);
    await networkHelpers.increaseTo(deadline + 1n);
    const late = token.write.mintBatch([[second], [await signIssue(prescriber, second)]]);
    await refuses(late, 'IssueExpired', [2n, deadline]);
  });

  it('mints all or none', async () => {
    const { token, issueOf, signIssue, prescriber, now } = await deployToken();
    const good = await issueOf();
    const sign = async (issue: typeof good) => signIssue(prescriber, issue);
    for (const [bad, error] of [
      [await issueOf({ tokenId: 2n, holder: zeroAddress }), 'ZeroHolder'],
      [await issueOf({ tokenId: 2n, commitment: zeroHash }), 'EmptyCommitment'],
      [await issueOf({ tokenId: 2n, expires: await now() }), 'ExpiryNotAhead'],
      [await issueOf({ tokenId: 2n, expires: 2n ** 32n }), 'SafeCastOverflowedUintDowncast'],
    ] as const) {
      await refuses(
        token.write.mintBatch([
          [good, bad],
          [await sign(good), await sign(bad)],
        ]),
        error,
      );
    }
    assert.equal(await token.read.exists([good.tokenId]), false);
    await refuses(token.write.mintBatch([[good], []]), 'UnequalLengths', [1n, 0n]);
  });
});

describe('a batch of attestations', () => {
  it('records each state, whoever brings it', async (test) => {
    const { token, prescriber, issueOf, signIssue, attest, sign, notaryA, notaryB, publicClient } = await deployToken();
    const ids = Array.from({ length: batchSize }, (_, at) => BigInt(at + 1));
    const issues = await Promise.all(ids.map((tokenId) => issueOf({ tokenId })));
    await token.write.mintBatch([issues, await Promise.all(issues.map((issue) => signIssue(prescriber, issue)))]);
    const attestations = await Promise.all(ids.map((tokenId) => attest({ tokenId, state: State.dispensed })));
    const signatures = await Promise.all(
      attestations.map(async (message) => [await sign(notaryA, message), await sign(notaryB, message)]),
    );
    const hash = await token.write.recordStates([attestations, signatures]);
    const { gasUsed } = await publicClient.getTransactionReceipt({ hash });
    test.diagnostic(`gas of recordStates for each of ${batchSize}: ${gasUsed / BigInt(batchSize)}`);
    for (const id of ids) assert.equal((await token.read.prescriptionOf([id])).state, State.dispensed);
    assert.ok(gasUsed / BigInt(batchSize) < 60_000n);
  });

  it('records all or none', async () => {
    const { token, mint, attest, sign, notaryA, notaryB } = await deployToken();
    await mint();
    const good = await attest();
    const signed = [await sign(notaryA, good), await sign(notaryB, good)];
    await refuses(
      token.write.recordStates([
        [good, good],
        [signed, signed],
      ]),
      'VersionNotRising',
    );
    await refuses(token.write.recordStates([[good], []]), 'UnequalLengths', [1n, 0n]);
    assert.equal((await token.read.prescriptionOf([good.tokenId])).version, 0n);
  });

  it('refuses a version that does not fit', async () => {
    const { mint, attest, record } = await deployToken();
    await mint();
    await refuses(record(await attest({ version: 2n ** 24n })), 'SafeCastOverflowedUintDowncast');
  });
});

const holderOf = (at: number) => `0x${(BigInt(oneTimeAddress) + BigInt(at)).toString(16)}` as const;
