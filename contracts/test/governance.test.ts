import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getAddress, parseEventLogs } from 'viem';
import { prescriptionTokenAbi } from '../abi/prescriptionToken.ts';
import { deployToken, licenceHash, refuses } from '../testing/fixture.ts';

describe('the officers', () => {
  it('are the registrar for prescribers and the admin for everything else', async () => {
    const { as, token, admin, registrar, outsider } = await deployToken();
    const [prescriberRole, registrarRole, notaryRole, adminRole] = await Promise.all([
      token.read.PRESCRIBER_ROLE(),
      token.read.REGISTRAR_ROLE(),
      token.read.NOTARY_ROLE(),
      token.read.DEFAULT_ADMIN_ROLE(),
    ]);
    const account = outsider.account.address;
    const unauthorised = 'AccessControlUnauthorizedAccount';
    await refuses(as(admin).write.grantRole([prescriberRole, account]), unauthorised);
    await refuses(as(outsider).write.grantRole([prescriberRole, account]), unauthorised);
    for (const role of [registrarRole, notaryRole, adminRole]) {
      await refuses(as(registrar).write.grantRole([role, account]), unauthorised);
    }
    await as(registrar).write.grantRole([prescriberRole, account]);
    await as(admin).write.grantRole([registrarRole, account]);
    assert.equal(await token.read.hasRole([prescriberRole, account]), true);
    assert.equal(await token.read.hasRole([registrarRole, account]), true);
  });
});

describe('what officers do', () => {
  it('is refused to everybody else, each of it to each of them', async () => {
    const { as, token, admin, registrar, prescriber, notaryA, notaryB, outsider, licenceEnds } = await deployToken();
    const [adminRole, registrarRole, prescriberRole, notaryRole] = await Promise.all([
      token.read.DEFAULT_ADMIN_ROLE(),
      token.read.REGISTRAR_ROLE(),
      token.read.PRESCRIBER_ROLE(),
      token.read.NOTARY_ROLE(),
    ]);
    const others = { admin, registrar, prescriber, notaryA, outsider };
    const granted = async () =>
      Promise.all(
        [adminRole, registrarRole, prescriberRole, notaryRole].flatMap((role) =>
          Object.values(others).map((wallet) => token.read.hasRole([role, wallet.account.address])),
        ),
      );
    const before = await granted();
    for (const [name, wallet] of Object.entries(others)) {
      const { write } = as(wallet);
      const account = outsider.account.address;
      const ofAdmin = [
        () => write.setNotaryThreshold([1n]),
        ...[adminRole, registrarRole, notaryRole].map((role) => () => write.grantRole([role, account])),
        () => write.revokeRole([adminRole, admin.account.address]),
        () => write.revokeRole([registrarRole, registrar.account.address]),
        () => write.revokeRole([notaryRole, notaryA.account.address]),
      ];
      const ofRegistrar = [
        () => write.license([account, licenceHash, licenceEnds]),
        () => write.grantRole([prescriberRole, account]),
        () => write.revokeRole([prescriberRole, prescriber.account.address]),
      ];
      const refused = [...(name === 'admin' ? [] : ofAdmin), ...(name === 'registrar' ? [] : ofRegistrar)];
      for (const act of refused) await refuses(act(), 'AccessControlUnauthorizedAccount');
      // Nobody gives up a role for another, the admin included.
      await refuses(write.renounceRole([notaryRole, notaryB.account.address]), 'AccessControlBadConfirmation');
    }
    assert.deepEqual(await granted(), before);
    assert.equal(await token.read.notaryThreshold(), 2n);
  });
});

describe('the threshold of notaries', () => {
  it('lies between one and their number, and is set by the admin alone', async () => {
    const { as, token, admin, outsider, registrar, publicClient } = await deployToken();
    assert.deepEqual([await token.read.notaryThreshold(), await token.read.notaryCount()], [2n, 3n]);
    await refuses(as(admin).write.setNotaryThreshold([0n]), 'ThresholdOutOfRange', [0n, 3n]);
    await refuses(as(admin).write.setNotaryThreshold([4n]), 'ThresholdOutOfRange', [4n, 3n]);
    for (const wallet of [outsider, registrar]) {
      await refuses(as(wallet).write.setNotaryThreshold([1n]), 'AccessControlUnauthorizedAccount');
    }
    const hash = await as(admin).write.setNotaryThreshold([3n]);
    const { logs } = await publicClient.getTransactionReceipt({ hash });
    assert.deepEqual(
      parseEventLogs({ abi: prescriptionTokenAbi, logs }).map((log) => [log.eventName, log.args]),
      [['NotaryThresholdChanged', { threshold: 3n }]],
    );
  });

  it('keeps the last notaries that it needs', async () => {
    const { as, token, admin, notaryA, notaryB } = await deployToken();
    const role = await token.read.NOTARY_ROLE();
    await as(admin).write.revokeRole([role, notaryA.account.address]);
    await as(admin).write.revokeRole([role, notaryA.account.address]);
    assert.equal(await token.read.notaryCount(), 2n);
    await refuses(as(admin).write.revokeRole([role, notaryB.account.address]), 'ThresholdOutOfRange', [2n, 1n]);
    const renounce = as(notaryB).write.renounceRole([role, notaryB.account.address]);
    await refuses(renounce, 'ThresholdOutOfRange', [2n, 1n]);
  });

  it('counts a revoked notary no more', async () => {
    const { as, token, admin, notaryA, notaryB, mint, attest, record } = await deployToken();
    await mint();
    await as(admin).write.revokeRole([await token.read.NOTARY_ROLE(), notaryA.account.address]);
    const stale = record(await attest(), [notaryA, notaryB]);
    await refuses(stale, 'UnknownNotary', [getAddress(notaryA.account.address)]);
  });

  it('must be possible from the start', async () => {
    const { viem, admin, notaryA } = await deployToken();
    const officer = admin.account.address;
    const deploy = (notaries: `0x${string}`[], threshold: bigint) =>
      viem.deployContract('PrescriptionToken', [officer, officer, notaries, threshold]);
    const notary = notaryA.account.address;
    await assert.rejects(deploy([notary], 2n), /ThresholdOutOfRange/);
    await assert.rejects(deploy([], 0n), /ThresholdOutOfRange/);
    await assert.rejects(deploy([notary, notary], 1n), /DuplicateNotary/);
  });
});
