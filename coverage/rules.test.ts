import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRule, evaluateRule, type RuleInput } from './rules.ts';

const input: RuleInput = {
  claim: { use: 'claim', category: 'medicine', billed: 4_200, daysToFile: 3 },
  items: [
    { code: 'MP-10001', atc: 'N02BE01', tier: 'tier1', quantity: 30, net: 1_200, daysSinceLast: 12 },
    { code: 'MP-10002', atc: 'C09AA05', tier: 'tier3', quantity: 98, net: 3_000, daysSinceLast: -1 },
  ],
  member: { age: 17, daysInsured: 40, claimsThatDay: 0, claimsThatYear: 4 },
  year: { insurer: 10_000, patient: 2_000, deductible: 2_000, category: 9_000 },
  provider: { claims: 120, denied: 3, medianBilled: 2_400 },
};
const ask = (when: string, change: Partial<RuleInput> = {}) => evaluateRule({ when }, { ...input, ...change });

describe('a rule', () => {
  it.each([
    ['claim.billed > 4000', true],
    ['items.exists(i, i.atc.startsWith("N02")) && member.age < 18', true],
    ['items.all(i, i.daysSinceLast >= 0)', false],
    ['items[1].quantity == 98', true],
    ['claim.category in ["medicine", "diagnostics"]', true],
    ['items.filter(i, i.tier == "tier3").size() > 1', false],
    ['items.exists(i, items.exists(j, i.code != j.code && i.net > j.net))', true],
    ['provider.denied * 100 / provider.claims > 10', false],
    ['year.category + claim.billed > 13000 && !(member.claimsThatYear > 10)', true],
    ['member.daysInsured < 90 && claim.use == "claim"', true],
  ])('%s is %s', (when, is) => {
    expect(checkRule(when)).toBeUndefined();
    expect(ask(when)).toEqual({ is });
  });

  it.each([
    ['claim.billed >', 'Unexpected token'],
    ['claim.amount > 1', 'No such key: amount'],
    ['items.exists(i, i.price > 1)', 'No such key: price'],
    ['patient.name == "x"', 'Unknown variable: patient'],
    ['claim.billed', 'A rule is true or false; this is of type int.'],
    ['claim.category > 3', 'no such overload'],
    ['claim.category.matches("(a+)+$")', 'A rule has no matches().'],
    ['timestamp("2026-01-01T00:00:00Z").getHours("America/New_York") > 1', 'A rule has no'],
    ['has(member.age)', 'A rule has no has().'],
    ['dyn(claim).billed > 1', 'A rule has no dyn().'],
    ['cel.bind(x, 1, x == 1)', 'A rule has no bind().'],
    ['{"a": 1}.a == 1', 'map'],
    ['items.exists(a, items.exists(b, items.exists(c, a.net + b.net > c.net)))', 'at most twice'],
    [Array.from({ length: 80 }, () => 'true').join(' && '), 'nodes'],
    [`${'('.repeat(60)}true${')'.repeat(60)}`, 'depth'],
  ])('%s is refused, in words', (when, words) => {
    expect(checkRule(when)?.words.toLowerCase()).toContain(words.toLowerCase());
    expect(ask(when)).toEqual({ failed: checkRule(when)?.words });
  });

  it('says where it is wrong', () => {
    expect(checkRule('claim.billed > 1 && claim.nothing == 2')).toMatchObject({ start: expect.any(Number) });
  });

  it('that cannot be told of a claim has failed, and is not false', () => {
    expect(ask('claim.billed / (year.deductible - 2000) > 1')).toEqual({ failed: 'division by zero' });
    expect(ask('items[7].quantity > 1')).toHaveProperty('failed');
    expect(ask('member.age < 18', { member: { ...input.member, age: undefined } })).toHaveProperty('failed');
    expect(ask('9223372036854775807 + claim.billed > 0')).toHaveProperty('failed');
  });

  it('asks for an age in vain only where it is asked', () => {
    const member = { ...input.member, age: undefined };
    expect(ask('claim.billed > 1 || member.age < 18', { member })).toEqual({ is: true });
  });

  it('says the same every time, of whatever text, within a moment', () => {
    const words = fc.constantFrom(
      ...[
        'claim.billed',
        'items',
        '.exists(i, ',
        'i.net',
        ')',
        '>',
        '==',
        '&&',
        '||',
        '!',
        '(',
        '1',
        '"a"',
        'member.age',
      ],
      ...['.size()', '.map(i, ', ' in ', '[', ']', ',', '+', '*', 'provider.claims', '? 1 : 2', '-1', '/ 0'],
    );
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 30 }).map((parts) => parts.join(' ')),
        (when) => {
          const before = performance.now();
          const first = ask(when);
          expect(performance.now() - before).toBeLessThan(500);
          expect(ask(when)).toEqual(first);
          expect('failed' in first || typeof first.is === 'boolean').toBe(true);
          if (checkRule(when) !== undefined) expect(first).toHaveProperty('failed');
        },
      ),
      { numRuns: 500 },
    );
  });
});
