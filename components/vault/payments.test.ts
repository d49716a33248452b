import { parseSignature, recoverTypedDataAddress } from 'viem';
import { beforeAll, describe, expect, it } from 'vitest';
import { institutions } from '#chaincode/testing/samples.ts';
import { institutionHash, permitDeadline, permitTypes, settlementDomain } from '#contracts/typedData.ts';
import { fromBase64Url } from '#crypto/bytes.ts';
import { claim as claimResource } from '#fhir/claim.ts';
import { buildExplanation } from '#fhir/explanation.ts';
import type { CoPayTerms } from '#server/claims/schema.ts';
import { InsuranceWorld } from './insuranceTesting.ts';

/** A patient's signature for the own share: what it says, and what the vault refuses to sign. */

type Signing = Parameters<InsuranceWorld['patient']['keeper']['signCoPay']>[0];

const address = (byte: string) => `0x${byte.repeat(20)}` as const;
const settlement = address('5e');
const chainId = 31_337;
/** Of a bill of 24.80, in a coin of six decimals. */
const shares = { billed: 2_480, allowed: 2_480, insurer: 2_000, patient: 480, coPay: 480, deductible: 0 };
const unit = 10_000;

let scene: InsuranceWorld;
let signing: Signing;
let terms: CoPayTerms;
beforeAll(async () => {
  scene = await InsuranceWorld.begin();
  signing = await decided();
  terms = signing.terms;
}, 240_000);

/** A bill of the patient's that was decided, as its member has it, with the terms that an honest portal brings. */
async function decided(change: { explains?: object } = {}): Promise<Signing> {
  const policy = await scene.insure(scene.patient);
  const { id: authorisation } = await scene.authorise(scene.patient, policy);
  await scene.openCardOf(scene.pharmacist, authorisation);
  const claim = await scene.bill(authorisation, await scene.handedOver());
  const staff = await scene.staffWrap(scene.adjuster, claim.id);
  const { content } = await scene.adjuster.keeper.openClaim({ claim, own: staff, bytes: scene.bytesOf(claim) });
  const resource = claimResource.parse(content.claim);
  const outcome = 'approved' as const;
  const said = buildExplanation(
    resource,
    { outcome, items: [shares], total: shares, reasons: [], trace: [] },
    new Date().toISOString(),
  );
  await scene.world.ledger.submit({
    ...{ channel: 'claims', contract: 'claims', function: 'claims:review', caller: scene.adjudicator.identity },
    args: [JSON.stringify({ claims: [{ claim: claim.id, version: claim.version, reasons: ['UNUSUAL'] }] })],
  });
  const decision = await scene.adjuster.keeper.composeClaimDecision({
    own: staff,
    decision: {
      ...{ claim: claim.id, version: claim.version + 1, usage: 0, outcome, reasons: [] },
      ...{ allowed: 2_480, insurer: 2_000, patient: 480, deductible: 0 },
    },
    explanation: { version: 1, explanation: { ...JSON.parse(JSON.stringify(said)), ...change.explains } },
  });
  await scene.world.submit(scene.adjuster, decision);
  scene.bytes.set(decision.decision.explanation.cid, fromBase64Url(decision.envelope));
  const now = await scene.claimAt(claim.id);
  const coin = { address: address('c0'), name: 'Coin', version: '1', chainId, symbol: 'C', decimals: 6 };
  return {
    ...{ claim: now, bytes: scene.bytesOf(now), own: await scene.memberWrap(scene.patient, policy.id, claim.id) },
    terms: {
      quote: {
        ...{ claim: `0x${now.reference}`, coin: coin.address, version: 2, expires: 2_000_000_000 },
        ...{ insurer: institutionHash(institutions.insurer.id), payee: institutionHash(institutions.pharmacy.id) },
        ...{ insurerAmount: `${2_000 * unit}`, patientAmount: `${480 * unit}` },
      },
      ...{ signature: '0x', left: `${480 * unit}`, chainId, settlement },
      coin: { ...coin, balance: `${10_000_000_000}`, nonce: '3' },
    },
  };
}
const sign = (change: Partial<CoPayTerms>) =>
  scene.patient.keeper.signCoPay({ ...signing, terms: { ...terms, ...change } });
const refused = async (change: Partial<CoPayTerms>) =>
  expect(
    await sign(change).then(
      () => 'signed',
      (error) => error.code,
    ),
  ).toBe('WALLET_REFUSED');
const quote = (change: Partial<CoPayTerms['quote']>) => ({ quote: { ...terms.quote, ...change } });

describe('a patient’s permit', () => {
  it('pays what is left of the share, by the address of its policy, for this quote alone', async () => {
    const { payer, amount, validUntil, nonce, v, r, s } = await sign({ left: `${180 * unit}` });
    expect({ amount, nonce }).toEqual({ amount: `${180 * unit}`, nonce: '3' });
    expect(payer.toLowerCase()).toBe(await scene.patient.keeper.paymentAddress({ policy: signing.claim.policy }));
    const { quote: written, coin } = terms;
    const { insurerAmount, patientAmount } = written;
    const signed = { ...written, insurerAmount: BigInt(insurerAmount), patientAmount: BigInt(patientAmount) };
    const deadline = permitDeadline(settlementDomain(chainId, settlement), signed, validUntil);
    const signature = `0x${r.slice(2)}${s.slice(2)}${v.toString(16)}` as const;
    expect(parseSignature(signature).v).toBe(BigInt(v));
    const signer = await recoverTypedDataAddress({
      domain: { name: coin.name, version: coin.version, chainId, verifyingContract: coin.address },
      ...{ types: permitTypes, primaryType: 'Permit', signature },
      message: { owner: payer, spender: settlement, value: BigInt(amount), nonce: 3n, deadline },
    });
    expect(signer.toLowerCase()).toBe(payer.toLowerCase());
  });

  it('is composed for another wallet by the same checks, in the name of whom it is of', async () => {
    const payer = address('aa');
    const { keeper } = scene.patient;
    const { typed, validUntil } = await keeper.coPayFrom({ ...signing, payer });
    const { insurerAmount, patientAmount } = terms.quote;
    const said = { ...terms.quote, insurerAmount: BigInt(insurerAmount), patientAmount: BigInt(patientAmount) };
    const deadline = permitDeadline(settlementDomain(chainId, settlement), said, validUntil);
    const value = BigInt(480 * unit);
    expect(typed.message).toEqual({ owner: payer, spender: settlement, value, nonce: 3n, deadline });
    expect(typed.domain).toMatchObject({ chainId, verifyingContract: terms.coin.address });
    const other = { ...signing, payer, terms: { ...terms, left: `${480 * unit + 1}` } };
    await expect(keeper.coPayFrom(other)).rejects.toMatchObject({ code: 'WALLET_REFUSED' });
  });

  it('is signed for no other bill, payee or insurer than were sealed', async () => {
    await refused(quote({ claim: `0x${'ab'.repeat(32)}` }));
    await refused(quote({ payee: institutionHash(institutions.hospital.id) }));
    await refused(quote({ insurer: institutionHash(institutions.pharmacy.id) }));
  });

  it('is signed for no more than was decided, whatever the server says of it', async () => {
    await refused({ ...quote({ patientAmount: `${480 * unit + 1}` }), left: `${480 * unit + 1}` });
    await refused(quote({ patientAmount: `${480 * unit + 1}` }));
    await refused(quote({ insurerAmount: `${2_000 * unit + 1}` }));
    await refused({ left: `${480 * unit + 1}` });
    await refused({ left: '0' });
    await refused({ left: '-1' });
    // Neither by a claim's own entry, which is the server's word: what counts is sealed.
    const decisions = signing.claim.decisions.map((decision) => ({ ...decision, patient: 2_480 }));
    const more = { ...terms, ...quote({ patientAmount: `${2_480 * unit}` }), left: `${2_480 * unit}` };
    const asked = scene.patient.keeper.signCoPay({ ...signing, claim: { ...signing.claim, decisions }, terms: more });
    await expect(asked).rejects.toMatchObject({ code: 'WALLET_REFUSED' });
  });

  it('is signed in no coin of other decimals, of another chain, or that the quote does not name', async () => {
    const { coin } = terms;
    for (const decimals of [2, 5, 7, 18, 30]) await refused({ coin: { ...coin, decimals } });
    await refused({ coin: { ...coin, chainId: 1 } });
    await refused({ coin: { ...coin, address: address('c1') } });
    await refused({ ...quote({ coin: address('00') }), coin: { ...coin, address: address('00') } });
  });

  it('is signed for nothing that does not open, or that the insurer has explained otherwise', async () => {
    const code = (of: Signing) =>
      scene.patient.keeper.signCoPay(of).then(
        () => 'signed',
        (error) => error.code,
      );
    const explanations = signing.bytes.explanations.map((bytes) =>
      bytes.map((byte, at) => (at === 90 ? byte ^ 1 : byte)),
    );
    expect(await code({ ...signing, bytes: { ...signing.bytes, explanations } })).toBe('UNREADABLE');
    expect(await code({ ...signing, claim: { ...signing.claim, decisions: [] } })).toBe('UNREADABLE');
    expect(await code({ ...signing, claim: { ...signing.claim, reference: 'ab'.repeat(32) } })).toBe('ALTERED');
    const of = (id: string) => ({ identifier: { system: 'urn:medloom:institution', value: id } });
    const elsewhere = await decided({ explains: { provider: of(institutions.hospital.id) } });
    expect(await code(elsewhere)).toBe('UNREADABLE');
    const another = await decided();
    expect(await code({ ...signing, bytes: another.bytes })).not.toBe('signed');
  });
});
