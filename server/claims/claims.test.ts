import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Claim, serviceDayOf } from '#chaincode/model/claim.ts';
import { type Application, type Policy, policyRecord, type StoredAuthorisation } from '#chaincode/model/policy.ts';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { canonicalJson } from '#chaincode/model/state.ts';
import { termsOf } from '#chaincode/testing/claims.ts';
import type { SealedNote } from '#crypto/claim/billingNote.ts';
import { AppError, asAppError } from '#server/errors.ts';
import { devices } from '../gateways/db/schema/circles.ts';
import { policyMembers } from '../gateways/db/schema/claims.ts';
import { cidOf } from '../gateways/ipfs/ipfs.ts';
import { type Actor, type Role, roles } from '../people/schema.ts';
import { project } from '../prescriptions/readModel.ts';
import { hex, name26, type Person, World } from '../testing/world.ts';
import { dropBillingNote, keepBillingNote, listBillingNotes } from './billing.ts';
import { askEligibility } from './eligibility.ts';
import { claimHandlers } from './flows.ts';
import { insuredAs, listProviders } from './insured.ts';
import { readAsMember, sayAsMember } from './members.ts';
import { policiesOf } from './owners.ts';
import { claimChangesIn, projectClaims, readClaimEntries } from './readModel.ts';
import { receivables } from './receivables.ts';
import { listedAtATime } from './schema.ts';
import {
  listCards,
  listClaims,
  listPlans,
  listPolicies,
  openClaim,
  ownClaims,
  ownInsurance,
  readContent,
} from './service.ts';

let world: World;
let patient: Person;
let other: Person;

const insurer = 'inst-northern-mutual';
const provider = 'inst-river-pharmacy';
const firstPage = { page: 1 };
const none = { entries: [], total: 0 };
const now = () => new Date().toISOString();
const fresh = (text: string) => {
  const bytes = new TextEncoder().encode(`${text} ${name26()}`);
  return {
    bytes,
    named: { cid: cidOf(bytes), contentHash: hex(bytes) },
    envelope: Buffer.from(bytes).toString('base64url'),
  };
};
const of = (role: Role, institutionId: string | null): Actor => ({
  ...{ personId: 'p', sessionId: 's', role, name: 'N', subjectId: `prac-${'x'.repeat(26)}`, institutionId },
  ...{ institutionName: null, mspId: 'InsurerMSP', enrolled: true },
});
const adjuster = of('insurer', insurer);
const pharmacist = of('pharmacist', provider);
const codeOf = (work: Promise<unknown> | undefined) =>
  (work ?? Promise.resolve()).then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
const signed = (said: object) => ({ said: canonicalJson(said), signature: 'S'.repeat(96) });

function application(details: { cid: string; contentHash: string }): Application {
  return {
    ...{ id: `pol-${name26()}`, plan: `plan-${name26()}`, at: now(), details },
    ...{ signingKey: 'K'.repeat(122), readingKey: 'R'.repeat(1622) },
  };
}
const applied = (said: Application): Policy =>
  policyRecord.parse({ ...said, insurer, state: 'applied', by: said.id, version: 1 });

/** As the contract takes an application, once. */
const takeApplications = () => {
  world.connector.brought = (action, { said }) => {
    if (action !== 'apply') return;
    const policy = applied(JSON.parse(said));
    if (world.ledger.entries.has(policy.id)) throw new AppError('ALREADY_EXISTS', policy.id);
    world.ledger.entries.set(policy.id, policy);
  };
};

async function apply(person: Person) {
  const { named, envelope } = fresh('details');
  const said = application(named);
  const wraps = { [insurer]: 'W'.repeat(1558) };
  const saying = { action: 'apply' as const, statement: signed(said), wraps, envelope };
  await sayAsMember(person.actor, saying, world.portal);
  return { said, saying };
}

function claimOf(policy: string, change: Partial<Claim> = {}): Claim {
  return {
    ...{ id: `clm-${name26()}`, use: 'claim', category: 'medicine', policy, authorisation: `aut-${name26()}` },
    ...{
      service: hex(new TextEncoder().encode(name26())),
      servedAt: serviceDayOf(now()),
      currency: 'EUR',
      billed: 1_240,
    },
    ...{ content: fresh('claim').named, reference: 'ab'.repeat(32), plan: { id: `plan-${name26()}`, version: 1 } },
    ...{ insurer, provider, by: `prac-${name26()}`, at: now(), state: 'submitted' },
    ...{ decisions: [], messages: [], receipts: [], version: 1 },
    ...change,
  };
}

beforeAll(async () => {
  world = await World.start();
  patient = await world.person('patient', null);
  other = await world.person('patient', null);
}, 60_000);
afterAll(() => world?.stop());
beforeEach(() => {
  world.connector.down = false;
  takeApplications();
});

describe('what a member says', () => {
  it('is kept, brought and found again, by its member alone', async () => {
    const { said } = await apply(patient);
    expect(await policiesOf(world.portal, patient.actor)).toContain(said.id);
    expect((await ownInsurance(patient.actor, world.portal)).policies).toMatchObject([
      { id: said.id, state: 'applied' },
    ]);
    expect((await ownInsurance(other.actor, world.portal)).policies).toEqual([]);
    expect(await readContent(patient.actor, { id: said.id, cid: said.details.cid }, world.portal)).toBeDefined();
    expect(await codeOf(readContent(other.actor, { id: said.id, cid: said.details.cid }, world.portal))).toBe(
      'NOT_FOUND',
    );
    expect(await listPolicies(adjuster, firstPage, world.portal)).toMatchObject({
      entries: [{ id: said.id }],
      total: 1,
    });
    expect(await listPolicies(of('insurer', 'inst-southern-mutual'), firstPage, world.portal)).toEqual(none);
  });

  it('said again after an answer was lost is done, and somebody else’s is not', async () => {
    const { said, saying } = await apply(patient);
    await sayAsMember(patient.actor, saying, world.portal);
    const another = fresh('others');
    const stolen = { ...saying, statement: signed({ ...said, details: another.named }), envelope: another.envelope };
    expect(await codeOf(sayAsMember(patient.actor, stolen, world.portal))).toBe('ALREADY_EXISTS');
    expect(await codeOf(sayAsMember(other.actor, saying, world.portal))).toBe('NOT_FOUND');
  });

  it('of a policy that came to the ledger by another portal makes it nobody’s here', async () => {
    const { named, envelope } = fresh('details');
    const foreign = applied(application(named));
    world.ledger.entries.set(foreign.id, foreign);
    const { insurer: _, state: __, by: ___, version: ____, ...said } = foreign;
    // The very statement, which anybody reads on `claims`, and one of the own.
    for (const statement of [signed(said), signed({ ...application(named), id: foreign.id })]) {
      const saying = { action: 'apply' as const, statement, envelope };
      expect(await codeOf(sayAsMember(other.actor, saying, world.portal))).toBe('ALREADY_EXISTS');
    }
    expect(await policiesOf(world.portal, other.actor)).not.toContain(foreign.id);
  });

  it('stays the member’s where the ledger could not be reached, and is brought by trying again', async () => {
    world.connector.down = true;
    const { named, envelope } = fresh('details');
    const said = application(named);
    const saying = { action: 'apply' as const, statement: signed(said), envelope };
    expect(await codeOf(sayAsMember(patient.actor, saying, world.portal))).toBe('CONNECTOR_UNAVAILABLE');
    world.connector.down = false;
    expect(await sayAsMember(patient.actor, saying, world.portal)).toEqual({ policy: said.id });
  });

  it('is refused without its ciphertext, with another, and where it is none', async () => {
    const { named } = fresh('details');
    const statement = signed(application(named));
    const say = (change: object) =>
      codeOf(sayAsMember(patient.actor, { action: 'apply', statement, ...change }, world.portal));
    expect(await say({})).toBe('INVALID_INPUT');
    expect(await say({ envelope: fresh('another').envelope })).toBe('INVALID_INPUT');
    expect(await say({ action: 'leave' })).toBe('INVALID_INPUT');
    expect(await say({ statement: { said: '{', signature: 'S'.repeat(96) } })).toBe('INVALID_INPUT');
  });

  it('reads keys for a policy of the member’s own only', async () => {
    const { said } = await apply(patient);
    const statement = signed({ policy: said.id, at: now(), id: said.id });
    expect(await readAsMember(patient.actor, { statement }, world.portal)).toMatchObject({ reader: said.id });
    expect(await codeOf(readAsMember(other.actor, { statement }, world.portal))).toBe('NOT_FOUND');
  });

  it('says nothing of whose a policy is to who has the database alone', async () => {
    await apply(patient);
    const rows = await world.portal.db.select().from(policyMembers);
    const stored = JSON.stringify(rows.map((row) => ({ ...row, ownerSealed: row.ownerSealed.toString('latin1') })));
    expect(rows.length).toBeGreaterThan(0);
    expect(stored).not.toContain(patient.actor.personId);
    expect(stored).not.toContain(patient.actor.subjectId);
  });
});

describe('claims', () => {
  it('are seen by the insurer, the provider and the member, and by nobody else', async () => {
    const { said } = await apply(patient);
    const claim = claimOf(said.id);
    await projectClaims(world.portal.db, { claims: [claim] });
    const seen = (actor: Actor) => codeOf(openClaim(actor, { id: claim.id }, world.portal));
    for (const actor of [adjuster, pharmacist, of('doctor', provider), patient.actor]) {
      expect(await seen(actor), actor.role).toBe('done');
    }
    const strangers = [other.actor, of('insurer', 'inst-southern-mutual'), of('pharmacist', 'inst-hill-pharmacy')];
    const rest = (['supplier', 'regulator', 'admin'] as const).map((role) => of(role, provider));
    for (const actor of [...strangers, ...rest]) expect(await seen(actor), actor.role).toBe('NOT_FOUND');
    expect((await listClaims(pharmacist, firstPage, world.portal)).entries.map(({ id }) => id)).toContain(claim.id);
    expect(await listClaims(of('pharmacist', 'inst-hill-pharmacy'), firstPage, world.portal)).toEqual(none);
    const { cid } = claim.content;
    expect(await codeOf(readContent(other.actor, { id: claim.id, cid }, world.portal))).toBe('NOT_FOUND');
    expect(await codeOf(readContent(adjuster, { id: claim.id, cid: said.details.cid }, world.portal))).toBe(
      'NOT_FOUND',
    );
  });

  it('never go back to an older version', async () => {
    const claim = claimOf(`pol-${name26()}`);
    const review: Claim = { ...claim, state: 'inReview', version: 2 };
    await projectClaims(world.portal.db, { claims: [claim, review, claim] });
    expect(await openClaim(adjuster, { id: claim.id }, world.portal)).toMatchObject({ state: 'inReview', version: 2 });
    const inReview = await listClaims(adjuster, { ...firstPage, states: ['inReview'] }, world.portal);
    expect(inReview.entries.map(({ id }) => id)).toContain(claim.id);
    const denied = await listClaims(adjuster, { ...firstPage, states: ['denied'] }, world.portal);
    expect(denied.entries.map(({ id }) => id)).not.toContain(claim.id);
  });

  it('are billed by cards in force, each with its policy and plan, once all are here', async () => {
    const said = application(fresh('details').named);
    const card: StoredAuthorisation = {
      ...{ id: `aut-${name26()}`, policy: said.id, institution: provider, insurer, evidence: [], at: now() },
      ...{ until: new Date(Date.now() + 60_000).toISOString(), card: fresh('card').named, state: 'active', version: 1 },
    };
    await projectClaims(world.portal.db, { authorisations: [card] });
    const listed = async (actor = pharmacist) =>
      (await listCards(actor, firstPage, world.portal)).entries.find(({ id }) => id === card.id)?.insurance;
    expect(await listed()).toBeUndefined();
    await projectClaims(world.portal.db, { policies: [applied(said)] });
    expect(await listed()).toBeUndefined();
    const head = { id: said.plan, insurer, state: 'open' as const, version: 1 };
    const version = { ...head, validFrom: now(), terms: termsOf(), by: `prac-${name26()}`, at: now() };
    const { state: _, ...plan } = version;
    await projectClaims(world.portal.db, { plans: [{ head, version: plan }] });
    expect(await listed()).toMatchObject({ id: said.id, signingKey: said.signingKey, readingKey: said.readingKey });
    expect(await listed(of('pharmacist', 'inst-hill-pharmacy'))).toBeUndefined();
    const later = { ...card, id: `aut-${name26()}`, at: new Date(Date.now() + 1_000).toISOString() };
    const earlier = { ...card, id: `aut-${name26()}`, at: new Date(Date.now() - 60_000).toISOString() };
    await projectClaims(world.portal.db, { authorisations: [earlier, later] });
    const order = (await listCards(pharmacist, firstPage, world.portal)).entries.map(({ id }) => id);
    expect(order.filter((id) => [card, later, earlier].some((each) => each.id === id))).toEqual([
      ...[later.id, card.id, earlier.id],
    ]);
    await projectClaims(world.portal.db, { authorisations: [{ ...card, state: 'revoked', version: 2 }] });
    expect(await listed()).toBeUndefined();
  });

  it('are read from blocks, each once in its newest version, and again where the peer is behind', async () => {
    const claim = claimOf(`pol-${name26()}`, { version: 3 });
    const said = (version: number) => ({
      ...{ kind: 'claim', change: 'claims:submit', at: now() },
      changed: [{ id: claim.id, state: 'submitted', version }],
    });
    const block = (versions: number[], valid = true) => ({
      ...{ number: 1n, unreadable: 0 },
      transactions: versions.map((version) => ({
        ...{ transactionId: 'ab'.repeat(32), at: new Date(), valid, contract: 'claims', endorsers: [] },
        event: { name: 'ClaimsChanged', payload: Buffer.from(JSON.stringify(said(version))) },
      })),
    });
    world.ledger.entries.set(claim.id, claim);
    expect(claimChangesIn(block([2, 3]))).toMatchObject([{ id: claim.id, version: 3, kind: 'claim' }]);
    expect(claimChangesIn(block([2], false))).toEqual([]);
    expect((await readClaimEntries(world.portal, claimChangesIn(block([3])))).claims).toEqual([claim]);
    expect(await codeOf(readClaimEntries(world.portal, claimChangesIn(block([4]))))).toBe('LEDGER_UNAVAILABLE');
  });
});

describe('a long list', () => {
  const house = 'inst-old-town-pharmacy';
  const many = listedAtATime + 3;
  const after = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();
  const ids = (listed: { entries: { id: string }[] }) => listed.entries.map(({ id }) => id);

  it('of claims comes page by page, newest first, to provider, insurer and member, each entry once', async () => {
    const mutual = 'inst-eastern-mutual';
    const { said } = await apply(patient);
    const made = Array.from({ length: many }, (_, n) =>
      claimOf(said.id, { provider: house, insurer: mutual, at: after(n) }),
    );
    await projectClaims(world.portal.db, { claims: made });
    const newestFirst = made.toReversed().map(({ id }) => id);
    for (const actor of [of('pharmacist', house), of('insurer', mutual)]) {
      const pages = await Promise.all([1, 2, 3].map((page) => listClaims(actor, { page }, world.portal)));
      expect(pages.map(({ total }) => total)).toEqual([many, many, many]);
      expect(pages.map(({ entries }) => entries.length)).toEqual([listedAtATime, 3, 0]);
      expect(pages.flatMap(ids)).toEqual(newestFirst);
    }
    const { claims } = await ownInsurance(patient.actor, world.portal);
    const older = await ownClaims(patient.actor, { page: 2 }, world.portal);
    expect([...ids(claims), ...ids(older)]).toEqual(expect.arrayContaining(newestFirst));
    expect(older.total).toBe(claims.total);
    expect(await ownClaims(other.actor, { page: 2 }, world.portal)).toEqual(none);
  });

  it('of policies and cards comes page by page', async () => {
    const mutual = 'inst-western-mutual';
    const plan = `plan-${name26()}`;
    const held: Policy[] = Array.from({ length: many }, (_, n) => ({
      ...applied({ ...application(fresh('details').named), plan, at: after(n) }),
      insurer: mutual,
    }));
    const waiting = held.slice(0, 1);
    const active = held.slice(1).map((policy): Policy => ({ ...policy, state: 'active', from: after(0), version: 2 }));
    const head = { id: plan, insurer: mutual, state: 'open' as const, version: 1 };
    const version = {
      ...{ id: plan, insurer: mutual, version: 1, validFrom: after(0), terms: termsOf() },
      ...{ by: `prac-${name26()}`, at: after(0) },
    };
    const cards = held.map(
      ({ id, at }): StoredAuthorisation => ({
        ...{ id: `aut-${name26()}`, policy: id, institution: house, insurer: mutual, evidence: [], at },
        ...{ until: new Date(Date.now() + 60_000).toISOString(), card: fresh('card').named },
        ...{ state: 'active', version: 1 },
      }),
    );
    await projectClaims(world.portal.db, {
      ...{ plans: [{ head, version }], policies: [...waiting, ...active], authorisations: cards },
    });
    const insurerPages = await Promise.all(
      [1, 2].map((page) => listPolicies(of('insurer', mutual), { page }, world.portal)),
    );
    // The application comes first, although it is the oldest.
    expect(insurerPages.flatMap(ids)).toEqual([...waiting, ...active.toReversed()].map(({ id }) => id));
    expect(insurerPages.map(({ total }) => total)).toEqual([many, many]);
    const cardPages = await Promise.all(
      [1, 2].map((page) => listCards(of('pharmacist', house), { page }, world.portal)),
    );
    expect(cardPages.flatMap(ids)).toEqual(cards.toReversed().map(({ id }) => id));
    expect(cardPages.map(({ total }) => total)).toEqual([many, many]);
  });
});

describe('who may', () => {
  const only: [string, (actor: Actor) => Promise<unknown>, Role[]][] = [
    ['listPolicies', (actor) => listPolicies(actor, firstPage, world.portal), ['insurer']],
    ['listCards', (actor) => listCards(actor, firstPage, world.portal), ['doctor', 'pharmacist']],
    ['listClaims', (actor) => listClaims(actor, firstPage, world.portal), ['insurer', 'doctor', 'pharmacist']],
    ['ownInsurance', (actor) => ownInsurance(actor, world.portal), ['patient']],
    ['ownClaims', (actor) => ownClaims(actor, firstPage, world.portal), ['patient']],
    ['listProviders', (actor) => listProviders(actor, world.portal), ['patient']],
    ['listPlans', (actor) => listPlans(actor, world.portal), [...roles]],
  ];
  it.each(only)('%s', async (_name, work, allowed) => {
    for (const role of roles) {
      expect(await codeOf(work(of(role, insurer))), role).toBe(allowed.includes(role) ? 'done' : 'FORBIDDEN');
    }
  });

  it('is told who bills, and who the own person is', async () => {
    const known = await listProviders(patient.actor, world.portal);
    expect(known.map(({ id }) => id)).toContain(provider);
    expect(known.map(({ kind }) => kind)).not.toContain('authority');
    expect(await insuredAs(patient.actor, world.portal)).toMatchObject({ name: 'Test Person' });
    expect(await codeOf(insuredAs(adjuster, world.portal))).toBe('FORBIDDEN');
  });

  it('acts on a claim is its insurer, or its provider', async () => {
    const claim = claimOf(`pol-${name26()}`);
    world.ledger.entries.set(claim.id, claim);
    const check = (kind: 'claims:reverse' | 'claims:cash', actor: Actor) => {
      const intent = { id: claim.id, reason: 'taken back', amount: 1 };
      return codeOf(
        kind === 'claims:cash'
          ? claimHandlers[kind].check?.(world.portal, actor, { kind, ...intent }, new Date())
          : claimHandlers[kind].check?.(world.portal, actor, { kind, ...intent }, new Date()),
      );
    };
    expect(await check('claims:reverse', adjuster)).toBe('done');
    expect(await check('claims:cash', pharmacist)).toBe('done');
    expect(await check('claims:reverse', of('insurer', 'inst-southern-mutual'))).toBe('NOT_FOUND');
    expect(await check('claims:cash', of('pharmacist', 'inst-hill-pharmacy'))).toBe('NOT_FOUND');
  });

  it('decides by an older version than there is: nobody', async () => {
    const claim = claimOf(`pol-${name26()}`, { version: 2 });
    world.ledger.entries.set(claim.id, claim);
    const decision = {
      ...{ claim: claim.id, version: 1, usage: 0, outcome: 'approved' as const, reasons: [] },
      ...{ allowed: 1_240, insurer: 1_000, patient: 240, deductible: 0, explanation: fresh('why').named },
    };
    const intent = { kind: 'claims:decide' as const, decision, envelope: 'AAAA' };
    const decide = (version: number) =>
      codeOf(
        claimHandlers['claims:decide'].check?.(
          world.portal,
          adjuster,
          { ...intent, decision: { ...decision, version } },
          new Date(),
        ),
      );
    expect(await decide(1)).toBe('STALE');
    expect(await decide(2)).toBe('done');
    expect(asAppError(new AppError('STALE', '')).user.message).toContain('meanwhile');
  });
});

describe('what a pharmacy keeps for its bill', () => {
  const dispense = `disp-${name26()}`;
  const noteOf = (of: string, institution = provider): SealedNote => ({
    ...{ dispense: of, institution, generation: 1, wrap: 'W'.repeat(1558), sealed: 'A'.repeat(60) },
  });
  const id = `rx-0-${name26()}`;
  const prescription: Prescription = {
    ...{ id, patient: `pt-0-${name26()}`, author: `prac-${name26()}`, authorInstitution: 'inst-north-hospital' },
    ...{ authoredOn: now(), expires: now(), cid: `b${'a'.repeat(58)}`, contentHash: 'ab'.repeat(32), state: 'partial' },
    ...{
      redeemHash: 'cd'.repeat(32),
      commitment: `0x${'ef'.repeat(32)}`,
      quantity: 30,
      fills: 1,
      left: 10,
      version: 4,
    },
    holder: { practitionerId: `prac-${name26()}`, institutionId: provider, since: now() },
    dispenses: [
      {
        ...{ id: dispense, quantity: 20, practitionerId: `prac-${name26()}`, institutionId: provider, at: now() },
        ...{ cid: `b${'b'.repeat(58)}`, contentHash: 'ab'.repeat(32) },
      },
    ],
    codeValid: true,
  };

  it('is listed once the ledger has the hand-over, and for its pharmacy alone', async () => {
    world.ledger.prescriptions.set(id, prescription);
    const keep = (actor: Actor, note: SealedNote) =>
      codeOf(keepBillingNote(actor, { prescription: id, note }, world.portal));
    expect(await keep(pharmacist, noteOf(dispense))).toBe('done');
    expect(await keep(pharmacist, noteOf(dispense))).toBe('done');
    // Of a hand-over that was begun and given up.
    expect(await keep(pharmacist, noteOf(`disp-${name26()}`))).toBe('done');
    expect(await keep(pharmacist, noteOf(dispense, 'inst-hill-pharmacy'))).toBe('NOT_FOUND');
    const hill = of('pharmacist', 'inst-hill-pharmacy');
    expect(await keep(hill, noteOf(dispense, 'inst-hill-pharmacy'))).toBe('NOT_FOUND');
    expect(await listBillingNotes(pharmacist, world.portal)).toEqual([]);
    await project(world.portal.db, 'care-0', [prescription]);
    const listed = await listBillingNotes(pharmacist, world.portal);
    expect(listed).toMatchObject([{ prescription: id, quantity: 20, note: { dispense } }]);
    expect(await listBillingNotes(hill, world.portal)).toEqual([]);
    await dropBillingNote(hill, { dispense }, world.portal);
    expect(await listBillingNotes(pharmacist, world.portal)).toHaveLength(1);
    await dropBillingNote(pharmacist, { dispense }, world.portal);
    expect(await listBillingNotes(pharmacist, world.portal)).toEqual([]);
    expect(await codeOf(listBillingNotes(adjuster, world.portal))).toBe('FORBIDDEN');
  });
});

describe('what is owed to a provider', () => {
  const day = 86_400_000;
  const house = 'inst-hill-pharmacy';
  const hillPharmacist = of('pharmacist', house);
  const ago = (days: number) => new Date(Date.now() - days * day).toISOString();
  const decided = (insurerShare: number, patient: number): Claim['decisions'] => [
    {
      ...{ claim: `clm-${name26()}`, version: 1, usage: 0, outcome: 'approved', reasons: [], deductible: 0 },
      ...{ allowed: insurerShare + patient, insurer: insurerShare, patient, explanation: fresh('why').named },
      ...{ by: `dev-${name26()}`, at: now() },
    },
  ];
  const paid = (payer: 'insurer' | 'patient', amount: number): Claim['receipts'][number] => ({
    ...{ kind: 'payment', payer, amount, chainId: 1, contract: `0x${'1'.repeat(40)}`, logIndex: 0, blockNumber: 1 },
    ...{ transactionHash: `0x${'2'.repeat(64)}`, blockHash: `0x${'3'.repeat(64)}`, at: now() },
  });

  it('is what was decided and not paid, and what is not decided, by age and currency', async () => {
    const made = (change: Partial<Claim>) => claimOf(`pol-${name26()}`, { provider: house, ...change });
    await projectClaims(world.portal.db, {
      claims: [
        made({ billed: 900, at: ago(2) }),
        made({ state: 'approved', decisions: decided(700, 300), at: ago(3) }),
        made({ state: 'settled', decisions: decided(700, 300), receipts: [paid('patient', 100)], at: ago(45) }),
        made({ state: 'anchored', decisions: decided(500, 0), receipts: [paid('insurer', 500)], at: ago(45) }),
        made({ state: 'approved', decisions: decided(10, 5), at: ago(200), currency: 'CHF' }),
        made({ state: 'denied', decisions: decided(0, 0), at: ago(2) }),
        made({ state: 'reversed', decisions: decided(5, 5), at: ago(2) }),
        made({ use: 'preauthorisation', at: ago(2) }),
      ],
    });
    const { ages } = await receivables(hillPharmacist, new Date(), world.portal);
    expect(ages.toSorted((a, b) => (a.upTo ?? 999) - (b.upTo ?? 999))).toEqual([
      { currency: 'EUR', upTo: 30, claims: 2, undecided: 900, insurer: 700, patient: 300 },
      { currency: 'EUR', upTo: 60, claims: 1, undecided: 0, insurer: 700, patient: 200 },
      { currency: 'CHF', upTo: null, claims: 1, undecided: 0, insurer: 10, patient: 5 },
    ]);
    expect(await codeOf(receivables(adjuster, new Date(), world.portal))).toBe('FORBIDDEN');
  });
});

describe('a question of eligibility', () => {
  const question = { id: `elq-${name26()}`, reader: `dev-${name26()}`, sealed: 'A'.repeat(100) };
  const asked: unknown[] = [];
  const unasked = () => Promise.reject(new Error('this is not asked here'));
  const withAdjudicators = () => ({
    ...world.portal,
    adjudicators: {
      [insurer]: {
        answer: async (one: { id: string }) => {
          asked.push(one);
          return { id: one.id, sealed: 'B'.repeat(100) };
        },
        quote: unasked,
        anchor: unasked,
        health: async () => {},
      },
    },
  });
  const device = (id: string, change: { purpose?: string; institutionId?: string } = {}) =>
    world.portal.db.insert(devices).values({
      ...{ id, institutionId: insurer, mspId: 'InsurerMSP', model: 'Adjudicator', purpose: 'adjudicator' },
      ...{ status: 'active' as const, signingKeyHash: 'a'.repeat(64), version: 1, ...change },
    });

  it('is passed on as it is, for who serves, and for nobody else', async () => {
    await device(question.reader);
    expect(await askEligibility(pharmacist, { question }, withAdjudicators())).toMatchObject({ id: question.id });
    expect(asked).toEqual([question]);
    for (const role of roles.filter((each) => each !== 'doctor' && each !== 'pharmacist')) {
      expect(await codeOf(askEligibility(of(role, provider), { question }, withAdjudicators())), role).toBe(
        'FORBIDDEN',
      );
    }
  });

  it('is refused where there is no adjudicator, where it is another insurer’s, and where a device is none', async () => {
    expect(await codeOf(askEligibility(pharmacist, { question }, world.portal))).toBe('NOT_SERVED');
    const [others, monitor, unknown] = [`dev-${name26()}`, `dev-${name26()}`, `dev-${name26()}`];
    await device(others, { institutionId: 'inst-southern-mutual' });
    await device(monitor, { purpose: 'monitor' });
    for (const reader of [others, monitor, unknown]) {
      const put = { question: { ...question, reader } };
      expect(await codeOf(askEligibility(pharmacist, put, withAdjudicators()))).toBe('NOT_SERVED');
    }
    expect(asked).toHaveLength(1);
  });
});
