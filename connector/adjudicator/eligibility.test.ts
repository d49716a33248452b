import { beforeAll, describe, expect, it } from 'vitest';
import { authorisationOf } from '#chaincode/testing/claims.ts';
import { institutions } from '#chaincode/testing/samples.ts';
import { openReply, sealQuestion, sealReply } from '#crypto/claim/question.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import { buildEligibilityRequest, eligibilityResponse, readEligibilityResponse } from '#fhir/eligibility.ts';
import { ConnectorError } from '../errors.ts';
import { ClaimsWorld, type InsuredMember, tablets } from '../testing/claimsWorld.ts';
import { Adjudicator } from './adjudicator.ts';
import { answerQuestion } from './eligibility.ts';
import type { Bench } from './judging.ts';

let world: ClaimsWorld;
let member: InsuredMember;
let bench: Bench;

beforeAll(async () => {
  world = await ClaimsWorld.create({ annualLimit: 2_000 });
  member = await world.member(11);
  bench = await world.bench();
});

const provider = institutions.pharmacy.id;
const requestOf = (policy: string, net = 2_000, authorisation = authorisationOf(11)) => {
  const of = tablets();
  return buildEligibilityRequest({
    ...{ id: newIdentifier('elq'), category: 'medicine', policy, created: new Date().toISOString(), currency: 'CHF' },
    ...{ authorisation, insurer: { id: institutions.insurer.id }, provider: { id: provider } },
    items: [{ of, quantity: 20, unit: of.unit, net }],
  });
};
const reader = () => ({ id: world.device, readingKey: world.reading.publicKey });
async function ask(policy: string, net?: number) {
  const request = requestOf(policy, net);
  const { question, awaited } = await sealQuestion(reader(), JSON.parse(JSON.stringify(request)), request.id);
  const reply = await openReply(awaited, await answerQuestion({ question, provider }, bench));
  return readEligibilityResponse(eligibilityResponse.parse(reply));
}

describe('a question before serving', () => {
  it('is answered with the shares, by what of the year is left', async () => {
    expect(await ask(member.policy)).toMatchObject({
      ...{ verdict: 'covered', inForce: true, items: [{ shares: { insurer: 1_350, patient: 650 } }] },
    });
    await world.bill(member);
    await new Adjudicator(await world.bench(), { info: () => {}, warn: () => {} }).round();
    expect(await ask(member.policy)).toMatchObject({ items: [{ shares: { insurer: 650 } }] });
  });

  it('of another insurer’s member, or of nobody, is refused', async () => {
    await expect(ask(world.claims.cast.stranger.policy)).rejects.toMatchObject({ code: 'NOT_AUTHORISED' });
    await expect(ask(newIdentifier('pol'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is answered to whom the member lets bill, and to nobody else', async () => {
    const codeOf = async (by: string, authorisation: string, at?: Date) => {
      const request = requestOf(member.policy, 2_000, authorisation);
      const { question } = await sealQuestion(reader(), JSON.parse(JSON.stringify(request)), request.id);
      return answerQuestion({ question, provider: by }, bench, at).then(
        () => 'answered',
        (error: unknown) => (error instanceof ConnectorError ? error.code : String(error)),
      );
    };
    const neighbour = await world.member(12);
    expect(neighbour.policy).not.toBe(member.policy);
    expect(await codeOf(provider, authorisationOf(11))).toBe('answered');
    // The staff of another institution, by the portal's word, whatever the question says.
    expect(await codeOf(institutions.hospital.id, authorisationOf(11))).toBe('NOT_AUTHORISED');
    // Another member's word.
    expect(await codeOf(provider, authorisationOf(12))).toBe('NOT_AUTHORISED');
    expect(await codeOf(provider, authorisationOf(13))).toBe('NOT_FOUND');
    const { until } = await bench.ledger.authorisation(authorisationOf(11));
    expect(await codeOf(provider, authorisationOf(11), new Date(until))).toBe('NOT_AUTHORISED');
    await world.claims.bring(neighbour, 'revoke', { authorisation: authorisationOf(12) });
    const request = { ...requestOf(neighbour.policy, 2_000, authorisationOf(12)) };
    const { question } = await sealQuestion(reader(), JSON.parse(JSON.stringify(request)), request.id);
    await expect(answerQuestion({ question, provider }, bench)).rejects.toMatchObject({ code: 'NOT_AUTHORISED' });
  });

  it('that is for another adjudicator, no question, or has another number, is refused', async () => {
    const request = requestOf(member.policy);
    const json = JSON.parse(JSON.stringify(request));
    const other = { id: newIdentifier('dev'), readingKey: world.reading.publicKey };
    const { question: foreign } = await sealQuestion(other, json, request.id);
    await expect(answerQuestion({ question: foreign, provider }, bench)).rejects.toMatchObject({
      code: 'NOT_AUTHORISED',
    });
    const stranger = await createReadingKey();
    const { question: locked } = await sealQuestion(
      { id: world.device, readingKey: stranger.publicKey },
      json,
      request.id,
    );
    await expect(answerQuestion({ question: locked, provider }, bench)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    const { question: none } = await sealQuestion(reader(), { resourceType: 'Claim' }, request.id);
    await expect(answerQuestion({ question: none, provider }, bench)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    const { question: renamed } = await sealQuestion(reader(), json, newIdentifier('elq'));
    await expect(answerQuestion({ question: renamed, provider }, bench)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('is answered to who asked alone', async () => {
    const request = requestOf(member.policy);
    const json = JSON.parse(JSON.stringify(request));
    const { question } = await sealQuestion(reader(), json, request.id);
    const { awaited } = await sealQuestion(reader(), json, request.id);
    await expect(openReply(awaited, await answerQuestion({ question, provider }, bench))).rejects.toMatchObject({
      code: 'WRAP_REFUSED',
    });
    expect(await sealReply(question, world.reading.publicKey, {})).toHaveProperty('id', request.id);
  });
});
