import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  type Claim,
  type ClaimDecision,
  type ClaimSubmission,
  claimReviews,
  type PaymentReceipt,
  serviceDayOf,
  type Usage,
} from '../model/claim.ts';
import type { PlanPublication, PlanTerms } from '../model/plan.ts';
import {
  type Application,
  type Authorisation,
  type ContentWraps,
  type MemberAction,
  memberStatementBytes,
  type Policy,
  type SignedStatement,
} from '../model/policy.ts';
import { canonicalJson } from '../model/state.ts';
import { createIdentity, type Identity } from './identity.ts';
import type { Order } from './ledger.ts';
import { bytesOf, day, hour, instant, institutions, serial, validLicence } from './samples.ts';
import { signStatement } from './signing.ts';
import { createWorld, type Enrol, equip, submitToRegistry, type World } from './world.ts';

/** Insurers, members and providers on the channel `claims`, as tests let them act. */

export const planOf = (seed: number) => `plan-${serial(seed)}`;
export const policyOf = (seed: number) => `pol-${serial(seed)}`;
export const authorisationOf = (seed: number) => `aut-${serial(seed)}`;
export const claimOf = (seed: number) => `clm-${serial(seed)}`;
export const hexOf = (text: string) => createHash('sha256').update(text).digest('hex');
export const sealedOf = (text: string) => ({ cid: `b${'a'.repeat(58)}`, contentHash: hexOf(text) });

/** The day of a service, so many milliseconds from now. */
export const dayOf = (offsetMs: number) => serviceDayOf(instant(offsetMs));

export const otherInsurer = 'inst-harbour-insurer';

/** The member of a policy, with the key that is of this policy only. */
export interface Member {
  policy: string;
  privateKey: Identity['privateKey'];
  signingKey: string;
}

export function createMember(seed: number): Member {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signingKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
  return { policy: policyOf(seed), privateKey, signingKey };
}

/** A statement as the member signs it. */
export function sayAs(member: Pick<Member, 'privateKey'>, action: MemberAction, said: object): SignedStatement {
  const text = canonicalJson(said);
  return { said: text, signature: signStatement(member, memberStatementBytes(action, text)) };
}

export const wrapsFor = (...readers: string[]): ContentWraps =>
  Object.fromEntries(readers.map((reader) => [reader, hexOf(reader).repeat(25).slice(0, 1558)]));

export const termsOf = (change: Partial<PlanTerms> = {}): PlanTerms => ({
  ...{ name: 'Basic', currency: 'CHF', deductible: 30_000, tiers: {}, prices: [], rules: [] },
  benefits: [
    { category: 'medicine', percent: 90, coPay: 500, priorAuthorisation: false, free: false },
    { category: 'inpatient', percent: 80, coPay: 0, priorAuthorisation: true, free: false },
  ],
  ...{ filingDays: 90, appealDays: 30, ...change },
});

/** What an adjudicator is to name besides what is given here. */
type Verdict = Partial<Omit<ClaimDecision, 'claim'>>;

export class Claims {
  readonly world: World;
  readonly cast: Cast;

  constructor(world: World, cast: Cast) {
    this.world = world;
    this.cast = cast;
  }

  /** On a ledger of its own. */
  branch(): Claims {
    return new Claims({ ...this.world, ledger: this.world.ledger.clone() }, this.cast);
  }

  order(caller: Identity, name: string, args: string[], wraps?: ContentWraps): Order {
    const call = { channel: 'claims', contract: 'claims', function: `claims:${name}`, args, caller };
    return wraps ? { ...call, transient: { wraps: bytesOf(wraps) } } : call;
  }

  submit(caller: Identity, name: string, args: (string | object)[], wraps?: ContentWraps) {
    return this.world.ledger.submit(this.order(caller, name, args.map(textOf), wraps));
  }

  evaluate<T>(caller: Identity, name: string, ...args: (string | object)[]): Promise<T> {
    return this.world.ledger.evaluate<T>(this.order(caller, name, args.map(textOf)));
  }

  private read<T>(name: string, ...args: string[]): Promise<T> {
    return this.evaluate(this.world.people.service, name, ...args);
  }
  claim = (id: string) => this.read<Claim>('readClaim', id);
  policy = (id: string) => this.read<Policy>('readPolicy', id);
  usage = (policy: string, year = 1) => this.read<Usage>('readUsage', policy, String(year));

  publish(seed: number, change: Partial<PlanPublication> = {}, caller: Identity = this.world.people.insurer) {
    const plan = { id: planOf(seed), version: 1, validFrom: instant(-hour), terms: termsOf(), ...change };
    return this.submit(caller, 'publishPlan', [plan]);
  }

  application(member: Member, change: Partial<Application> = {}): Application {
    const keys = { signingKey: member.signingKey, readingKey: 'R'.repeat(1622) };
    const said = { id: member.policy, plan: planOf(1), ...keys, details: sealedOf(member.policy), at: instant(0) };
    return { ...said, ...change };
  }

  apply(member: Member, change: Partial<Application> = {}, caller: Identity = this.registrar) {
    const said = this.application(member, change);
    const insurer = said.plan === planOf(2) ? otherInsurer : institutions.insurer.id;
    return this.submit(caller, 'apply', [sayAs(member, 'apply', said)], wrapsFor(insurer, said.id));
  }

  /** What the registrar of the patients brings, signed by the member. */
  bring(member: Member, action: Exclude<MemberAction, 'apply' | 'authorise' | 'read'>, more: object = {}) {
    const said = { policy: member.policy, at: instant(0), ...more };
    return this.submit(this.registrar, action, [sayAs(member, action, said)]);
  }

  get registrar(): Identity {
    return this.world.registrars.PatientMSP;
  }

  authorisation(member: Member, seed: number, change: Partial<Authorisation> = {}): Authorisation {
    const said = { id: authorisationOf(seed), policy: member.policy, institution: institutions.pharmacy.id };
    return { ...said, evidence: [], until: instant(90 * day), card: sealedOf('card'), at: instant(0), ...change };
  }

  authorise(member: Member, seed: number, change: Partial<Authorisation> = {}) {
    const said = this.authorisation(member, seed, change);
    const wraps = wrapsFor(said.institution, member.policy);
    return this.submit(this.registrar, 'authorise', [sayAs(member, 'authorise', said)], wraps);
  }

  /** A member whom the insurer has taken. */
  async insure(member: Member, terms: object = {}, caller: Identity = this.world.people.insurer): Promise<void> {
    await this.apply(member, caller === this.cast.otherInsurer ? { plan: planOf(2) } : {});
    const from = instant(-60 * 60_000);
    await this.submit(caller, 'decidePolicy', [member.policy, 'accept', { from, ...terms }]);
  }

  submission(seed: number, change: Partial<ClaimSubmission> = {}): ClaimSubmission {
    return {
      ...{ id: claimOf(seed), use: 'claim', category: 'medicine', policy: policyOf(1) },
      ...{ authorisation: authorisationOf(1), service: hexOf(`service ${seed}`), servedAt: dayOf(-60_000) },
      ...{ currency: 'CHF', billed: 10_000, content: sealedOf(`claim ${seed}`), reference: hexOf(`reference ${seed}`) },
      ...change,
    };
  }

  /** The order of a claim: number `seed` of a pharmacist for the policy's medicine, unless something else is said. */
  billing(seed: number, change: Partial<ClaimSubmission> = {}, caller: Identity = this.world.people.pharmacist) {
    const claim = this.submission(seed, change);
    const insurer = claim.policy === policyOf(3) ? otherInsurer : institutions.insurer.id;
    const provider = caller.mspId === 'HospitalMSP' ? institutions.hospital.id : institutions.pharmacy.id;
    const wraps = wrapsFor(provider, insurer, claim.policy, this.cast.adjudicator.id);
    return this.order(caller, 'submit', [JSON.stringify(claim)], wraps);
  }

  async bill(seed: number, change: Partial<ClaimSubmission> = {}, caller?: Identity): Promise<string> {
    await this.world.ledger.submit(this.billing(seed, change, caller));
    return claimOf(seed);
  }

  /** A decision on the claim as it is: nine tenths for the insurer, unless something else is said. */
  async decision(id: string, verdict: Verdict = {}): Promise<ClaimDecision> {
    const { billed, policy, version } = await this.claim(id);
    const { allowed = billed } = verdict;
    const insurer = verdict.insurer ?? Math.floor(allowed * 0.9);
    return {
      ...{ claim: id, version, usage: (await this.usage(policy)).version, outcome: 'approved', allowed, insurer },
      ...{ patient: allowed - insurer, deductible: 0, reasons: [], explanation: sealedOf(`decision of ${id}`) },
      ...verdict,
    };
  }

  async decide(id: string, verdict: Verdict = {}, caller: Identity = this.cast.adjudicator) {
    return this.submit(caller, 'decide', [{ decisions: [await this.decision(id, verdict)] }]);
  }

  deny(id: string, caller?: Identity) {
    const nothing = { allowed: 0, insurer: 0, patient: 0, deductible: 0 };
    return this.decide(id, { outcome: 'denied', ...nothing, reasons: ['NOT_COVERED'] }, caller);
  }

  async review(id: string, caller: Identity = this.cast.adjudicator) {
    const { version } = await this.claim(id);
    const left = claimReviews.parse({ claims: [{ claim: id, version, reasons: ['UNUSUAL'] }] });
    return this.submit(caller, 'review', [left]);
  }

  receipt(id: string, entry: number, change: Partial<PaymentReceipt> = {}): PaymentReceipt {
    return {
      ...{ claim: id, kind: 'payment', payer: 'insurer', amount: 9_000, chainId: 31_337 },
      ...{ contract: `0x${'c'.repeat(40)}`, transactionHash: `0x${hexOf(`transaction ${entry}`)}`, logIndex: 0 },
      ...{ blockNumber: entry, blockHash: `0x${hexOf(`block ${entry}`)}`, ...change },
    };
  }

  anchor(id: string, entry: number, change: Partial<PaymentReceipt> = {}, caller: Identity = this.cast.adjudicator) {
    return this.submit(caller, 'anchor', [this.receipt(id, entry, change)]);
  }

  settle(id: string, entry: number, caller: Identity = this.cast.adjudicator) {
    const settlement = { claim: id, transactionHash: `0x${hexOf(`transaction ${entry}`)}` };
    return this.submit(caller, 'settle', [settlement]);
  }
}

const textOf = (argument: string | object) => (typeof argument === 'string' ? argument : JSON.stringify(argument));

/** Who is on `claims` besides the people of every world. */
export interface Cast {
  /** Member 1 has policy 1 of the insurer, and lets the pharmacy (1) and the hospital (2) bill. */
  member: Member;
  /** Member 2 has policy 2 of the insurer, and lets the pharmacy bill (3). */
  neighbour: Member;
  /** Member 3 has policy 3 of the other insurer, and lets the pharmacy bill (4). */
  stranger: Member;
  adjudicator: Identity & { id: string };
  otherAdjudicator: Identity & { id: string };
  /** A device of the insurer that adjudicates nothing, and one of a pharmacy that says it does. */
  system: Identity & { id: string };
  pharmacyAdjudicator: Identity & { id: string };
  otherInsurer: Identity;
}

let prepared: Promise<Claims> | undefined;

/** Two insurers with a plan each, three members, and what they have said; every call gives a ledger of its own. */
export async function createClaims(): Promise<Claims> {
  prepared ??= createWorld().then((world) => insureAll(world));
  return (await prepared).branch();
}

/** The same in a world on another ledger, with certificates of whoever issues them there. */
export async function insureAll(world: World, enrol: Enrol = createIdentity): Promise<Claims> {
  const claims = new Claims(world, await assemble(world, enrol));
  const { member, neighbour, stranger, otherInsurer: other } = claims.cast;
  await claims.publish(1);
  await claims.publish(2, {}, other);
  await claims.insure(member);
  await claims.insure(neighbour);
  await claims.insure(stranger, {}, other);
  await claims.authorise(member, 1);
  await claims.authorise(member, 2, { institution: institutions.hospital.id });
  await claims.authorise(neighbour, 3);
  await claims.authorise(stranger, 4);
  return claims;
}

async function assemble(world: World, enrol: Enrol): Promise<Cast> {
  const { InsurerMSP: registrar, RegulatorMSP: authority } = world.registrars;
  const institution = { id: otherInsurer, kind: 'insurer', mspId: 'InsurerMSP', name: 'The other insurer' };
  await submitToRegistry(world, registrar, 'proposeInstitution', JSON.stringify(institution));
  await submitToRegistry(world, authority, 'admitInstitution', otherInsurer);
  const person = await enrol('InsurerMSP', { role: 'insurer', subject: `prac-${serial(901)}` });
  const registration = {
    id: `prac-${serial(901)}`,
    institutionId: otherInsurer,
    role: 'insurer',
    licence: validLicence(),
  };
  await submitToRegistry(world, registrar, 'registerPractitioner', JSON.stringify(registration));
  await submitToRegistry(world, registrar, 'enrolKeys', registration.id, JSON.stringify(person.keys));
  const device = {
    id: `dev-${serial(902)}`,
    institutionId: otherInsurer,
    model: 'Judge 1',
    serialHash: 'a'.repeat(64),
  };
  const judge = await enrol('InsurerMSP', { role: 'device', subject: device.id });
  const { signingKeyHash, readingKey } = judge.keys;
  const equipped = { ...device, purpose: 'adjudicator', keys: { signingKeyHash, readingKey } };
  await submitToRegistry(world, registrar, 'registerDevice', JSON.stringify(equipped));
  return {
    ...{ member: createMember(1), neighbour: createMember(2), stranger: createMember(3) },
    adjudicator: await equip(world, 'insurer', 903, 'adjudicator', enrol),
    otherAdjudicator: { ...judge, id: device.id },
    system: await equip(world, 'insurer', 904, 'system', enrol),
    pharmacyAdjudicator: await equip(world, 'pharmacy', 905, 'adjudicator', enrol),
    otherInsurer: person,
  };
}
