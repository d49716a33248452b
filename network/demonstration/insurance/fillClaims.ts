import { serviceDayOf } from '#chaincode/model/claim.ts';
import { toBase64Url } from '#crypto/bytes.ts';
import { newReferenceSalt, referenceOf, sealClaim } from '#crypto/claim/content.ts';
import { newDataKey } from '#crypto/claim/dataKey.ts';
import { serviceKeyOf, serviceOfEncounter, serviceOfNothing } from '#crypto/claim/service.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { buildClaim } from '#fhir/claim.ts';
import { ownInsurance } from '#server/claims/service.ts';
import type { Portal } from '#server/portal.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import type { Signer } from '../accounts.ts';
import { transact } from '../transact.ts';
import { insurer } from './members.ts';
import { institutionReader, memberOf, readersOf } from './readers.ts';
import { type Visit, visits } from './visits.ts';

/** Has doctors bill what they have done for insured patients; what was billed before is left. The insurer's adjudicator decides it. */
export async function fillClaims(portal: Portal, signerOf: (email: string) => Promise<Signer>): Promise<void> {
  for (const patient of new Set(visits.map((visit) => visit.patient))) {
    const member = await signerOf(patient);
    const { claims } = await ownInsurance(member.actor, portal);
    if (claims.total > 0) continue;
    for (const visit of visits.filter((each) => each.patient === patient)) {
      await bill(portal, member, await signerOf(visit.doctor), visit);
    }
  }
}

async function bill(portal: Portal, patient: Signer, doctor: Signer, visit: Visit): Promise<void> {
  const { authorisations } = await ownInsurance(patient.actor, portal);
  const card = authorisations.find(({ institution, state }) => institution === visit.institution && state === 'active');
  if (card === undefined) throw new Error(`${visit.institution} may bill nothing of ${visit.patient}.`);
  await transact(portal, doctor, await composeBill(portal, { patient, doctor, card }, visit));
}

/** What a doctor signs to bill a visit by the patient's card: an authorisation and its policy. */
export async function composeBill(
  portal: Portal,
  { patient, doctor, card }: { patient: Signer; doctor: Signer; card: { id: string; policy: string } },
  visit: Omit<Visit, 'patient' | 'doctor'>,
): Promise<Extract<TransactionIntent, { kind: 'claims:submit' }>> {
  const { policy } = card;
  const id = newIdentifier('clm');
  const by = doctor.actor.subjectId;
  const created = new Date(Date.now() - visit.ago * 60 * 60 * 1_000).toISOString();
  const servedAt = serviceDayOf(created);
  const { use, category, net, service } = visit;
  const claim = buildClaim({
    ...{ id, use, category, policy, insurer: { id: insurer }, provider: { id: visit.institution } },
    ...{ practitioner: { id: by, name: doctor.actor.name }, servedAt, created, currency: 'EUR' },
    items: [{ of: service, quantity: 1, unit: 'service', net }],
  });
  const member = await memberOf(patient, policy);
  const readers = [
    await institutionReader(portal, visit.institution),
    ...(await readersOf(portal)),
    { id: policy, readingKey: member.readingKey },
  ];
  const { dataKey, wraps } = await newDataKey(id, readers);
  const referenceSalt = newReferenceSalt();
  const content = { version: 1 as const, claim: JSON.parse(JSON.stringify(claim)), referenceSalt };
  const sealed = await sealClaim(dataKey, { id, by }, content);
  const encounter = { day: servedAt.slice(0, 10), code: service.code, practitioner: by };
  return {
    kind: 'claims:submit',
    submission: {
      ...{ id, use, category, policy, authorisation: card.id, servedAt, currency: 'EUR', billed: net },
      service: use === 'claim' ? serviceOfEncounter(serviceKeyOf(patient.keys.walletKey), encounter) : serviceOfNothing,
      content: { cid: sealed.cid, contentHash: sealed.contentHash },
      reference: referenceOf(id, referenceSalt),
    },
    wraps,
    envelope: toBase64Url(sealed.bytes),
  };
}
