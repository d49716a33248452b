import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RuleSource } from '#fhir/safety.ts';
import { medicines, products } from '#formulary/products.ts';
import { isIn } from '../atc.ts';
import { checkPrescription } from '../check.ts';
import { dailyOf } from '../daily.ts';
import { known, type Order, type Subject } from '../subject.ts';
import { aged, healthy, orderOf } from '../testing.ts';
import { ageLimits } from './ages.ts';
import { allergyGroups } from './allergies.ts';
import { doseLimits } from './doses/limits.ts';
import { duplicateGroups, sameSubgroup, sameSubstance } from './duplicates.ts';
import { interactions } from './interactions.ts';
import { kidneyLimits } from './kidney.ts';
import { pregnancyLimits } from './pregnancy.ts';
import { tableVersion } from './version.ts';

const table = {
  ageLimits,
  allergyGroups,
  doseLimits,
  duplicateGroups,
  sameSubgroup,
  sameSubstance,
  interactions,
  kidneyLimits,
  pregnancyLimits,
};

/** A code of the fifth level in a group: one of the formulary, else an invented one. */
const codeIn = (group: string): string => medicines.find(({ atc }) => atc.startsWith(group))?.atc ?? padded(group);
const padded = (group: string): string => {
  const template = 'A00AA98';
  return group + template.slice(group.length);
};
const productsIn = (groups: readonly string[]) => products.filter(({ atc }) => isIn(atc, groups));
const finds = (rule: string, subject: Partial<Subject>, order: Order) =>
  checkPrescription({ ...healthy, ...subject }, order).findings.some((finding) => finding.rule === rule);
const taking = (code: string): Partial<Subject> => ({ medicines: known([{ text: 'it', code: `atc|${code}` }]) });

const sources: [string, RuleSource][] = [
  ...allergyGroups.flatMap(({ id, source, cross = [] }): [string, RuleSource][] => [
    [`allergy-${id}`, source],
    ...cross.map((each): [string, RuleSource] => [`allergy-${each.id}`, each.source]),
  ]),
  ...interactions.map(({ id, source }): [string, RuleSource] => [`interaction-${id}`, source]),
  ...[...duplicateGroups, sameSubgroup, sameSubstance].map(({ id, source }): [string, RuleSource] => [
    `duplicate-${id}`,
    source,
  ]),
  ...[...doseLimits, ...ageLimits, ...kidneyLimits, ...pregnancyLimits].map(({ id, source }): [string, RuleSource] => [
    id,
    source,
  ]),
];

describe('the table', () => {
  it('has a version that changes with its contents', () => {
    const digest = createHash('sha256').update(JSON.stringify(table)).digest('hex').slice(0, 12);
    // Whoever changes a row gives the table a new version, and writes the digest of both here.
    expect([tableVersion, digest]).toEqual(['medloom-2', '2abe828d73fc']);
  });

  it('names each row once, with a source that says document and section', () => {
    expect(new Set(sources.map(([id]) => id)).size).toBe(sources.length);
    for (const [id, { name, section, url }] of sources) {
      expect(name.length, id).toBeGreaterThan(5);
      expect(section.length, id).toBeGreaterThan(2);
      expect(url, id).toMatch(/^https:\/\//);
    }
  });

  it('has enough of what everybody knows', () => {
    expect(interactions.length).toBeGreaterThan(100);
    expect(doseLimits.length).toBeGreaterThan(150);
  });
});

describe('each row is reached:', () => {
  it.each(interactions.map((row) => [row.id, row] as const))('interaction %s', (id, { one, other }) => {
    const reached = [[one, other] as const, [other, one] as const].some(([ordered, taken]) =>
      productsIn(ordered).some((product) =>
        taken.some((group) => finds(`interaction-${id}`, taking(codeIn(group)), orderOf(product))),
      ),
    );
    expect(reached).toBe(true);
  });

  it.each(
    allergyGroups.flatMap((group) => [
      ...(group.atc.length === 0 ? [] : [[group.id, group, group.atc] as const]),
      ...(group.cross ?? []).map((cross) => [cross.id, group, cross.atc] as const),
    ]),
  )('allergy %s', (id, group, atc) => {
    for (const word of group.words) {
      const subject = { allergies: known([{ text: `Allergy to ${word}` }]) };
      expect(
        productsIn(atc).some((product) => finds(`allergy-${id}`, subject, orderOf(product))),
        word,
      ).toBe(true);
    }
    for (const code of group.snomed ?? []) {
      const subject = { allergies: known([{ text: 'it', code: `sct|${code}` }]) };
      expect(
        productsIn(atc).some((product) => finds(`allergy-${id}`, subject, orderOf(product))),
        code,
      ).toBe(true);
    }
  });

  it.each(duplicateGroups.map((row) => [row.id, row] as const))('duplicate %s', (id, { atc }) => {
    const codes = [...productsIn(atc).map((product) => product.atc), ...atc.map(padded)];
    const reached = productsIn(atc).some((product) =>
      codes.some((code) => code !== product.atc && finds(`duplicate-${id}`, taking(code), orderOf(product))),
    );
    expect(reached).toBe(true);
  });

  it.each(doseLimits.map((row) => [row.id, row] as const))('dose %s', (id, { atc, from, to, days }) => {
    const years = to < 200 ? (from + to) / 2 : Math.max(from, 30) + 0.5;
    const subject = { birthDate: aged(years), weight: known(10) };
    const ones = products.filter((product) => product.atc === atc && dailyOf({ product, dose: orderOf(product).dose }));
    expect(ones.length).toBeGreaterThan(0);
    for (const product of ones) {
      const much = days === undefined ? { amount: 5000, frequency: 12 } : {};
      expect(finds(id, subject, orderOf(product, much))).toBe(true);
      const little = { amount: 0.001, period: 30 };
      expect(finds(id, subject, orderOf(product, little))).toBe(false);
    }
  });

  it.each(ageLimits.map((row) => [row.id, row] as const))('age %s', (id, { atc, below }) => {
    const younger = ageLimits.filter(
      (row) => row.id !== id && row.atc.some((code) => isIn(code, atc) || isIn(atc[0] ?? '', [code])),
    );
    const from = Math.max(0, ...younger.map((row) => (row.below < below ? row.below : 0)));
    const inside = { birthDate: aged((from + below) / 2) };
    expect(productsIn(atc).some((product) => finds(id, inside, orderOf(product)))).toBe(true);
    expect(productsIn(atc).some((product) => finds(id, { birthDate: aged(below + 0.01) }, orderOf(product)))).toBe(
      false,
    );
  });

  it.each(kidneyLimits.map((row) => [row.id, row] as const))('kidney %s', (id, { atc, below }) => {
    const ordered = productsIn(atc).map((product) => orderOf(product, { amount: 5000, frequency: 6 }));
    expect(ordered.some((order) => finds(id, { kidney: known(below - 0.1) }, order))).toBe(true);
    expect(ordered.some((order) => finds(id, { kidney: known(below) }, order))).toBe(false);
  });

  it.each(pregnancyLimits.map((row) => [row.id, row] as const))('%s', (id, { when, atc }) => {
    const subject = (pregnancy: 'pregnant' | 'breastfeeding' | 'no') => ({
      sex: known('female' as const),
      pregnancy: known(pregnancy),
    });
    expect(productsIn(atc).some((product) => finds(id, subject(when), orderOf(product)))).toBe(true);
    expect(productsIn(atc).some((product) => finds(id, subject('no'), orderOf(product)))).toBe(false);
  });
});
