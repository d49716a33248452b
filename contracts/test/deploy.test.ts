import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  type Address,
  createPublicClient,
  createTestClient,
  getAddress,
  getContract,
  type Hex,
  http,
  toHex,
  zeroAddress,
} from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { type Anvil, startAnvil } from '../../network/ethereum/anvil.ts';
import { callEthereum } from '../../network/ethereum/rpc.ts';
import { assistanceFundAbi } from '../abi/assistanceFund.ts';
import { careSettlementAbi } from '../abi/careSettlement.ts';
import { prescriptionTokenAbi } from '../abi/prescriptionToken.ts';
import { testCoinAbi } from '../abi/testCoin.ts';
import { DamagedDeployment, type DeployOptions, deployContracts } from '../deploy/deploy.ts';

const mnemonic = 'test test test test test test test test test test test junk';
const account = (addressIndex: number) => mnemonicToAccount(mnemonic, { addressIndex });

describe('deploying to Anvil', () => {
  const folder = mkdtempSync(join(tmpdir(), 'medloom-deploy-'));
  let anvil: Anvil;
  let options: DeployOptions;

  before(async () => {
    anvil = await startAnvil({ stateFile: join(folder, 'chain.json'), logFile: join(folder, 'anvil.log'), mnemonic });
    options = {
      rpcUrl: anvil.rpcUrl,
      deployerKey: toHex(account(0).getHdKey().privateKey ?? new Uint8Array()),
      registrar: account(1).address,
      notaries: [account(2).address, account(3).address],
      threshold: 2,
      file: join(folder, 'deployment', 'contracts.json'),
    };
  });
  after(async () => {
    await anvil.stop();
    rmSync(folder, { recursive: true });
  });

  it('makes the officers what they are, and uses the deployment again', async () => {
    const first = await deployContracts(options);
    assert.equal(first.chainId, 31337);
    assert.deepEqual(JSON.parse(readFileSync(options.file, 'utf8')), first);

    const client = createPublicClient({ transport: http(anvil.rpcUrl) });
    const token = getContract({ address: first.prescriptionToken, abi: prescriptionTokenAbi, client });
    const hasRole = async (role: 'REGISTRAR_ROLE' | 'DEFAULT_ADMIN_ROLE', address: `0x${string}`) =>
      token.read.hasRole([await token.read[role](), address]);
    assert.equal(await hasRole('REGISTRAR_ROLE', account(1).address), true);
    assert.equal(await hasRole('DEFAULT_ADMIN_ROLE', account(0).address), true);
    assert.equal(await token.read.notaryThreshold(), 2n);

    const blocks = await client.getBlockNumber();
    assert.deepEqual(await deployContracts(options), first);
    assert.equal(await client.getBlockNumber({ cacheTime: 0 }), blocks);
  });

  it('makes a settlement that pays in its coin, with a fund that may help', async () => {
    const { careSettlement, assistanceFund, settlementCoin } = await deployContracts(options);
    const client = createPublicClient({ transport: http(anvil.rpcUrl) });
    const settlement = getContract({ address: careSettlement, abi: careSettlementAbi, client });
    const fund = getContract({ address: assistanceFund, abi: assistanceFundAbi, client });
    const may = async (role: 'PAYEE_REGISTRAR_ROLE' | 'INSURER_REGISTRAR_ROLE' | 'ASSISTANCE_ROLE', who: Address) =>
      settlement.read.hasRole([await settlement.read[role](), who]);
    assert.equal(await may('PAYEE_REGISTRAR_ROLE', account(1).address), true);
    assert.equal(await may('INSURER_REGISTRAR_ROLE', account(1).address), true);
    assert.equal(await may('ASSISTANCE_ROLE', assistanceFund), true);
    assert.equal(await may('ASSISTANCE_ROLE', account(0).address), false);
    assert.equal(await settlement.read.minorUnitOf([settlementCoin]), 10_000n);
    assert.equal(await settlement.read.minorUnitOf([zeroAddress]), 10n ** 16n);
    assert.equal(await fund.read.coin(), getAddress(settlementCoin));
    assert.equal((await fund.read.rules()).perGrant, 100_000_000n);
    const name = await client.readContract({ address: settlementCoin, abi: testCoinAbi, functionName: 'name' });
    assert.equal(name, 'Medloom test coin, no money');
  });

  it('adds payments to a deployment of before, and leaves its token', async () => {
    const { prescriptionToken, chainId } = await deployContracts(options);
    writeFileSync(options.file, JSON.stringify({ prescriptionToken, chainId }));
    const deployed = await deployContracts(options);
    assert.equal(deployed.prescriptionToken, prescriptionToken);
    assert.deepEqual(await deployContracts(options), deployed);
  });

  it('pays in a coin that is configured, with a fund of its own', async () => {
    const before = await deployContracts(options);
    const file = join(folder, 'deployment', 'other.json');
    const { settlementCoin: coin } = await deployContracts({ ...options, file });
    const deployed = await deployContracts({ ...options, coin });
    assert.equal(deployed.settlementCoin, coin);
    assert.equal(deployed.careSettlement, before.careSettlement);
    assert.notEqual(deployed.assistanceFund, before.assistanceFund);
    assert.deepEqual(await deployContracts({ ...options, coin }), deployed);
  });

  it('replaces a settlement that takes other signatures, with a fund that pays there', async () => {
    const before = await deployContracts(options);
    const chain = createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) });
    const client = createPublicClient({ transport: http(anvil.rpcUrl) });
    // One of the version before: the same words, for another domain.
    const code = await client.getCode({ address: before.careSettlement });
    assert.ok(code);
    const [now, then] = ['2', '1'].map((version) => `${toHex(version).slice(2)}${'00'.repeat(30)}01`);
    assert.ok(now && then && code.includes(now));
    await chain.setCode({ address: before.careSettlement, bytecode: code.replaceAll(now, then) as Hex });
    const deployed = await deployContracts(options);
    assert.notEqual(deployed.careSettlement, before.careSettlement);
    assert.notEqual(deployed.assistanceFund, before.assistanceFund);
    assert.equal(deployed.settlementCoin, before.settlementCoin);
    // What lies on accounts there can be found.
    const { careSettlement, assistanceFund } = before;
    assert.deepEqual(deployed.formerSettlements, [{ careSettlement, assistanceFund }]);
    assert.deepEqual(await deployContracts(options), deployed);
  });

  it('names a damaged record and leaves it as it is, rather than deploying a second time', async () => {
    const whole = readFileSync(options.file, 'utf8');
    const blocks = await callEthereum(anvil.rpcUrl, 'eth_blockNumber');
    for (const damaged of [whole.slice(0, 30), '', '{"prescriptionToken":"0x12"}']) {
      writeFileSync(options.file, damaged);
      await assert.rejects(
        deployContracts(options),
        (error) => error instanceof DamagedDeployment && error.message.includes(options.file),
      );
      assert.equal(readFileSync(options.file, 'utf8'), damaged);
    }
    assert.equal(await callEthereum(anvil.rpcUrl, 'eth_blockNumber'), blocks);
    writeFileSync(options.file, whole);
  });

  it('deploys anew where the named address has no code', async () => {
    const nowhere = { prescriptionToken: account(9).address, chainId: 31337 };
    writeFileSync(options.file, JSON.stringify(nowhere));
    const deployed = await deployContracts(options);
    assert.notEqual(deployed.prescriptionToken, nowhere.prescriptionToken);
  });

  it('replaces a contract that takes other signatures, and remembers it', async () => {
    const before = { prescriptionToken: account(8).address, chainId: 31337 };
    const chain = createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) });
    // It answers nothing that it is asked.
    await chain.setCode({ address: before.prescriptionToken, bytecode: '0x60006000fd' });
    writeFileSync(options.file, JSON.stringify(before));
    const deployed = await deployContracts(options);
    assert.notEqual(deployed.prescriptionToken, before.prescriptionToken);
    assert.deepEqual(deployed.former, [before.prescriptionToken]);
    assert.deepEqual(await deployContracts(options), deployed);
  });
});
