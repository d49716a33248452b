import { beforeAll, describe, expect, it } from 'vitest';
import { contentWrap } from '#chaincode/model/policy.ts';
import { planOf } from '#chaincode/testing/claims.ts';
import { refusal } from '#chaincode/testing/ledger.ts';
import { institutions } from '#chaincode/testing/samples.ts';
import { openDataKey } from '#crypto/claim/dataKey.ts';
import { testInsured } from '#crypto/claim/testClaim.ts';
import { claimOf } from './contractTesting.ts';
import { InsuranceWorld } from './insuranceTesting.ts';

let scene: InsuranceWorld;
beforeAll(async () => {
  scene = await InsuranceWorld.begin();
}, 240_000);

describe('a member', () => {
  it('is known to the insurer and its adjudicator by name, and to the ledger by the policy alone', async () => {
    const policy = await scene.insure(scene.patient);
    const own = await scene.staffWrap(scene.adjuster, policy.id);
    const details = await scene.adjuster.keeper.openPolicyDetails({ policy, own, bytes: scene.at(policy.details.cid) });
    expect(details.insured).toEqual(testInsured);
    const call = { channel: 'claims', contract: 'claims', function: 'claims:readWrap', args: [policy.id] };
    const wrap = contentWrap.parse(await scene.world.ledger.evaluate({ ...call, caller: scene.adjudicator.identity }));
    expect(await openDataKey(scene.adjudicator.contents.readingSeed, wrap)).toHaveLength(32);
    const again = await scene.patient.keeper.openOwnPolicy({
      ...{
        policy,
        own: await scene.memberWrap(scene.patient, policy.id, policy.id),
        bytes: scene.at(policy.details.cid),
      },
    });
    expect(again).toEqual(details);
    const written = JSON.stringify(scene.world.ledger.publicRecords);
    expect(written).toContain(policy.id);
    expect(written.split(policy.id).some((around) => around.slice(0, 4_000).includes(testInsured.name))).toBe(false);
  });

  it('has the same keys in another browser, which another person’s vault has not', async () => {
    const policy = await scene.insure(scene.patient);
    const browser = await scene.world.browserOf(scene.patient);
    await scene.bring(await browser.composeLeave({ policy: policy.id }));
    expect(await scene.policyAt(policy.id)).toMatchObject({ state: 'ended', by: policy.id });
    const other = await scene.insure(scene.patient);
    expect(await refusal(scene.bring(await scene.stranger.keeper.composeLeave({ policy: other.id })))).toBe(
      'NOT_AUTHORISED',
    );
  });

  it('lets nobody bill any more who was authorised, once that is taken back', async () => {
    const policy = await scene.insure(scene.patient);
    const { id } = await scene.authorise(scene.patient, policy);
    await scene.openCardOf(scene.pharmacist, id);
    await scene.bring(await scene.patient.keeper.composeRevocation({ policy: policy.id, authorisation: id }));
    expect(await refusal(scene.bill(id, await scene.handedOver()))).toBe('NOT_INSURED');
  });

  it('seals nothing for an institution or a device that is put in the insurer’s place', async () => {
    const plan = { id: planOf(1), insurer: institutions.insurer.id };
    const apply = (readers: Awaited<ReturnType<InsuranceWorld['insurerReaders']>>) =>
      scene.patient.keeper.composeApplication({ plan, insured: testInsured, readers });
    const { insurer, adjudicators } = await scene.insurerReaders();
    const foreign = await scene.world.device('pharmacy', 'adjudicator');
    const wrong = [
      { insurer: await scene.readerOf('hospital'), adjudicators },
      { insurer: { ...insurer, id: institutions.hospital.id }, adjudicators },
      { insurer, adjudicators: [claimOf(foreign)] },
      { insurer, adjudicators: [claimOf(scene.adjuster)] },
      { insurer, adjudicators: [{ ...claimOf(scene.adjudicator), readingKey: foreign.readingKey }] },
    ];
    for (const readers of wrong) await expect(apply(readers)).rejects.toMatchObject({ code: 'KEY_UNTRUSTED' });
    await apply({ insurer, adjudicators });
  });
});

describe('an insurance card', () => {
  it('tells the institution whom it may bill, and keeps the key of encounters in the vault', async () => {
    const policy = await scene.insure(scene.patient);
    const { id } = await scene.authorise(scene.patient, policy);
    const opened = await scene.openCardOf(scene.pharmacist, id);
    expect(opened).toMatchObject({ content: { patient: scene.patient.id, policy: policy.id, evidence: ['dosage'] } });
    expect(JSON.stringify(opened)).not.toContain('serviceKey');
    const { identity } = scene.doctor;
    const call = { channel: 'claims', contract: 'claims', function: 'claims:readWrap', args: [id] };
    expect(await refusal(scene.world.ledger.evaluate({ ...call, caller: identity }))).toBe('NOT_AUTHORISED');
  });

  it('bills nothing that was handed to another patient', async () => {
    const { id } = await scene.authorise(scene.patient, await scene.insure(scene.patient));
    await scene.openCardOf(scene.pharmacist, id);
    const composed = scene.bill(id, await scene.handedOver(scene.stranger));
    await expect(composed).rejects.toMatchObject({ code: 'NOT_THE_MEMBER' });
  });

  it('is opened before anything is billed by it', async () => {
    const composed = scene.bill(`aut-${'z'.repeat(26)}`, await scene.handedOver());
    await expect(composed).rejects.toMatchObject({ code: 'NOT_OPENED' });
  });
});
