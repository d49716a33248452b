import { eq } from 'drizzle-orm';
import type { PlanTerms } from '#chaincode/model/plan.ts';
import type { Policy } from '#chaincode/model/policy.ts';
import { toBase64Url } from '#crypto/bytes.ts';
import { sealCard } from '#crypto/claim/card.ts';
import { newDataKey } from '#crypto/claim/dataKey.ts';
import { type Insured, sealDetails } from '#crypto/claim/details.ts';
import { sayAs } from '#crypto/claim/member.ts';
import { serviceKeyOf } from '#crypto/claim/service.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { importSigningKey } from '#crypto/signingKey.ts';
import { systems } from '#fhir/coding.ts';
import { readPolicy } from '#server/claims/ledger.ts';
import { sayAsMember } from '#server/claims/members.ts';
import { policiesOf } from '#server/claims/owners.ts';
import { listPlans, ownInsurance } from '#server/claims/service.ts';
import { policies } from '#server/gateways/db/schema/claims.ts';
import type { Portal } from '#server/portal.ts';
import type { Signer } from '../accounts.ts';
import { patients } from '../people.ts';
import { transact } from '../transact.ts';
import { adjuster, applicant, type InsuredPatient, insured, insurer, plans } from './members.ts';
import { institutionReader, memberOf, readersOf } from './readers.ts';

const dayMs = 24 * 60 * 60 * 1000;
const yearMs = 365 * dayMs;

type SignerOf = (email: string) => Promise<Signer>;

/** Publishes the insurer's plans, insures some patients, and has them let pharmacies and hospitals bill; what is there is left. */
export async function fillInsurance(portal: Portal, signerOf: SignerOf): Promise<void> {
  const staff = await signerOf(adjuster);
  const published = await publishPlans(portal, staff);
  await Promise.all([
    ...insured.map((wanted) => insure(portal, signerOf, staff, published, wanted)),
    applyFor(portal, await signerOf(applicant.patient), planOf(published, applicant.plan), applicant.patient),
  ]);
}

/** Ids of the plans by their names. */
async function publishPlans(portal: Portal, staff: Signer): Promise<Map<string, string>> {
  const known = await listPlans(staff.actor, portal);
  const ids = new Map(known.map(({ id, versions }) => [versions[0]?.terms.name ?? '', id]));
  for (const terms of Object.values(plans) as PlanTerms[]) {
    if (ids.has(terms.name)) continue;
    const id = newIdentifier('plan');
    const validFrom = new Date(Date.now() - dayMs / 2).toISOString();
    await transact(portal, staff, { kind: 'claims:publishPlan', plan: { id, version: 1, validFrom, terms } });
    ids.set(terms.name, id);
  }
  return ids;
}

function planOf(published: Map<string, string>, name: keyof typeof plans): string {
  const id = published.get(plans[name].name);
  if (id === undefined) throw new Error(`${plans[name].name} is not published.`);
  return id;
}

async function insure(
  portal: Portal,
  signerOf: SignerOf,
  staff: Signer,
  published: Map<string, string>,
  wanted: InsuredPatient,
): Promise<void> {
  const patient = await signerOf(wanted.patient);
  const policy = await applyFor(portal, patient, planOf(published, wanted.plan), wanted.patient);
  if (policy.state === 'applied') {
    const terms = {
      from: new Date(Date.now() - dayMs / 2).toISOString(),
      until: new Date(Date.now() + yearMs).toISOString(),
    };
    await transact(portal, staff, { kind: 'claims:decidePolicy', id: policy.id, verdict: 'accept', terms });
  }
  const { authorisations } = await ownInsurance(patient.actor, portal);
  const allowed = new Set(authorisations.map(({ institution }) => institution));
  for (const institution of wanted.providers) {
    if (!allowed.has(institution)) await authorise(portal, patient, policy, institution, wanted);
  }
}

/** The patient's policy; applied for now where there is none. */
async function applyFor(portal: Portal, patient: Signer, plan: string, email: string): Promise<Policy> {
  const [known] = await policiesOf(portal, patient.actor);
  const [kept] = known === undefined ? [] : await portal.db.select().from(policies).where(eq(policies.id, known));
  return kept === undefined ? apply(portal, patient, plan, email) : readPolicy(portal.ledger, kept.id);
}

/** Applies for a new policy. */
export async function apply(portal: Portal, patient: Signer, plan: string, email: string): Promise<Policy> {
  const id = newIdentifier('pol');
  const member = await memberOf(patient, id);
  const readers = [...(await readersOf(portal)), { id, readingKey: member.readingKey }];
  const { dataKey, wraps } = await newDataKey(id, readers);
  const sealed = await sealDetails(dataKey, { version: 1, policy: id, plan, insured: whoIs(email) });
  const { signingKey, readingKey } = member;
  const details = { cid: sealed.cid, contentHash: sealed.contentHash };
  const at = new Date().toISOString();
  const statement = await sayAs(member, 'apply', { id, plan, signingKey, readingKey, details, at });
  const envelope = toBase64Url(sealed.bytes);
  await sayAsMember(patient.actor, { action: 'apply', statement, wraps, envelope }, portal);
  return readPolicy(portal.ledger, id);
}

/** Lets an institution bill, by a new card. Answers the authorisation's id. */
export async function authorise(
  portal: Portal,
  patient: Signer,
  { id: policy, plan }: Policy,
  institution: string,
  { evidence, patient: email }: Pick<InsuredPatient, 'evidence' | 'patient'>,
): Promise<string> {
  const id = newIdentifier('aut');
  const member = await memberOf(patient, policy);
  const provider = await institutionReader(portal, institution);
  const { dataKey, wraps } = await newDataKey(id, [provider, { id: policy, readingKey: member.readingKey }]);
  const { privateKey } = await importSigningKey(patient.keys.signingKey);
  const { certificatePem } = patient;
  const sealed = await sealCard(member, { certificatePem, privateKey }, dataKey, {
    ...{ version: 1, plan, insurer, authorisation: id, institution, insured: whoIs(email) },
    ...{ patient: patient.actor.subjectId, evidence: [...evidence] },
    serviceKey: toBase64Url(serviceKeyOf(patient.keys.walletKey)),
  });
  const card = { cid: sealed.cid, contentHash: sealed.contentHash };
  const at = new Date().toISOString();
  const until = new Date(Date.now() + yearMs).toISOString();
  const said = { id, policy, institution, evidence: [...evidence], until, card, at };
  const statement = await sayAs(member, 'authorise', said);
  const envelope = toBase64Url(sealed.bytes);
  await sayAsMember(patient.actor, { action: 'authorise', statement, wraps, envelope }, portal);
  return id;
}

function whoIs(email: string): Insured {
  const person = patients.find((each) => each.email === email);
  if (!person) throw new Error(`There is no patient ${email}.`);
  const { name, birthDate, identifier } = person;
  return { name, birthDate, identifier: { system: systems.patient, value: identifier } };
}
