import { expect, it } from 'vitest';
import { randomBytes, toBase64Url } from '../bytes.ts';
import { newIdentifier, newPseudonym } from '../identifier.ts';
import { generateSigningKey, importSigningKey } from '../signingKey.ts';
import { createReadingKey } from '../wrap.ts';
import { openCard, sealCard, serviceKeyIn } from './card.ts';
import { memberKeys } from './member.ts';
import { serviceKeyOf } from './service.ts';
import { testInsured } from './testClaim.ts';

const refused = (code: string) => expect.objectContaining({ code });
const seed = randomBytes(32);
const dataKey = randomBytes(32);

async function made() {
  const [policyId, plan, patient] = [newIdentifier('pol'), newIdentifier('plan'), newPseudonym(1)];
  const [member, { privateKey, publicKey }] = await Promise.all([
    memberKeys(seed, policyId),
    generateSigningKey().then(importSigningKey),
  ]);
  const card = {
    ...{ version: 1 as const, plan, insurer: 'inst-lake-insurance', authorisation: newIdentifier('aut') },
    ...{ institution: 'inst-river-pharmacy', patient, insured: testInsured },
    ...{ serviceKey: toBase64Url(serviceKeyOf(seed)), evidence: ['dosage' as const, 'prescriber' as const] },
  };
  const { bytes, ...sealed } = await sealCard(member, { certificatePem: 'of the patient', privateKey }, dataKey, card);
  const { authorisation: id, institution, insurer, evidence } = card;
  const { signingKey, readingKey } = member;
  const onLedger = {
    authorisation: { id, policy: policyId, institution, insurer, evidence, card: sealed },
    policy: { id: policyId, plan, signingKey, readingKey },
  };
  /** As certificates are followed to a root. */
  const check = async (pem: string) => {
    if (pem !== 'of the patient') throw new Error('another certificate');
    return { subject: patient, publicKey };
  };
  return { member, card: { ...card, policy: policyId, signingKey, readingKey }, bytes, onLedger, check };
}

it('opens for whom the ledger says, in any order of what is allowed', async () => {
  const { card, bytes, onLedger, check } = await made();
  const { authorisation } = onLedger;
  const turned = { ...onLedger, authorisation: { ...authorisation, evidence: [...authorisation.evidence].reverse() } };
  expect(await openCard(dataKey, turned, bytes, check)).toEqual(card);
  expect(serviceKeyIn(card)).toEqual(serviceKeyOf(seed));
});

it('is none where the ledger says something else', async () => {
  const { bytes, onLedger, check } = await made();
  const { authorisation, policy } = onLedger;
  const { publicKey: readingKey } = await createReadingKey();
  const others = [
    { authorisation: { ...authorisation, institution: 'inst-hill-pharmacy' } },
    { authorisation: { ...authorisation, insurer: 'inst-hill-insurance' } },
    { authorisation: { ...authorisation, evidence: ['dosage' as const] } },
    { authorisation: { ...authorisation, evidence: [...authorisation.evidence, 'reason' as const] } },
    { authorisation: { ...authorisation, id: newIdentifier('aut') } },
    { authorisation: { ...authorisation, policy: newIdentifier('pol') } },
    { policy: { ...policy, plan: newIdentifier('plan') } },
    { policy: { ...policy, id: newIdentifier('pol') } },
    { policy: { ...policy, readingKey } },
  ];
  for (const other of others)
    await expect(openCard(dataKey, { ...onLedger, ...other }, bytes, check)).rejects.toThrow(refused('ALTERED'));
});

it('is none with a byte changed, nor under another policy’s key', async () => {
  const { bytes, onLedger, check } = await made();
  for (let index = 0; index < bytes.length; index += 61) {
    const changed = bytes.slice();
    changed[index] = (changed[index] ?? 0) ^ 1;
    await expect(openCard(dataKey, onLedger, changed, check)).rejects.toThrow(refused('ALTERED'));
  }
  const other = await memberKeys(randomBytes(32), onLedger.policy.id);
  const policy = { ...onLedger.policy, signingKey: other.signingKey };
  await expect(openCard(dataKey, { ...onLedger, policy }, bytes, check)).rejects.toThrow(refused('SIGNATURE_FOREIGN'));
});

it('is of no patient who has not signed it: whoever has a policy shows it for nobody else', async () => {
  const { bytes, onLedger, check } = await made();
  const { publicKey } = await generateSigningKey().then(importSigningKey);
  const holders = [
    async (pem: string) => ({ ...(await check(pem)), subject: newPseudonym(1) }),
    async (pem: string) => ({ ...(await check(pem)), publicKey }),
  ];
  for (const holder of holders)
    await expect(openCard(dataKey, onLedger, bytes, holder)).rejects.toThrow(refused('SIGNATURE_FOREIGN'));
});
