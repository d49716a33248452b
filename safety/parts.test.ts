import { describe, expect, it } from 'vitest';
import { checkParts, togetherOf } from './parts.ts';
import { recordOf } from './record.ts';
import { localSource } from './source.ts';
import { known } from './subject.ts';
import { at, healthy, orderOf, productOf } from './testing.ts';

const dayMs = 86_400_000;
const starts = [0, 60, 120].map((days) => new Date(Date.parse(at) + days * dayMs).toISOString());
/** Turns so many years old after the second part has begun. */
const turning = (years: number) =>
  known(new Date(Date.parse(at) + 90 * dayMs - years * 365.2425 * dayMs).toISOString().slice(0, 10));
const aspirin = orderOf(productOf('acetylsalicylic acid'));

describe('the checks of a series', () => {
  it('are those of each part’s own start: an age that is reached between them changes what is found', async () => {
    const subject = { ...healthy, birthDate: turning(16) };
    const checks = await checkParts(localSource, subject, aspirin, starts);
    const found = checks.map(({ findings }) => findings.map(({ rule }) => rule));
    expect(found[0]).toEqual(found[1]);
    expect(found[2]).not.toEqual(found[1]);
    const together = togetherOf(checks);
    expect(together.findings.map(({ rule }) => rule).sort()).toEqual([...new Set(found.flat())].sort());
  });

  it('say of which part something is the first to be about, and each thing once', async () => {
    const [first, , last] = await checkParts(localSource, { ...healthy, birthDate: turning(16) }, aspirin, starts);
    if (!first || !last) throw new Error('no checks');
    const finding = [...first.findings, ...last.findings][0];
    if (!finding) throw new Error('nothing found');
    const [without, having] = [
      { ...first, findings: [] },
      { ...first, findings: [finding] },
    ];
    expect(togetherOf([without, having, having]).findings).toEqual([{ ...finding, fromPart: 2 }]);
    expect(togetherOf([having, without]).findings).toEqual([{ ...finding, fromPart: 1 }]);
    const fact = { what: 'kidney', why: 'notShared' } as const;
    expect(
      togetherOf([
        { ...without, unknown: [fact] },
        { ...having, unknown: [fact] },
      ]).unknown,
    ).toEqual([fact]);
  });

  it('are the same for somebody whose age decides nothing between them', async () => {
    const checks = await checkParts(localSource, healthy, aspirin, starts);
    expect(new Set(checks.map((check) => JSON.stringify(check))).size).toBe(1);
  });

  it('are kept with the part that they are about', async () => {
    const [check] = await checkParts(localSource, healthy, aspirin, starts);
    if (!check) throw new Error('no check');
    const part = { part: 2, of: 3, from: starts[1] ?? '' };
    const signed = { reasons: {}, stated: [], at, salt: 's'.repeat(22) };
    expect(recordOf(check, { ...signed, part })).toMatchObject({ part, at });
    expect(recordOf(check, signed)).not.toHaveProperty('part');
  });
});
