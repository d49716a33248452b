import { expect, it } from 'vitest';
import { randomBytes, toBase64Url } from '../bytes.ts';
import { newIdentifier, newPseudonym } from '../identifier.ts';
import { type InsuranceCard, openCard, sealCard, serviceKeyIn } from './card.ts';
import { memberKeys } from './member.ts';
import { serviceKeyOf } from './service.ts';
import { testInsured } from './testClaim.ts';

const refused = (code: string) => expect.objectContaining({ code });
const seed = randomBytes(32);
const dataKey = randomBytes(32);

async function made() {
  const [policyId, plan] = [newIdentifier('pol'), newIdentifier('plan')];
  const member = await memberKeys(seed, policyId);
  const card: InsuranceCard = {
    ...{ version: 1, policy: policyId, plan, insurer: 'inst-lake-insurance', authorisation: newIdentifier('aut') },
    ...{ institution: 'inst-river-pharmacy', patients: [newPseudonym(1)], insured: testInsured },
    ...{ serviceKey: toBase64Url(serviceKeyOf(seed)), evidence: ['dosage', 'prescriber'] },
  };
  const { bytes, ...sealed } = await sealCard(member, dataKey, card);
  const { authorisation: id, policy, institution, insurer, evidence } = card;
  const onLedger = {
    authorisation: { id, policy, institution, insurer, evidence, card: sealed },
    policy: { id: policyId, plan, signingKey: member.signingKey },
  };
  return { member, card, bytes, onLedger };
}

it('opens for whom the ledger says, in any order of what is allowed', async () => {
  const { card, bytes, onLedger } = await made();
  const { authorisation } = onLedger;
  const turned = { ...onLedger, authorisation: { ...authorisation, evidence: [...authorisation.evidence].reverse() } };
  expect(await openCard(dataKey, turned, bytes)).toEqual(card);
  expect(serviceKeyIn(card)).toEqual(serviceKeyOf(seed));
});

it('is none where the ledger says something else', async () => {
  const { bytes, onLedger } = await made();
  const { authorisation, policy } = onLedger;
  const others = [
    { authorisation: { ...authorisation, institution: 'inst-hill-pharmacy' } },
    { authorisation: { ...authorisation, insurer: 'inst-hill-insurance' } },
    { authorisation: { ...authorisation, evidence: ['dosage' as const] } },
    { authorisation: { ...authorisation, evidence: [...authorisation.evidence, 'reason' as const] } },
    { authorisation: { ...authorisation, id: newIdentifier('aut') } },
    { authorisation: { ...authorisation, policy: newIdentifier('pol') } },
    { policy: { ...policy, plan: newIdentifier('plan') } },
    { policy: { ...policy, id: newIdentifier('pol') } },
  ];
  for (const other of others)
    await expect(openCard(dataKey, { ...onLedger, ...other }, bytes)).rejects.toThrow(refused('ALTERED'));
});

it('is none with a byte changed, nor under another member’s key', async () => {
  const { bytes, onLedger } = await made();
  for (let index = 0; index < bytes.length; index += 31) {
    const changed = bytes.slice();
    changed[index] = (changed[index] ?? 0) ^ 1;
    await expect(openCard(dataKey, onLedger, changed)).rejects.toThrow(refused('ALTERED'));
  }
  const other = await memberKeys(randomBytes(32), onLedger.policy.id);
  const policy = { ...onLedger.policy, signingKey: other.signingKey };
  await expect(openCard(dataKey, { ...onLedger, policy }, bytes)).rejects.toThrow(refused('SIGNATURE_FOREIGN'));
});

it('is signed by the member whose policy it names, and by no other', async () => {
  const { card } = await made();
  const other = await memberKeys(seed, newIdentifier('pol'));
  await expect(sealCard(other, dataKey, card)).rejects.toThrow(refused('KEY_UNTRUSTED'));
});
