import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ContentWrap } from '#chaincode/model/policy.ts';
import {
  authorisationOf,
  type Claims,
  claimOf,
  hexOf,
  insureAll,
  policyOf,
  sayAs,
  sealedOf,
} from '#chaincode/testing/claims.ts';
import { type Order, refusal } from '#chaincode/testing/ledger.ts';
import { instant, institutions } from '#chaincode/testing/samples.ts';
import { populate, practitionerIdOf, suspend } from '#chaincode/testing/world.ts';
import { Consortium } from './consortium.ts';
import { GatewayLedger, personOf } from './gatewayLedger.ts';
import { ledgerName } from './ledgers/variable.ts';

/** Claims as they run: behind gateways, endorsed by the insurers' peer, with private data that the authority's peer has not. */

let consortium: Consortium;
let ledger: GatewayLedger;
let claims: Claims;
const valid = 0;
const endorsementPolicyFailure = 10;
const mvccReadConflict = 11;

beforeAll(async () => {
  consortium = await Consortium.start(ledgerName(), { claims: true });
  ledger = new GatewayLedger(consortium);
  const enrol = (mspId: string, attributes: Record<string, string>) => ledger.enrol(mspId, attributes);
  claims = await insureAll(await populate(ledger, enrol), enrol);
}, 300_000);

afterAll(() => consortium?.close());

/** Validation codes of calls that are all endorsed before the first is submitted. */
async function atOnce(...orders: Order[]): Promise<number[]> {
  const transactions = [];
  for (const order of orders) transactions.push(await ledger.propose(order));
  const [caller] = orders.map((order) => order.caller);
  if (!caller) throw new Error('nobody calls');
  return consortium.commit(personOf(caller), ...transactions);
}
const deciding = async (id: string) =>
  claims.order(claims.cast.adjudicator, 'decide', [JSON.stringify({ decisions: [await claims.decision(id)] })]);

it('takes a claim from its submission over an appeal to the last receipt', async () => {
  const { people } = claims.world;
  const id = await claims.bill(1);
  await claims.review(id);
  await claims.submit(people.insurer, 'ask', [id, sealedOf('why?')]);
  await claims.submit(people.pharmacist, 'answer', [id, sealedOf('as prescribed')]);
  await claims.deny(id, people.insurer);
  await claims.bring(claims.cast.member, 'appeal', { claim: id, message: sealedOf('it was needed') });
  await claims.decide(id, {}, people.insurer);
  await claims.settle(id, 1);
  await claims.anchor(id, 1);
  expect(await refusal(claims.anchor(id, 1))).toBe('ALREADY_EXISTS');
  await claims.submit(people.pharmacist, 'cash', [id, '1000']);
  expect(await claims.claim(id)).toMatchObject({ state: 'anchored', version: 10 });
  expect(await claims.usage(policyOf(1))).toMatchObject({ insurer: 9_000, patient: 1_000, version: 1 });
  await claims.submit(people.pharmacist, 'reverse', [id, 'given back']);
  expect(await claims.usage(policyOf(1))).toMatchObject({ insurer: 0, patient: 0, version: 2 });
}, 120_000);

it('gives each reader a wrap at the peer of its own organisation, the member at another’s', async () => {
  const id = await claims.bill(2);
  const { people } = claims.world;
  const { adjudicator, member } = claims.cast;
  const reader = async (wrap: Promise<ContentWrap>) => (await wrap).reader;
  expect(await reader(claims.evaluate(people.pharmacist, 'readWrap', id))).toBe(institutions.pharmacy.id);
  expect(await reader(claims.evaluate(people.insurer, 'readWrap', id))).toBe(institutions.insurer.id);
  expect(await reader(claims.evaluate(adjudicator, 'readWrap', id))).toBe(adjudicator.id);
  const said = sayAs(member, 'read', { policy: policyOf(1), at: instant(0), id });
  expect(await reader(claims.evaluate(claims.registrar, 'readWrapAsMember', said))).toBe(policyOf(1));
  expect(await refusal(claims.evaluate(people.doctor, 'readWrap', id))).toBe('NOT_AUTHORISED');
}, 60_000);

it('commits one of two decisions of a policy, and one of two claims of a service, of whichever insurers', async () => {
  const [first, second] = [await claims.bill(3), await claims.bill(4)];
  const decided = await atOnce(await deciding(first), await deciding(second));
  expect(decided.toSorted()).toEqual([valid, mvccReadConflict]);
  const service = hexOf('one dispense');
  const toOther = { service, policy: policyOf(3), authorisation: authorisationOf(4) };
  const submitted = await atOnce(claims.billing(5, { service }), claims.billing(6, toOther));
  expect(submitted.toSorted()).toEqual([valid, mvccReadConflict]);
  expect(await refusal(claims.bill(7, { service }))).toBe('ALREADY_CLAIMED');
}, 60_000);

it('takes fifty decisions in a transaction', async () => {
  const decisions = [];
  const ofNeighbour = { policy: policyOf(2), authorisation: authorisationOf(3) };
  for (let seed = 101; seed <= 150; seed += 1) {
    const id = await claims.bill(seed, ofNeighbour);
    decisions.push({ ...(await claims.decision(id)), usage: seed - 101 });
  }
  await claims.submit(claims.cast.adjudicator, 'decide', [{ decisions }]);
  expect(await claims.usage(policyOf(2))).toMatchObject({ insurer: 450_000, patient: 50_000, version: 50 });
  expect((await claims.claim(claimOf(150))).state).toBe('approved');
}, 300_000);

it('commits nothing without the insurers’ peer', async () => {
  const id = await claims.bill(8);
  const decide = await deciding(id);
  const options = { endorsers: ['HospitalMSP', 'PharmacyMSP'] };
  const transaction = await consortium.endorse(
    personOf(decide.caller),
    'claims',
    [decide.function, ...decide.args],
    options,
  );
  expect(await consortium.commit(personOf(decide.caller), transaction)).toEqual([endorsementPolicyFailure]);
  expect((await claims.claim(id)).state).toBe('submitted');
}, 60_000);

it('commits nothing of somebody whose suspension reached the channel after the endorsement', async () => {
  const { people, registrars } = claims.world;
  const billing = claims.billing(9, {}, people.colleague);
  const transaction = await ledger.propose(billing);
  await suspend(claims.world, 'colleague');
  await ledger.submit({
    ...{ channel: 'claims', contract: 'claims', function: 'standings:mirror' },
    ...{ args: [practitionerIdOf('colleague')], caller: registrars.RegulatorMSP },
  });
  expect(await consortium.commit(personOf(people.colleague), transaction)).toEqual([mvccReadConflict]);
  expect(await refusal(claims.bill(9, {}, people.colleague))).toBe('SUSPENDED');
}, 60_000);
