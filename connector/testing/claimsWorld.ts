import { type ClaimSubmission, serviceDayOf } from '#chaincode/model/claim.ts';
import type { PlanTerms } from '#chaincode/model/plan.ts';
import {
  authorisationOf,
  type Claims,
  createClaims,
  createMember,
  hexOf,
  type Member,
  planOf,
  sayAs,
  termsOf,
} from '#chaincode/testing/claims.ts';
import { instant, institutions } from '#chaincode/testing/samples.ts';
import { practitionerIdOf } from '#chaincode/testing/world.ts';
import { utf8 } from '#crypto/bytes.ts';
import { newReferenceSalt, openExplanation, referenceOf, sealClaim } from '#crypto/claim/content.ts';
import { newDataKey, openDataKey } from '#crypto/claim/dataKey.ts';
import { sealDetails } from '#crypto/claim/details.ts';
import { type TestPrescription, testClaim, testInsured, testPrescription, testTrust } from '#crypto/claim/testClaim.ts';
import { commitmentOf } from '#crypto/commitment/commitment.ts';
import { cidOf } from '#crypto/envelope.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { tokenIdOf } from '#crypto/token.ts';
import { createReadingKey, type ReadingKey } from '#crypto/wrap.ts';
import { type Billed, buildClaim } from '#fhir/claim.ts';
import { medicationConcept } from '#fhir/coding.ts';
import { explanation, readExplanation } from '#fhir/explanation.ts';
import { FormularyList } from '#formulary/coverage.ts';
import type { Product } from '#formulary/product.ts';
import { products } from '#formulary/products.ts';
import { createBench } from '../adjudicator/bench.ts';
import { openClaimsLedger } from '../adjudicator/claimsLedger.ts';
import type { Bench } from '../adjudicator/judging.ts';
import { ConnectorError } from '../errors.ts';
import { type ContractsConnection, connectTo } from './contracts.ts';

/** An insurer's adjudicator over the real contract in memory, with members whose claims are sealed as browsers seal them. */

const insurer = institutions.insurer.id;
const pharmacy = institutions.pharmacy.id;
export const servedAt = () => instant(-2 * 60_000);

export function tablets(nth = 0): Product {
  const found = products.filter(({ unit }) => unit === 'tablet')[nth];
  if (found === undefined) throw new Error('the formulary has too few tablets');
  return found;
}

export interface Bill {
  product?: Product;
  prescribed?: Product;
  quantity?: number;
  net?: number;
  at?: string;
  /** What the ledger is told otherwise than the claim says. */
  submission?: Partial<ClaimSubmission>;
  /** Left out of what the claim shows. */
  without?: 'evidence' | 'token' | 'wrap' | 'content';
  insured?: typeof testInsured;
}

export interface InsuredMember extends Member {
  seed: number;
}

export class ClaimsWorld {
  readonly claims: Claims;
  readonly reading: ReadingKey;
  /** Ciphertext by CID; `away` makes the storage fail. */
  readonly storage = { blocks: new Map<string, Uint8Array>(), away: false };
  readonly tokens = new Map<bigint, { commitment: string }>();
  readonly device: string;
  readonly connection: ContractsConnection;
  readonly warnings: unknown[] = [];

  private constructor(claims: Claims, reading: ReadingKey) {
    this.claims = claims;
    this.reading = reading;
    this.device = claims.cast.adjudicator.id;
    this.connection = connectTo(claims.world.ledger, claims.cast.adjudicator);
  }

  static async create(terms: Partial<PlanTerms> = {}): Promise<ClaimsWorld> {
    const claims = await createClaims();
    const plan = { validFrom: instant(-20 * 60 * 60_000), terms: termsOf({ deductible: 0, ...terms }) };
    await claims.publish(10, plan);
    return new ClaimsWorld(claims, await createReadingKey());
  }

  readonly documents = {
    add: async (bytes: Uint8Array) => {
      if (this.storage.away) throw new ConnectorError('STORAGE_UNAVAILABLE', 'away');
      this.storage.blocks.set(cidOf(bytes), bytes);
      return cidOf(bytes);
    },
    read: async (cid: string) => {
      const found = this.storage.blocks.get(cid);
      if (found === undefined || this.storage.away) throw new ConnectorError('STORAGE_UNAVAILABLE', 'away');
      return found;
    },
  };

  /** An adjudicator that has just started. */
  async bench(): Promise<Bench> {
    const log = { warn: (...said: unknown[]) => this.warnings.push(said) };
    const bench = createBench({
      ...{ device: this.device, insurer, readingSeed: this.reading.seed, documents: this.documents, log },
      ledger: openClaimsLedger(this.connection),
      tokens: {
        tokenOf: async (tokenId) => this.tokens.get(tokenId),
        trustFor: async () => testTrust,
      },
    });
    await bench.known.learnAll(new FormularyList([], null));
    return bench;
  }

  /** A new member with an authorisation for the pharmacy, both of the number. */
  async member(seed: number, details: typeof testInsured = testInsured): Promise<InsuredMember> {
    const member = createMember(seed);
    const { policy } = member;
    const readers = [insurer, policy, this.device].map((id) => ({ id, readingKey: this.reading.publicKey }));
    const { dataKey, wraps } = await newDataKey(policy, readers);
    const sealed = await sealDetails(dataKey, { version: 1, policy, plan: planOf(10), insured: details });
    await this.documents.add(sealed.bytes);
    const content = { cid: sealed.cid, contentHash: sealed.contentHash };
    const said = this.claims.application(member, { plan: planOf(10), details: content });
    await this.claims.submit(this.claims.registrar, 'apply', [sayAs(member, 'apply', said)], wraps);
    const from = instant(-20 * 60 * 60_000);
    await this.claims.submit(this.claims.world.people.insurer, 'decidePolicy', [policy, 'accept', { from }]);
    await this.claims.authorise(member, seed);
    return { ...member, seed };
  }

  /** A medicine as it was prescribed for the member of tests, twenty of thirty units dispensed. */
  prescription({ prescribed = tablets(), at = servedAt(), insured = testInsured }: Bill = {}): TestPrescription {
    const made = testPrescription(pharmacy, insured);
    const request = JSON.parse(new TextDecoder().decode(made.document));
    const document = utf8(JSON.stringify({ ...request, medicationCodeableConcept: medicationConcept(prescribed) }));
    const record = { ...made.record, dispense: { ...made.record.dispense, at } };
    return { ...made, document, record, token: { commitment: commitmentOf(made.dataKey, document) } };
  }

  /** The pharmacy bills a medicine of which 20 units were dispensed. Answers the claim's id. */
  async bill(member: InsuredMember, bill: Bill = {}, prescription = this.prescription(bill)): Promise<string> {
    const { product = tablets(), quantity = 20, net = 2_000, without } = bill;
    if (without !== 'token') this.tokens.set(tokenIdOf(prescription.id), prescription.token);
    const { claim, content } = await testClaim(prescription);
    const evidence = without === 'evidence' ? undefined : content.evidence;
    const item: Billed = { of: product, quantity, unit: product.unit, net };
    return this.submit(member, {
      ...{ id: claim.id, category: 'medicine', item, at: claim.servedAt, service: claim.service, without },
      ...{ evidence, submission: bill.submission },
    });
  }

  /** The pharmacy bills a service. */
  visit(
    member: InsuredMember,
    net: number,
    use: ClaimSubmission['use'] = 'claim',
    preauthorisation?: string,
  ): Promise<string> {
    const id = newIdentifier('clm');
    const item: Billed = { of: { code: 'STAY-DAY', name: 'A day' }, quantity: 1, unit: 'day', net };
    return this.submit(member, {
      ...{ id, category: 'inpatient', item, at: servedAt(), service: hexOf(id) },
      submission: { use, ...(preauthorisation && { preauthorisation }) },
    });
  }

  private async submit(
    member: InsuredMember,
    of: Pick<ClaimSubmission, 'id' | 'category' | 'service'> & {
      item: Billed;
      at: string;
      evidence?: Awaited<ReturnType<typeof testClaim>>['content']['evidence'];
      submission?: Partial<ClaimSubmission> | undefined;
      without?: Bill['without'];
    },
  ): Promise<string> {
    const { id, category, service, item, at, evidence, submission = {}, without } = of;
    const by = practitionerIdOf('pharmacist');
    const { use = 'claim', preauthorisation } = submission;
    const claim = buildClaim({
      ...{ id, use, category, policy: member.policy, insurer: { id: insurer }, provider: { id: pharmacy } },
      ...{ practitioner: { id: by }, servedAt: serviceDayOf(at), created: at, currency: 'CHF', items: [item] },
      ...(preauthorisation && { preauthorisation }),
    });
    const readers = [pharmacy, insurer, member.policy, ...(without === 'wrap' ? [] : [this.device])];
    const reader = (name: string) => ({ id: name, readingKey: this.reading.publicKey });
    const { dataKey, wraps } = await newDataKey(id, readers.map(reader));
    const referenceSalt = newReferenceSalt();
    const content = { version: 1 as const, claim: JSON.parse(JSON.stringify(claim)), referenceSalt };
    const sealed = await sealClaim(dataKey, { id, by }, { ...content, ...(evidence && { evidence }) });
    if (without !== 'content') await this.documents.add(sealed.bytes);
    const submitted = {
      ...{ id, use, category, policy: member.policy, authorisation: authorisationOf(member.seed), service },
      ...{ servedAt: serviceDayOf(at), currency: 'CHF', billed: item.net, reference: referenceOf(id, referenceSalt) },
      content: { cid: sealed.cid, contentHash: sealed.contentHash },
      ...submission,
    };
    await this.claims.submit(this.claims.world.people.pharmacist, 'submit', [submitted], wraps);
    return id;
  }

  /** The newest explanation of a claim, as its readers open it. */
  async explanationOf(id: string) {
    const { decisions } = await this.claims.claim(id);
    const decision = decisions.at(-1);
    if (decision === undefined) throw new Error(`${id} is not decided`);
    const wrap = await openClaimsLedger(this.connection).wrap(id);
    const dataKey = await openDataKey(this.reading.seed, wrap);
    const bytes = await this.documents.read(decision.explanation.cid);
    return readExplanation(explanation.parse((await openExplanation(dataKey, decision, bytes)).explanation));
  }
}
