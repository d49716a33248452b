import { describe, expect, it } from 'vitest';
import { issueOf, serial } from '#chaincode/testing/samples.ts';
import { Care, createWorld } from '#chaincode/testing/world.ts';
import type { IssueTerms } from '#crypto/prescription.ts';
import { termsOfPart } from './partTerms.ts';

const { id: former } = issueOf(1);
const request = { id: `rn-0-${serial(1)}`, prescription: former };
const series = `rs-0-${serial(1)}`;
const order = { repeats: 0, everyDays: 28, parts: 3 };

/** A prescription that the patient has, and a request to renew it. */
async function asked(): Promise<Care> {
  const care = new Care(await createWorld());
  await care.issue(1);
  await care.submit(care.world.people.patient, 'askRenewal', [JSON.stringify(request)]);
  return care;
}

describe('a series that corrects or renews', () => {
  it.each<[string, Pick<IssueTerms, 'replaces' | 'renews'>]>([
    ['replaces a prescription', { replaces: former }],
    ['answers a request', { renews: { id: request.id, outcome: 'approved' } }],
  ])('%s with its first part, and the ledger takes every part', async (_, answers) => {
    const care = await asked();
    for (const part of [1, 2, 3]) await care.issue(part + 1, termsOfPart(order, part - 1, { answers, series }));
    const parts = await Promise.all([2, 3, 4].map((seed) => care.read(issueOf(seed).id)));
    expect(parts.map(({ state, series: of }) => [state, of?.part, of?.of])).toEqual([
      ['active', 1, 3],
      ['active', 2, 3],
      ['active', 3, 3],
    ]);
    expect(parts[0]).toMatchObject(answers);
    expect((await care.read(former)).state).toBe(answers.replaces === undefined ? 'active' : 'cancelled');
  });
});

it('says the interval between fills only where there are repeats of one prescription', () => {
  expect(termsOfPart({ repeats: 2, everyDays: 28, parts: 1 }, 0, {})).toEqual({ fillEveryDays: 28 });
  expect(termsOfPart({ repeats: 0, everyDays: 28, parts: 2 }, 1, { series })).toEqual({
    series: { id: series, part: 2, of: 2 },
  });
});
