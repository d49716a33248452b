import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicClient, createTestClient, createWalletClient, http, parseEther } from 'viem';
import { generatePrivateKey, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { anvil as anvilChain } from 'viem/chains';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { deployContracts } from '#contracts/deploy/deploy.ts';
import { issueTypes, tokenDomain } from '#contracts/typedData.ts';
import { type Anvil, startAnvil } from '#network/ethereum/anvil.ts';
import { AppError } from '#server/errors.ts';
import { wallets } from '../gateways/db/schema/people.ts';
import { outgoingTransactions, relayQueue } from '../gateways/db/schema/relay.ts';
import { openEthereum } from '../gateways/ethereum/ethereum.ts';
import { openRpc } from '../gateways/ethereum/rpc.ts';
import { findSaga, stepOf } from '../sagas/store.ts';
import { issueFor, transact } from '../testing/intents.ts';
import { type Person, World } from '../testing/world.ts';
import { relayMint } from '../transactions/relaying.ts';
import { keptOutgoing } from './keptOutgoing.ts';
import { relayOnce } from './relay.ts';
import { issueOf } from './relayQueue.ts';

/** The relay on a real chain that makes blocks when it is told to, and on a real database that outlives a process. */
const mnemonic = 'test test test test test test test test test test test junk';
const admin = mnemonicToAccount(mnemonic);
const wallet = privateKeyToAccount(generatePrivateKey());
const submitterKey = generatePrivateKey();
const submitter = privateKeyToAccount(submitterKey).address;
const deadline = Math.floor(Date.now() / 1000) + 3_600;
let folder: string;
let anvil: Anvil;
let token: `0x${string}`;
let world: World;
let doctor: Person;
let patient: Person;

const chain = () => createPublicClient({ chain: anvilChain, transport: http(anvil.rpcUrl), pollingInterval: 50 });
const blocks = () => createTestClient({ mode: 'anvil', chain: anvilChain, transport: http(anvil.rpcUrl) });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-relay-chain-'));
  anvil = await startAnvil({ stateFile: join(folder, 'chain.json'), logFile: join(folder, 'anvil.log'), mnemonic });
  const privateKey = admin.getHdKey().privateKey;
  if (!privateKey) throw new Error('the phrase has no key');
  const { prescriptionToken } = await deployContracts({
    rpcUrl: anvil.rpcUrl,
    deployerKey: `0x${Buffer.from(privateKey).toString('hex')}`,
    registrar: admin.address,
    notaries: [privateKeyToAccount(generatePrivateKey()).address],
    threshold: 1,
    file: join(folder, 'deployment.json'),
  });
  token = prescriptionToken;
  const registrar = createWalletClient({ account: admin, chain: anvilChain, transport: http(anvil.rpcUrl) });
  const hash = await registrar.writeContract({
    ...{ address: token, abi: prescriptionTokenAbi, functionName: 'license' },
    args: [wallet.address, `0x${'ab'.repeat(32)}`, 4_000_000_000n],
  });
  await chain().waitForTransactionReceipt({ hash });
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital');
  patient = await world.person('patient', null, { treatedAt: ['inst-north-hospital'] });
  const address = wallet.address.toLowerCase();
  await world.portal.db.insert(wallets).values({ address, personId: doctor.actor.personId });
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await anvil?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await blocks().setBalance({ address: submitter, value: parseEther('1') });
  startAnew();
});
afterEach(async () => {
  await openRpc(anvil.rpcUrl)('anvil_dropAllTransactions', []);
  await blocks().setAutomine(true);
  await world.portal.db.delete(relayQueue);
  await world.portal.db.delete(outgoingTransactions);
});

/** What a process has that begins now: nothing but the database. */
function startAnew(stuckMs = 3_600_000): void {
  world.portal.ethereum = openEthereum({
    ...{ rpcUrl: anvil.rpcUrl, tokenAddress: token, submitterKey },
    outgoing: keptOutgoing(world.portal.db),
    patience: { minedWithinMs: 300, stuckMs },
  });
}

async function signed() {
  const intent = issueFor(patient.actor.subjectId);
  const { sagaId } = await transact(world, doctor, intent);
  const saga = await findSaga(world.portal.db, sagaId);
  if (saga === undefined) throw new Error(sagaId);
  const issue = issueOf(world.portal, saga, deadline);
  const signature = await wallet.signTypedData({
    ...{ domain: tokenDomain(anvil.chainId, token), types: issueTypes, primaryType: 'Issue' },
    message: {
      ...{ tokenId: BigInt(issue.tokenId), holder: intent.tokenHolder as `0x${string}` },
      commitment: intent.issue.commitment as `0x${string}`,
      ...{ expires: BigInt(issue.expires), deadline: BigInt(deadline) },
    },
  });
  await relayMint(doctor.actor, { sagaId, deadline, signature }, world.portal);
  return { sagaId, tokenId: issue.tokenId };
}

const mintOf = async (sagaId: string) => stepOf((await findSaga(world.portal.db, sagaId))?.steps ?? [], 'mint');
const waiting = async () => (await world.portal.db.select().from(relayQueue)).length;
const kept = () => world.portal.db.select().from(outgoingTransactions);
const sent = (blockTag: 'latest' | 'pending') => chain().getTransactionCount({ address: submitter, blockTag });
const round = () =>
  relayOnce(world.portal, 50).then(
    () => 'brought',
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

describe('a batch that is mined late', () => {
  it('is sent once, and its flows are done, although the process ended meanwhile', async () => {
    await blocks().setAutomine(false);
    const two = [await signed(), await signed()];
    const before = await sent('latest');
    expect(await round()).toBe('ETHEREUM_UNAVAILABLE');
    startAnew();
    expect(await round()).toBe('ETHEREUM_UNAVAILABLE');
    expect(await sent('pending')).toBe(before + 1);
    expect([await waiting(), (await kept()).length]).toEqual([2, 1]);
    await blocks().mine({ blocks: 1 });
    expect(await round()).toBe('brought');
    for (const { sagaId } of two) expect(await mintOf(sagaId)).toMatchObject({ state: 'done' });
    expect([await waiting(), await kept(), await sent('pending')]).toEqual([0, [], before + 1]);
  });

  it('is replaced where it is stuck, and brings the same tokens', async () => {
    await blocks().setAutomine(false);
    const { sagaId, tokenId } = await signed();
    const before = await sent('latest');
    expect(await round()).toBe('ETHEREUM_UNAVAILABLE');
    const [first] = await kept();
    startAnew(0);
    expect(await round()).toBe('ETHEREUM_UNAVAILABLE');
    const [second] = await kept();
    expect(second?.raw).not.toBe(first?.raw);
    expect(second?.earlier).toHaveLength(1);
    await blocks().mine({ blocks: 1 });
    expect(await round()).toBe('brought');
    expect(await mintOf(sagaId)).toMatchObject({ state: 'done' });
    expect(await world.portal.ethereum.readToken(tokenId)).toMatchObject({ issuer: wallet.address.toLowerCase() });
    expect(await sent('pending')).toBe(before + 1);
  });
});

it('an account without ether loses no token that was signed', async () => {
  const { sagaId } = await signed();
  await blocks().setBalance({ address: submitter, value: 0n });
  expect(await round()).toBe('ETHEREUM_UNAVAILABLE');
  expect(await mintOf(sagaId)).toMatchObject({ state: 'running' });
  expect(await waiting()).toBe(1);
  await blocks().setBalance({ address: submitter, value: parseEther('1') });
  expect(await round()).toBe('brought');
  expect(await mintOf(sagaId)).toMatchObject({ state: 'done' });
});

it('a token that somebody else brings first is found, and its flow is done', async () => {
  const { sagaId } = await signed();
  const [row] = await world.portal.db.select().from(relayQueue);
  const saga = await findSaga(world.portal.db, sagaId);
  if (row === undefined || saga === undefined) throw new Error('nothing waits');
  const issue = issueOf(world.portal, saga, deadline);
  const anybody = createWalletClient({ account: admin, chain: anvilChain, transport: http(anvil.rpcUrl) });
  const { ethereum } = world.portal;
  world.portal.ethereum = {
    ...ethereum,
    mintBatch: async (issues) => {
      const hash = await anybody.writeContract({
        ...{ address: token, abi: prescriptionTokenAbi, functionName: 'mintBatch' },
        args: [
          [
            {
              ...{ tokenId: BigInt(issue.tokenId), expires: BigInt(issue.expires), deadline: BigInt(deadline) },
              holder: issue.holder as `0x${string}`,
              commitment: issue.commitment as `0x${string}`,
            },
          ],
          [row.signature as `0x${string}`],
        ],
      });
      await chain().waitForTransactionReceipt({ hash });
      return ethereum.mintBatch(issues);
    },
  };
  expect(await round()).toBe('brought');
  expect(await mintOf(sagaId)).toMatchObject({ state: 'done' });
  expect(await waiting()).toBe(0);
});
