import { beforeAll, describe, expect, it } from 'vitest';
import type { LedgerErrorCode } from '../../model/errors.ts';
import {
  authorisationOf,
  type Claims,
  claimOf,
  createClaims,
  createMember,
  otherInsurer,
  planOf,
  policyOf,
  sayAs,
  sealedOf,
  termsOf,
  wrapsFor,
} from '../../testing/claims.ts';
import { createIdentity, type Identity } from '../../testing/identity.ts';
import { type Order, refusal } from '../../testing/ledger.ts';
import { expiredLicence, instant, institutions, serial } from '../../testing/samples.ts';
import { practitionerIdOf, type StaffName, submitToRegistry } from '../../testing/world.ts';

/**
 * Every role × every function × every circumstance; each answer is written by hand. Nothing is committed, so each cell stands
 * alone. Claim 1 is submitted by the pharmacy to the insurer, 2 in review, 3 partly approved, 4 denied; policy 4 is applied for.
 */

const billers = ['pharmacist', 'colleague'] as const;
const otherBillers = ['otherPharmacist', 'doctor', 'otherDoctor'] as const;
const others = ['admin', 'supplier', 'regulator'] as const;
const staff = ['insurer', 'otherInsurer', ...billers, ...otherBillers, ...others] as const;
const devices = ['adjudicator', 'otherAdjudicator', 'system', 'pharmacyAdjudicator'] as const;
const nobodies = ['patient', 'stranger', 'impostor', 'service', 'registrar', 'insurersRegistrar'] as const;
/** `registrar` is that of the patients, `unknownDevice` has a certificate and no entry. */
const roles = [...staff, ...devices, 'unknownDevice', ...nobodies] as const;
type Role = (typeof roles)[number];

const circumstances = ['usual', 'suspended', 'closed', 'unlicensed', 'backdated'] as const;
/** `suspended`: every person and device; `closed`: their institutions; `unlicensed`: every person; `backdated`: by three minutes. */
type Circumstance = (typeof circumstances)[number];

type Answer = 'allowed' | LedgerErrorCode;
type Row = Record<Role, Answer>;
const all = <Some extends Role>(named: readonly Some[], answer: Answer) =>
  Object.fromEntries(named.map((role) => [role, answer])) as Record<Some, Answer>;

const byPersons: Row = {
  ...all([...staff, ...devices, 'unknownDevice'], 'NOT_AUTHORISED'),
  ...all(nobodies, 'NOT_REGISTERED'),
};
const byInsurer: Row = { ...byPersons, insurer: 'allowed' };
const byJudge: Row = { ...byInsurer, adjudicator: 'allowed', unknownDevice: 'NOT_REGISTERED' };
const byAdjudicator: Row = {
  ...all([...staff, ...nobodies, 'unknownDevice'], 'NOT_REGISTERED'),
  ...all(devices, 'NOT_AUTHORISED'),
  adjudicator: 'allowed',
};
const byProvider: Row = { ...byPersons, ...all(billers, 'allowed') };
const byRegistrar: Row = { ...all(roles, 'NOT_AUTHORISED'), registrar: 'allowed' };
const byReader: Row = {
  ...all([...staff, ...devices], 'NOT_AUTHORISED'),
  ...all([...billers, 'insurer', 'adjudicator'], 'allowed'),
  ...all([...nobodies, 'unknownDevice'], 'NOT_REGISTERED'),
};

interface Action {
  usual: Row;
  /** Who is told so instead, once it is their standing that is looked at: those whose role it is, of whichever institution. */
  standing: readonly Role[];
  evaluated?: true;
  order: (claims: Claims, caller: Identity) => Promise<Order> | Order;
}

const bothInsurers = ['insurer', 'otherInsurer'] as const;
const allBillers = [...billers, ...otherBillers] as const;
const call =
  (name: string, ...args: (string | object)[]) =>
  (claims: Claims, caller: Identity) =>
    claims.order(caller, name, args.map(text));
const text = (argument: string | object) => (typeof argument === 'string' ? argument : JSON.stringify(argument));
const newcomer = createMember(9);
const said = () => ({ policy: policyOf(1), at: instant(0) });
const brought = (action: Parameters<typeof sayAs>[1], more: () => object = () => ({})) =>
  ((claims, caller) =>
    claims.order(caller, action === 'read' ? 'readWrapAsMember' : action, [
      JSON.stringify(sayAs(claims.cast.member, action, { ...said(), ...more() })),
    ])) satisfies Action['order'];

const insurers = { usual: byInsurer, standing: bothInsurers };
const judges = { usual: byJudge, standing: [...bothInsurers, ...devices] };
const adjudicators = { usual: byAdjudicator, standing: devices };
const providers = { usual: byProvider, standing: allBillers };
const registrars = { usual: byRegistrar, standing: [] };

const actions: Record<string, Action> = {
  publishPlan: {
    ...insurers,
    order: (claims, caller) =>
      call('publishPlan', { id: planOf(1), version: 2, validFrom: instant(0), terms: termsOf() })(claims, caller),
  },
  closePlan: { ...insurers, order: call('closePlan', planOf(1)) },
  decidePolicy: { ...insurers, order: call('decidePolicy', policyOf(4), 'accept', {}) },
  endPolicy: { ...insurers, order: call('endPolicy', policyOf(1), 'never paid') },
  apply: {
    ...registrars,
    order: (claims, caller) => {
      const statement = sayAs(newcomer, 'apply', claims.application(newcomer));
      return claims.order(caller, 'apply', [text(statement)], wrapsFor(institutions.insurer.id, newcomer.policy));
    },
  },
  authorise: {
    ...registrars,
    order: (claims, caller) => {
      const card = claims.authorisation(claims.cast.member, 9);
      const statement = sayAs(claims.cast.member, 'authorise', card);
      return claims.order(caller, 'authorise', [text(statement)], wrapsFor(institutions.pharmacy.id, policyOf(1)));
    },
  },
  revoke: { ...registrars, order: brought('revoke', () => ({ authorisation: authorisationOf(1) })) },
  leave: { ...registrars, order: brought('leave') },
  appeal: { ...registrars, order: brought('appeal', () => ({ claim: claimOf(4), message: sealedOf('no') })) },
  readWrapAsMember: { ...registrars, evaluated: true, order: brought('read', () => ({ id: claimOf(1) })) },
  submit: { ...providers, order: (claims, caller) => claims.billing(9, {}, caller) },
  answer: { ...providers, order: call('answer', claimOf(2), sealedOf('so')) },
  cash: { ...providers, order: call('cash', claimOf(3), '100') },
  ask: { ...insurers, order: call('ask', claimOf(2), sealedOf('why')) },
  decide: {
    ...judges,
    order: async (claims, caller) => call('decide', { decisions: [await claims.decision(claimOf(1))] })(claims, caller),
  },
  decideInReview: {
    ...insurers,
    usual: { ...byInsurer, unknownDevice: 'NOT_REGISTERED' },
    standing: [...bothInsurers, ...devices],
    order: async (claims, caller) => call('decide', { decisions: [await claims.decision(claimOf(2))] })(claims, caller),
  },
  review: {
    ...adjudicators,
    order: call('review', { claims: [{ claim: claimOf(1), version: 1, reasons: ['UNUSUAL'] }] }),
  },
  settle: {
    ...adjudicators,
    order: call('settle', { claim: claimOf(3), transactionHash: `0x${'1'.repeat(64)}` }),
  },
  anchor: {
    ...adjudicators,
    order: (claims, caller) => call('anchor', claims.receipt(claimOf(3), 1, { amount: 1 }))(claims, caller),
  },
  reverse: {
    usual: { ...byProvider, insurer: 'allowed' },
    standing: [...allBillers, ...bothInsurers],
    order: call('reverse', claimOf(1), 'billed twice'),
  },
  readWrap: {
    usual: byReader,
    standing: [...allBillers, ...bothInsurers, ...devices],
    evaluated: true,
    order: call('readWrap', claimOf(1)),
  },
};

function expectedAnswer({ usual, standing, evaluated }: Action, role: Role, circumstance: Circumstance): Answer {
  const isDevice = devices.some((device) => device === role);
  if (circumstance === 'usual') return usual[role];
  if (circumstance === 'backdated') return evaluated ? usual[role] : 'CLOCK_SKEW';
  if (!standing.includes(role) || (circumstance === 'unlicensed' && isDevice)) return usual[role];
  return circumstance === 'unlicensed' ? 'LICENCE_INVALID' : 'SUSPENDED';
}

/** Answers that the rule above does not give: what the standing of others is looked at for, too. */
const exceptions: Partial<Record<Circumstance, Record<string, Partial<Row>>>> = {
  // The institution that is to bill is suspended itself.
  closed: { authorise: { registrar: 'SUSPENDED' } },
};

const staffNames = {
  ...{ insurer: 'insurer', pharmacist: 'pharmacist', colleague: 'colleague', otherPharmacist: 'otherPharmacist' },
  ...{ doctor: 'doctor', otherDoctor: 'otherDoctor' },
} as const satisfies Partial<Record<Role, StaffName>>;

async function befall(claims: Claims, circumstance: Circumstance): Promise<void> {
  const { world, cast } = claims;
  const { RegulatorMSP: authority } = world.registrars;
  const people = [...Object.values(staffNames).map(practitionerIdOf), `prac-${serial(901)}`];
  if (circumstance === 'suspended') {
    for (const id of people) await submitToRegistry(world, authority, 'setPractitionerStatus', id, 'suspended');
    for (const device of devices) {
      const registrar = device === 'pharmacyAdjudicator' ? world.registrars.PharmacyMSP : world.registrars.InsurerMSP;
      await submitToRegistry(world, registrar, 'setDeviceStatus', cast[device].id, 'suspended');
    }
  }
  if (circumstance === 'closed') {
    const { insurer, pharmacy, otherPharmacy, hospital } = institutions;
    for (const id of [insurer.id, pharmacy.id, otherPharmacy.id, hospital.id, otherInsurer])
      await submitToRegistry(world, authority, 'setInstitutionStatus', id, 'suspended');
  }
  if (circumstance === 'unlicensed') {
    for (const [index, id] of people.entries()) {
      const mspId = [...Object.values(staffNames).map((name) => world.people[name].mspId), 'InsurerMSP'][index];
      const registrar = world.registrars[mspId as keyof typeof world.registrars];
      await submitToRegistry(world, registrar, 'renewLicence', id, JSON.stringify(expiredLicence()));
    }
  }
}

async function callersIn({ world, cast }: Claims): Promise<Record<Role, Identity>> {
  const { people, registrars: of } = world;
  return {
    ...people,
    ...cast,
    ...{ insurer: people.insurer, stranger: people.stranger },
    unknownDevice: await createIdentity('InsurerMSP', { role: 'device', subject: cast.adjudicator.id }),
    ...{ registrar: of.PatientMSP, insurersRegistrar: of.InsurerMSP },
  };
}

describe.each(circumstances)('%s', (circumstance) => {
  let claims: Claims;
  let orders: Record<string, Record<Role, Order>>;

  beforeAll(async () => {
    claims = await createClaims();
    await claims.apply(createMember(4));
    for (const seed of [1, 2, 3, 4]) await claims.bill(seed);
    await claims.review(claimOf(2));
    await claims.decide(claimOf(3), { outcome: 'partlyApproved', insurer: 5_000, reasons: ['ANNUAL_LIMIT'] });
    await claims.deny(claimOf(4));
    const callers = await callersIn(claims);
    orders = {};
    for (const [name, { order }] of Object.entries(actions)) {
      const made = {} as Record<Role, Order>;
      for (const role of roles) made[role] = await order(claims, callers[role]);
      orders[name] = made;
    }
    await befall(claims, circumstance);
  });

  it.each(Object.keys(actions))('%s', async (name) => {
    const action = actions[name];
    if (!action) throw new Error(name);
    const answers: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const role of roles) {
      const order = orders[name]?.[role];
      if (!order) throw new Error(`${name} as ${role}`);
      const at = new Date(Date.now() - (circumstance === 'backdated' ? 3 * 60_000 : 0));
      expected[role] = exceptions[circumstance]?.[name]?.[role] ?? expectedAnswer(action, role, circumstance);
      answers[role] = await refusal(claims.world.ledger.endorse({ ...order, at })).catch((error: Error) => {
        if (error.message === 'the call was not refused') return 'allowed';
        throw error;
      });
    }
    expect(answers).toEqual(expected);
  });
});
