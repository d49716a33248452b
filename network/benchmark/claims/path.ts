import { setTimeout as delay } from 'node:timers/promises';
import { inArray } from 'drizzle-orm';
import { openReply, sealQuestion } from '#crypto/claim/question.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { buildEligibilityRequest, eligibilityResponse, readEligibilityResponse } from '#fhir/eligibility.ts';
import { askEligibility } from '#server/claims/eligibility.ts';
import { claims } from '#server/gateways/db/schema/claims.ts';
import type { Portal } from '#server/portal.ts';
import { composeBill } from '../../demonstration/insurance/fillClaims.ts';
import { insurer } from '../../demonstration/insurance/members.ts';
import { readersOf } from '../../demonstration/insurance/readers.ts';
import { transact } from '../../demonstration/transact.ts';
import { percentile, round } from '../statistics.ts';
import { type Billing, claimsEach, hospital, type Insured, insure, price, serviceOf } from './insured.ts';
import type { ClaimsOptions } from './options.ts';

export interface PathFigures {
  /** From sealing a question before serving until its sealed answer is open. */
  eligibilityP50Ms: number;
  eligibilityP95Ms: number;
  /** From a signed claim's way to the ledger until its payment is anchored there; one claim at a time. */
  claimToPaidP50Ms: number;
  claimToPaidP95Ms: number;
  /** Of so many that are submitted at once, until the last is paid and anchored. */
  claimsPerSecond: number;
}

const warmUps = 2;
/** Submitted side by side. */
const atOnce = 16;
/** Far beyond what any may take. */
const patienceMs = 180_000;

type Bill = Awaited<ReturnType<typeof composeBill>>;

export async function measurePath(
  portal: Portal,
  { questions, alone, together }: Pick<ClaimsOptions, 'questions' | 'alone' | 'together'>,
  note: (text: string) => void,
): Promise<PathFigures> {
  const wanted = alone + together + warmUps;
  note('members');
  const billing = await insure(portal, Math.ceil(wanted / claimsEach));
  note('bills');
  const bills = await composeAll(portal, billing, wanted);
  note('questions');
  const asked = await measureQuestions(portal, billing, questions);
  note('claims one at a time');
  const times: number[] = [];
  for (const [index, bill] of bills.slice(0, alone + warmUps).entries()) {
    const started = performance.now();
    await transact(portal, billing.doctor, bill);
    await untilAnchored(portal, [bill]);
    if (index >= warmUps) times.push(performance.now() - started);
  }
  note('claims together');
  const rest = bills.slice(alone + warmUps);
  const started = performance.now();
  const left = [...rest];
  const submitting = async () => {
    for (let bill = left.shift(); bill !== undefined; bill = left.shift()) await transact(portal, billing.doctor, bill);
  };
  await Promise.all(Array.from({ length: atOnce }, submitting));
  await untilAnchored(portal, rest);
  const seconds = (performance.now() - started) / 1_000;
  return {
    eligibilityP50Ms: round(percentile(asked, 0.5)),
    eligibilityP95Ms: round(percentile(asked, 0.95)),
    claimToPaidP50Ms: round(percentile(times, 0.5)),
    claimToPaidP95Ms: round(percentile(times, 0.95)),
    claimsPerSecond: round(rest.length / seconds, 2),
  };
}

/** Sealed beforehand: what is measured is what happens to a claim, not how a browser makes it. */
async function composeAll(portal: Portal, { doctor, insured }: Billing, wanted: number): Promise<Bill[]> {
  const bills: Bill[] = [];
  for (let number = 0; number < wanted; number += 1) {
    // In turn, so that one member's claims do not come one after the other.
    const { patient, card } = insured[number % insured.length] ?? missing();
    const of = { institution: hospital, use: 'claim', category: 'consultation', net: price, ago: 1 } as const;
    bills.push(await composeBill(portal, { patient, doctor, card }, { ...of, service: serviceOf(number) }));
  }
  return bills;
}

/** A claim that a person would have to decide ends the measuring: it is not on the automatic path. */
async function untilAnchored(portal: Portal, bills: readonly Bill[]): Promise<void> {
  const ids = bills.map(({ submission }) => submission.id);
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const rows = await portal.db
      .select({ id: claims.id, state: claims.state })
      .from(claims)
      .where(inArray(claims.id, ids));
    if (rows.filter(({ state }) => state === 'anchored').length === ids.length) return;
    const stuck = rows.find(({ state }) => state === 'inReview' || state === 'denied');
    if (stuck !== undefined) throw new Error(`${stuck.id} is ${stuck.state}.`);
    if (Date.now() > deadline)
      throw new Error(`Not paid: ${JSON.stringify(rows.filter((row) => row.state !== 'anchored'))}`);
    await delay(20);
  }
}

async function measureQuestions(portal: Portal, { doctor, insured }: Billing, questions: number): Promise<number[]> {
  const reader = (await readersOf(portal)).find(({ id }) => id.startsWith('dev-'));
  if (reader === undefined) throw new Error('The insurer has no adjudicator.');
  const times: number[] = [];
  for (let index = -warmUps; index < questions; index += 1) {
    const started = performance.now();
    await ask(portal, doctor, reader, insured[Math.abs(index) % insured.length] ?? missing());
    if (index >= 0) times.push(performance.now() - started);
  }
  return times;
}

async function ask(
  portal: Portal,
  doctor: Billing['doctor'],
  reader: Parameters<typeof sealQuestion>[0],
  { card }: Insured,
): Promise<void> {
  const request = buildEligibilityRequest({
    ...{ id: newIdentifier('elq'), category: 'consultation', policy: card.policy, currency: 'EUR' },
    ...{
      authorisation: card.id,
      insurer: { id: insurer },
      provider: { id: hospital },
      created: new Date().toISOString(),
    },
    items: [{ of: serviceOf(0), quantity: 1, unit: 'service', net: price }],
  });
  const { question, awaited } = await sealQuestion(reader, JSON.parse(JSON.stringify(request)), request.id);
  const reply = await openReply(awaited, await askEligibility(doctor.actor, { question }, portal));
  const { verdict } = readEligibilityResponse(eligibilityResponse.parse(reply));
  if (verdict !== 'covered') throw new Error(`A service of the plan is ${verdict}.`);
}

function missing(): never {
  throw new Error('Nobody is insured.');
}
