import { eq } from 'drizzle-orm';
import type { Address } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startNode } from '#contracts/testing/node.ts';
import { coins, insurerId, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import type { Portal } from '#server/portal.ts';
import { institutions, people, wallets } from '../gateways/db/schema/people.ts';
import { openSettlement } from '../gateways/ethereum/settlement.ts';
import type { Actor } from '../people/schema.ts';
import { World } from '../testing/world.ts';
import { payouts } from './payouts.ts';

/** Who may pay and release for an insurer, on a real chain: what its people are told of it. */

let chain: SettlementChain;
let world: World;
let portal: Portal;
/** Of the insurer: one has the treasurer's wallet. */
let treasurer: Actor;
let colleague: Actor;
const insurer = institutionHash(insurerId);
const freshAddress = () => privateKeyToAccount(generatePrivateKey()).address;
const gatewayTo = (rpcUrl: string) =>
  openSettlement({
    ...{ rpcUrl, settlementAddress: chain.deployment.careSettlement },
    submit: (call) => world.ethereum.submit(call),
  });

beforeAll(async () => {
  [chain, world] = await Promise.all([SettlementChain.start(), World.start()]);
  const { careSettlement: contract, settlementCoin } = chain.deployment;
  const coin = settlementCoin.toLowerCase();
  const payments = { coin, currency: 'EUR', contract, fromBlock: 0, confirmations: 0 };
  const settings = { ...world.portal.settings, payments };
  portal = { ...world.portal, settlement: gatewayTo(chain.url), settings };
  await portal.db
    .insert(institutions)
    .values({ id: insurerId, kind: 'insurer', name: 'The Insurer', mspId: 'InsurerMSP' });
  ({ actor: treasurer } = await world.person('insurer', insurerId, { name: 'Astrid' }));
  ({ actor: colleague } = await world.person('insurer', insurerId, { name: 'Nils' }));
  const address = privateKeyToAccount(chain.keys.treasurer).address.toLowerCase();
  await portal.db.insert(wallets).values({ address, personId: treasurer.personId });
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await chain?.stop();
});

const accountOf = async (actor: Actor, by = portal) => {
  const { account } = await payouts(actor, by);
  if (account === null) throw new Error('no account');
  return account;
};
async function setRights(account: Address, spends: boolean, releases: boolean): Promise<void> {
  const args = [insurer, account, spends, releases] as const;
  const by = chain.as(privateKeyToAccount(chain.keys.treasurer));
  await chain.mined(await by.writeContract({ ...chain.contract, functionName: 'setRights', args }));
}
const nobody = { name: null, isOwn: false, isAdjudicator: false };

it('is told to everybody of the insurer, with names of whose wallets are linked, and the adjudicator’s as such', async () => {
  const [adjudicator, releaser] = [chain.adjudicator.address.toLowerCase(), chain.releaser.address.toLowerCase()];
  await portal.db.insert(wallets).values({ address: releaser, personId: treasurer.personId });
  const shared = { treasurerName: 'Astrid', signer: adjudicator, hasAllWallets: true };
  const paying = { ...nobody, address: adjudicator, isAdjudicator: true, spends: true, releases: false };
  const releasing = { ...nobody, address: releaser, name: 'Astrid', spends: false, releases: true };
  expect(await accountOf(treasurer)).toMatchObject({ ...shared, wallets: [paying, { ...releasing, isOwn: true }] });
  expect(await accountOf(colleague)).toMatchObject({ ...shared, wallets: [paying, releasing] });
  // Whoever has left the insurer is named to nobody there.
  await portal.db.update(people).set({ institutionId: null }).where(eq(people.id, treasurer.personId));
  expect(await accountOf(colleague)).toMatchObject({
    ...{ treasurerName: null, wallets: [paying, { ...releasing, name: null }] },
  });
  await portal.db.update(people).set({ institutionId: insurerId }).where(eq(people.id, treasurer.personId));
});

it('has a wallet from when the treasurer has let it do something until it may do nothing', async () => {
  const account = freshAddress();
  const listed = async (actor = colleague) =>
    (await accountOf(actor)).wallets.find(({ address }) => address === account.toLowerCase());
  expect(await listed()).toBeUndefined();
  await setRights(account, true, false);
  expect(await listed()).toEqual({ ...nobody, address: account.toLowerCase(), spends: true, releases: false });
  await setRights(account, false, true);
  expect(await listed()).toMatchObject({ spends: false, releases: true });
  await setRights(account, false, false);
  expect(await listed()).toBeUndefined();
  await setRights(account, true, true);
  expect(await listed(treasurer)).toMatchObject({ spends: true, releases: true });
  await setRights(account, false, false);
});

it('shows an account whose limits are all that the contract takes', async () => {
  const { settlementCoin: coin } = chain.deployment;
  const setLimits = async (perDay: bigint, releaseAbove: bigint) => {
    const args = [insurer, coin, perDay, releaseAbove] as const;
    const by = chain.as(privateKeyToAccount(chain.keys.treasurer));
    await chain.mined(await by.writeContract({ ...chain.contract, functionName: 'setLimits', args }));
  };
  await setLimits(2n ** 128n - 1n, 2n ** 96n - 1n);
  const { account, releases } = await payouts(treasurer, portal);
  expect(account).toMatchObject({ perDay: Number((2n ** 128n - 1n) / 10_000n), balance: 10_000_000 });
  expect(releases).toEqual([]);
  await setLimits(coins(50_000), coins(1_000));
  expect(await accountOf(treasurer)).toMatchObject({ perDay: 5_000_000, releaseAbove: 100_000 });
});

it('says that there may be others where the chain’s node gives no logs, and has those that are known', async () => {
  const account = freshAddress();
  await setRights(account, true, true);
  const refused = { error: { code: -32_005, message: 'range is too large' } };
  const node = await startNode(chain.url, (method) => (method === 'eth_getLogs' ? refused : 'pass'));
  try {
    const away = { ...portal, settlement: gatewayTo(node.url) };
    const { wallets: known, hasAllWallets, balance, treasurerName } = await accountOf(treasurer, away);
    expect({ hasAllWallets, treasurerName }).toEqual({ hasAllWallets: false, treasurerName: 'Astrid' });
    expect(balance).toBe((await accountOf(treasurer)).balance);
    // The releaser's is the treasurer's person's own; a stranger's the node does not tell of.
    const addresses = [chain.adjudicator, chain.releaser].map((each) => each.address.toLowerCase());
    expect(known.map(({ address }) => address)).toEqual(addresses);
    expect((await accountOf(colleague, away)).wallets).toMatchObject([{ isAdjudicator: true }]);
    expect((await accountOf(colleague)).wallets.map(({ address }) => address)).toContain(account.toLowerCase());
  } finally {
    await node.stop();
    await setRights(account, false, false);
  }
});
