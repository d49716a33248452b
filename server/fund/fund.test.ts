import { randomBytes } from 'node:crypto';
import { getAddress, zeroHash } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type Claim, type PaymentReceipt, serviceDayOf } from '#chaincode/model/claim.ts';
import { openFundOffice } from '#connector/assistance/fund.ts';
import { helpRequest } from '#connector/assistance/schema.ts';
import { createQueue } from '#connector/ethereum/queue.ts';
import { assistanceFundAbi } from '#contracts/abi/assistanceFund.ts';
import { appointFundAdmins, giveToFund, mintTestCoins } from '#contracts/deploy/institutions.ts';
import { coins, insurerId, pharmacyId, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { ownerIndexOf } from '../claims/owners.ts';
import { projectClaims } from '../claims/readModel.ts';
import { ownInsurance } from '../claims/service.ts';
import type { HelpRequest } from '../gateways/connector/connector.ts';
import { policyMembers } from '../gateways/db/schema/claims.ts';
import { assistanceRequests } from '../gateways/db/schema/fund.ts';
import { wallets } from '../gateways/db/schema/people.ts';
import { openFund } from '../gateways/ethereum/fund.ts';
import { openSettlement } from '../gateways/ethereum/settlement.ts';
import { type Actor, roles } from '../people/schema.ts';
import { settlementRound } from '../settlement/run.ts';
import { name26, type Person, World } from '../testing/world.ts';
import { fundReport } from './report.ts';
import { askAssistance, fundDesk, grantAssistance, ownAssistance, refuseAssistance } from './service.ts';

/** Requests in a real database, granted and paid by the contracts on Anvil, whose payments are followed as they are. */
let chain: SettlementChain;
let world: World;
let portal: Portal;
let patient: Person;
let other: Person;
let officer: Actor;
const claims = new Map<string, Claim>();

beforeAll(async () => {
  [chain, world] = await Promise.all([SettlementChain.start(), World.start()]);
  const { careSettlement, assistanceFund, settlementCoin } = chain.deployment;
  const coin = settlementCoin.toLowerCase();
  const settlement = openSettlement({
    ...{ rpcUrl: chain.url, settlementAddress: careSettlement, submit: (call) => world.ethereum.submit(call) },
  });
  const fund = openFund({
    ...{ rpcUrl: chain.url, fundAddress: assistanceFund, coin, fromBlock: 0, confirmations: 2 },
    submit: (call) => world.ethereum.submit(call),
  });
  const payments = { ...world.portal.settings.payments, coin, fromBlock: 0, confirmations: 2 };
  portal = {
    ...{ ...world.portal, settlement, fund, settings: { ...world.portal.settings, payments } },
    adjudicators: {
      [insurerId]: {
        quote: async (id) => {
          const claim = found(id);
          const { insurer = 0, patient: share = 0 } = claim.decisions.at(-1) ?? {};
          const shares = { insurer: insurer / 100, patient: share / 100 };
          const [quote, signature] = await chain.quote(`0x${claim.reference}`, shares);
          return { quote, signature };
        },
        anchor: async (receipt) => anchor(receipt),
        answer: () => Promise.reject(new Error('nothing is asked here')),
        health: async () => {},
      },
    },
  };
  [patient, other] = await Promise.all([world.person('patient', null), world.person('patient', null)]);
  officer = (await world.person('regulator', 'inst-the-authority')).actor;
  const fromKey = chain.keys.deployer;
  await mintTestCoins(chain.url, fromKey, settlementCoin, privateKeyToAccount(fromKey).address, coins(2_000));
  for (const amount of [coins(1_200), coins(300)])
    await giveToFund({ rpcUrl: chain.url, fund: assistanceFund, coin: settlementCoin, fromKey, amount });
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await chain?.stop();
});
beforeEach(() => {
  const { assistanceFund: address } = chain.deployment;
  const office = openFundOffice({ rpcUrl: chain.url, address, key: chain.keys.registrar, inTurn: createQueue() });
  world.connector.help = ({ beneficiary, amount, quote, ...rest }) =>
    office
      .help(
        helpRequest.parse({
          ...{ ...rest, beneficiary: `0x${beneficiary}`, amount: `${amount}` },
          quote: { ...quote, insurerAmount: `${quote.insurerAmount}`, patientAmount: `${quote.patientAmount}` },
        }),
      )
      .catch((error: { code: string; detail: string }) => {
        throw new AppError(error.code === 'WRONG_STATE' ? 'WRONG_STATE' : 'CONNECTOR_UNAVAILABLE', error.detail);
      });
});

const number = () => randomBytes(32).toString('hex');
const found = (id: string): Claim => {
  const claim = claims.get(id);
  if (!claim) throw new AppError('NOT_FOUND', id);
  return claim;
};
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
/** As the contract of `claims` takes it, once. */
async function anchor({ claim: id, ...receipt }: PaymentReceipt): Promise<void> {
  const claim = found(id);
  await keep({
    ...{ ...claim, receipts: [...claim.receipts, { ...receipt, at: new Date().toISOString() }] },
    version: claim.version + 1,
  });
}
async function keep(claim: Claim): Promise<void> {
  claims.set(claim.id, claim);
  world.ledger.entries.set(claim.id, claim);
  await projectClaims(portal.db, { claims: [claim] });
}
/** Mines until what was sent is final, and follows it. */
async function follow(): Promise<void> {
  await chain.controls.mine({ blocks: 3 });
  await settlementRound(portal, anchor, 0);
}

/** A decided claim of a new policy of a person: 80.00 the insurer's, and so much the patient's. */
async function billOf({ actor: { personId } }: Person, patientShare = 2_000): Promise<Claim> {
  const at = new Date().toISOString();
  const policy = `pol-${name26()}`;
  const sealed = { cid: `b${'a'.repeat(58)}`, contentHash: 'cd'.repeat(32) };
  const { personalData } = portal;
  await portal.db.insert(policyMembers).values({
    ...{ policy, ownerIndex: ownerIndexOf(personalData, personId) },
    ownerSealed: personalData.seal(`policy_members/${policy}`, personId),
  });
  const id = `clm-${name26()}`;
  const said = { claim: id, version: 1, usage: 0, outcome: 'approved' as const, reasons: [], explanation: sealed };
  const shares = { allowed: 8_000 + patientShare, insurer: 8_000, patient: patientShare, deductible: 0 };
  const claim: Claim = {
    ...{ id, use: 'claim', category: 'medicine', policy, authorisation: `aut-${name26()}`, service: number() },
    ...{
      servedAt: serviceDayOf(at),
      currency: 'EUR',
      billed: 8_000 + patientShare,
      content: sealed,
      reference: number(),
    },
    ...{ plan: { id: `plan-${name26()}`, version: 1 }, insurer: insurerId, provider: pharmacyId },
    ...{ by: `prac-${name26()}`, at, state: 'approved', version: 2, messages: [], receipts: [] },
    decisions: [{ ...said, ...shares, by: `dev-${name26()}`, at }],
  };
  await keep(claim);
  return claim;
}
const ask = (person: Person, claim: Claim, beneficiary: string) =>
  askAssistance(person.actor, { claim: claim.id, beneficiary, ground: 'income' }, portal);
const requestOf = async (claim: Claim) => {
  const rows = await portal.db.select().from(assistanceRequests);
  const row = rows.find((each) => each.claim === claim.id);
  if (!row) throw new Error(`nothing was asked for ${claim.id}`);
  return row;
};
const onDesk = async (claim: Claim) => {
  const { id } = await requestOf(claim);
  return (await fundDesk(officer, portal)).requests.find((each) => each.id === id);
};
const stateOf = async (person: Person, claim: Claim) =>
  (await ownAssistance(person.actor, portal)).find((each) => each.claim === claim.id);

describe('help with a share', () => {
  it('is asked for, granted, paid, anchored on the claim, and seen by patient, authority and donors', async () => {
    const claim = await billOf(patient);
    await ask(patient, claim, number());
    await ask(patient, claim, number());
    expect(await stateOf(patient, claim)).toMatchObject({ state: 'asked', amount: null });
    const waiting = await onDesk(claim);
    expect(waiting).toMatchObject({ state: 'asked', left: 2_000, own: 0, ground: 'income', currency: 'EUR' });
    const { id } = await requestOf(claim);
    const { transactionHash } = await grantAssistance(officer, { id }, portal);
    await follow();
    expect(found(claim.id).receipts).toMatchObject([
      { kind: 'payment', payer: 'assistance', amount: 2_000, transactionHash },
    ]);
    const [seen] = (await ownInsurance(patient.actor, portal)).claims.entries.filter((each) => each.id === claim.id);
    expect(seen?.receipts).toMatchObject([{ payer: 'assistance', amount: 2_000 }]);
    expect(await stateOf(patient, claim)).toMatchObject({ state: 'paid', amount: 2_000 });
    expect(await onDesk(claim)).toMatchObject({ state: 'paid', left: 0, transactionHash });
    const report = await fundReport(portal);
    expect(report?.fund).toMatchObject({ given: 150_000, paid: 2_000, granted: 0, left: 148_000, perGrant: 10_000 });
    expect(report?.periods).toMatchObject([{ given: 150_000, granted: 2_000, paid: 2_000 }]);
    expect(report).toMatchObject({ chainId: 31_337, coinAddress: getAddress(chain.deployment.settlementCoin) });
    const address = privateKeyToAccount(chain.keys.deployer).address;
    expect(report?.donors).toMatchObject([{ address, gifts: 2, amount: 150_000 }]);
    for (const name of [claim.id, claim.policy, claim.reference, patient.actor.personId])
      expect(JSON.stringify(report)).not.toContain(name);
    for (const name of [claim.policy, claim.reference, patient.actor.personId, patient.actor.subjectId, 'Test Person'])
      expect(JSON.stringify(await fundDesk(officer, portal))).not.toContain(name);
  });

  it('is paid once, by whichever of two officers and after whichever crash', async () => {
    const claim = await billOf(patient);
    await ask(patient, claim, number());
    const { id } = await requestOf(claim);
    const { help } = world.connector;
    world.connector.help = async (request: HelpRequest) => {
      await help(request);
      throw new AppError('CONNECTOR_UNAVAILABLE', 'the answer is lost');
    };
    expect(await codeOf(grantAssistance(officer, { id }, portal))).toBe('CONNECTOR_UNAVAILABLE');
    expect(await onDesk(claim)).toMatchObject({ state: 'granted', amount: 2_000 });
    expect(await codeOf(refuseAssistance(officer, { id, reason: 'too late' }, portal))).toBe('WRONG_STATE');
    world.connector.help = help;
    const before = await portal.fund.books();
    const both = await Promise.all([
      grantAssistance(officer, { id }, portal),
      grantAssistance(officer, { id }, portal),
    ]);
    expect(both[0]).toEqual(both[1]);
    expect(await portal.fund.books()).toEqual(before);
    await follow();
    expect(await grantAssistance(officer, { id }, portal)).toEqual(both[0]);
    expect(found(claim.id).receipts).toHaveLength(1);
  });

  it('that the contract refuses waits for a decision again', async () => {
    const claim = await billOf(patient);
    await ask(patient, claim, number());
    const { id } = await requestOf(claim);
    const { help } = world.connector;
    world.connector.help = async (request: HelpRequest) => {
      await chain.mined(await chain.coPay([request.quote, request.signature], 20));
      return help(request);
    };
    expect(await codeOf(grantAssistance(officer, { id }, portal))).toBe('WRONG_STATE');
    await follow();
    expect(await onDesk(claim)).toMatchObject({ state: 'asked', left: 0, amount: null });
    expect((await portal.fund.books()).granted).toBe(0n);
    world.connector.help = help;
    expect(await codeOf(grantAssistance(officer, { id }, portal))).toBe('WRONG_STATE');
    expect(await codeOf(ask(patient, claim, number()))).toBe('WRONG_STATE');
  });

  it('is refused with a reason that the patient reads, once', async () => {
    const claim = await billOf(patient);
    await ask(patient, claim, number());
    const { id } = await requestOf(claim);
    await refuseAssistance(officer, { id, reason: 'the income suffices' }, portal);
    expect(await stateOf(patient, claim)).toMatchObject({ state: 'refused', reason: 'the income suffices' });
    expect(await codeOf(grantAssistance(officer, { id }, portal))).toBe('WRONG_STATE');
    expect(await codeOf(refuseAssistance(officer, { id, reason: 'once more' }, portal))).toBe('WRONG_STATE');
  });
});

describe('the limits', () => {
  it('are a person’s over all policies, with whatever number a browser comes', async () => {
    const numbers = [number(), number()] as const;
    const granted: number[] = [];
    for (let nth = 0; nth < 6; nth += 1) {
      const claim = await billOf(other, 12_000);
      await ask(other, claim, numbers[nth % 2] ?? '');
      const row = await requestOf(claim);
      expect(row.beneficiary).toBe(numbers[0]);
      const code = await codeOf(grantAssistance(officer, { id: row.id }, portal));
      if (code === 'done') granted.push((await requestOf(claim)).amount ?? 0);
      else expect(code).toBe('AMOUNT_EXCEEDED');
    }
    // A bill at most 100.00, a person at most 500.00.
    expect(granted).toEqual([10_000, 10_000, 10_000, 10_000, 10_000]);
    const [last] = (await fundDesk(officer, portal)).requests.filter(
      ({ state, own }) => state === 'asked' && own !== 0,
    );
    expect(last).toMatchObject({ own: 50_000 });
    const third = await world.person('patient', null);
    expect(await codeOf(ask(third, await billOf(third), numbers[0]))).toBe('INVALID_INPUT');
  });
});

describe('who may', () => {
  it('ask is the member alone, and decide the authority alone', async () => {
    const claim = await billOf(patient);
    expect(await codeOf(ask(other, claim, number()))).toBe('NOT_FOUND');
    await ask(patient, claim, number());
    const { id } = await requestOf(claim);
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect(await codeOf(grantAssistance(officer, { id: unknown }, portal))).toBe('NOT_FOUND');
    for (const role of roles) {
      const actor = { ...officer, role };
      const isPatient = role === 'patient';
      const isOfficer = role === 'regulator';
      const asked = askAssistance(actor, { claim: claim.id, beneficiary: number(), ground: 'other' }, portal);
      expect([role, await codeOf(asked)]).toEqual([role, isPatient ? 'NOT_FOUND' : 'FORBIDDEN']);
      expect([role, await codeOf(ownAssistance(actor, portal))]).toEqual([role, isPatient ? 'done' : 'FORBIDDEN']);
      expect([role, await codeOf(fundDesk(actor, portal))]).toEqual([role, isOfficer ? 'done' : 'FORBIDDEN']);
      if (isOfficer) continue;
      expect([role, await codeOf(grantAssistance(actor, { id }, portal))]).toEqual([role, 'FORBIDDEN']);
      expect([role, await codeOf(refuseAssistance(actor, { id, reason: 'none' }, portal))]).toEqual([
        role,
        'FORBIDDEN',
      ]);
    }
    expect(await ownAssistance(other.actor, portal)).not.toContainEqual(expect.objectContaining({ claim: claim.id }));
  });
});

describe('the rules', () => {
  const contract = () => ({ address: chain.deployment.assistanceFund, abi: assistanceFundAbi }) as const;
  const settersFor = async (actor: Actor) => (await fundDesk(actor, portal)).setting?.setters;

  it('are set by whose wallet the contract lets, which the authority’s people are told', async () => {
    const { actor: colleague } = await world.person('regulator', 'inst-the-authority');
    const wallet = privateKeyToAccount(generatePrivateKey());
    const deployer = { address: privateKeyToAccount(chain.keys.deployer).address, name: null, isOwn: false };
    expect((await fundDesk(officer, portal)).setting).toEqual({
      ...{ fund: getAddress(chain.deployment.assistanceFund), unit: '10000', setters: [deployer] },
      rules: {
        ...{ perGrant: `${coins(100)}`, perBeneficiary: `${coins(500)}`, perPeriod: `${coins(50_000)}` },
        ...{ period: 30 * 86_400, grantLife: expect.any(Number) },
      },
    });
    // A wallet that is linked is let do nothing by that.
    const address = wallet.address.toLowerCase();
    await portal.db.insert(wallets).values({ address, personId: officer.personId });
    expect(await settersFor(officer)).toEqual([deployer]);
    const { assistanceFund: fund } = chain.deployment;
    await appointFundAdmins({ rpcUrl: chain.url, fund, adminKey: chain.keys.deployer, admins: [wallet.address] });
    const own = { address: wallet.address, name: officer.name, isOwn: true };
    expect(await settersFor(officer)).toEqual([own, deployer]);
    expect(await settersFor(colleague)).toEqual([deployer, { ...own, isOwn: false }]);
    // Who grants may not set them.
    const registrar = privateKeyToAccount(chain.keys.registrar).address;
    expect((await settersFor(officer))?.map((setter) => setter.address)).not.toContain(registrar);
    await chain.controls.setBalance({ address: wallet.address, value: 10n ** 18n });
    const args = [zeroHash, wallet.address] as const;
    await chain.mined(await chain.as(wallet).writeContract({ ...contract(), functionName: 'renounceRole', args }));
    expect(await settersFor(officer)).toEqual([deployer]);
  });

  it('take one question of the chain’s past to tell who sets them, and are shown without where it is refused', async () => {
    const { fetch } = globalThis;
    const asked: string[] = [];
    const node = { tells: true };
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      const { method } = z.object({ method: z.string() }).parse(JSON.parse(`${init.body}`));
      asked.push(method);
      if (method !== 'eth_getLogs' || node.tells) return fetch(url, init);
      return Promise.resolve(Response.json({ jsonrpc: '2.0', id: 1, error: { code: -32_600, message: 'too many' } }));
    });
    try {
      const fresh = openFund({
        ...{ rpcUrl: chain.url, fundAddress: chain.deployment.assistanceFund, coin: portal.settings.payments.coin },
        ...{ fromBlock: 0, confirmations: 2, submit: (call) => world.ethereum.submit(call) },
      });
      asked.length = 0;
      const desk = await fundDesk(officer, { ...portal, fund: fresh });
      expect(desk.setting?.setters).toHaveLength(1);
      expect(asked.filter((method) => /Logs|Block/.test(method))).toEqual(['eth_getLogs']);
      node.tells = false;
      const silent = await fundDesk(officer, { ...portal, fund: fresh });
      expect(silent.fund).toEqual(desk.fund);
      expect(silent.setting).toBeNull();
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('of another length let the counts begin anew, and leave former periods of the report as they were', async () => {
    const claim = await billOf(other, 12_000);
    await ask(other, claim, number());
    const { id } = await requestOf(claim);
    expect(await codeOf(grantAssistance(officer, { id }, portal))).toBe('AMOUNT_EXCEEDED');
    const before = await fundReport(portal);
    const [former] = before?.periods ?? [];
    expect(before?.periods).toHaveLength(1);
    expect(former?.granted).toBeGreaterThan(50_000);

    const day = 86_400;
    const rules = { perGrant: coins(50), perBeneficiary: coins(60), perPeriod: coins(1_000), period: 7 * day };
    const hash = await chain.as(privateKeyToAccount(chain.keys.deployer)).writeContract({
      ...{ ...contract(), functionName: 'setRules', args: [{ ...rules, grantLife: 2 * day }] },
    });
    await chain.mined(hash);
    const { blockNumber } = await chain.reader.getTransactionReceipt({ hash });
    const { timestamp } = await chain.reader.getBlock({ blockNumber });
    const changed = new Date(Number(timestamp) * 1_000).toISOString();
    expect((await fundDesk(officer, portal)).fund).toMatchObject({
      ...{ perGrant: 5_000, perBeneficiary: 6_000, perPeriod: 100_000, periodDays: 7, grantLifeDays: 2 },
      budgetLeft: 100_000,
    });
    expect(await onDesk(claim)).toMatchObject({ own: 0 });
    await grantAssistance(officer, { id }, portal);
    await follow();
    expect(await onDesk(claim)).toMatchObject({ state: 'paid', amount: 5_000 });
    const report = await fundReport(portal);
    expect(report?.periods).toMatchObject([
      { from: changed, given: 0, granted: 5_000, paid: 5_000 },
      { ...former, until: changed },
    ]);
    expect(report?.fund.budgetLeft).toBe(95_000);
    expect(report?.fund.paid).toBe((former?.paid ?? 0) + 5_000);
  });
});

describe('without the chain', () => {
  it('requests are listed all the same, and nothing is granted', async () => {
    const { fund } = world.portal;
    const away = { ...portal, fund };
    const desk = await fundDesk(officer, away);
    expect(desk.fund).toBeNull();
    expect(desk.setting).toBeNull();
    expect(desk.requests.length).toBeGreaterThan(0);
    const [open] = desk.requests.filter(({ state }) => state === 'asked');
    expect(await codeOf(grantAssistance(officer, { id: open?.id ?? '' }, away))).toBe('ETHEREUM_UNAVAILABLE');
    expect(await fundReport(away)).toBeNull();
  });
});
