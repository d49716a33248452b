import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fillBlock } from './blocks.ts';
import { fabricCosts } from './costs.ts';
import { countrySchema, germany, needsOf } from './country.ts';
import { countryText } from './countryText.ts';
import { checkModel } from './modelCheck.ts';
import { plotsOf } from './plots.ts';
import { costTable, loadTable, modelTables, number, peerTable, table } from './tables.ts';
import { sampleResults } from './testing/sampleResults.ts';
import { themes } from './theme.ts';

const results = sampleResults();

describe('a generated part of a document', () => {
  const document = 'a\n<!-- x: written by npm run bench:report -->\nold\n<!-- end of x -->\nb\n';

  it('is replaced, and the rest is left as it is', () => {
    const once = fillBlock(document, 'x', 'new | text');
    expect(once).toBe('a\n<!-- x: written by npm run bench:report -->\n\nnew | text\n\n<!-- end of x -->\nb\n');
    expect(fillBlock(once, 'x', 'new | text')).toBe(once);
  });

  it('must be there, once', () => {
    expect(() => fillBlock(document, 'y', '')).toThrow('no part "y"');
    expect(() => fillBlock(document + document, 'x', '')).toThrow('more than once');
    expect(() => fillBlock(document.replace('<!-- end of x -->', ''), 'x', '')).toThrow('no part "x"');
  });
});

it('finds the parts that it fills in the documents', () => {
  const parts = { 'performance.md': ['parallel chains'], 'scaling.md': ['the model checked', 'a country'] };
  for (const [file, names] of Object.entries(parts)) {
    const text = readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
    for (const name of names) expect(fillBlock(text, name, 'figures')).toContain('figures');
  }
});

describe('tables', () => {
  it('are laid out as the formatter lays them', () => {
    expect(table(['a', 'long title'], [['value', '1']])).toBe(
      '| a     | long title |\n| ----- | ---------- |\n| value | 1          |',
    );
    expect([number(1234.56, 1), number(undefined), number(Number.POSITIVE_INFINITY)]).toEqual(['1,234.6', '–', '∞']);
  });

  it('have a row for each network of each ledger', () => {
    for (const text of [loadTable(results, 'equal'), loadTable(results, 'saturation'), costTable(results)])
      expect(text.split('\n')).toHaveLength(2 + 8);
    expect(loadTable(results, 'equal')).toMatch(/\| devnet +\| 4 +\| 80 +\| 80\.0 /);
    expect(loadTable(results, 'saturation')).toContain('64 unfinished');
    expect(costTable(results)).toMatch(/\| Hyperledger Fabric \| 1 +\| 5\.00 +\| 1\.00 +\| 1\.40 +\| 7\.40 /);
    expect(peerTable(results)).toMatch(/\| Hyperledger Fabric \| 8 +\| ClinicMSP +\| 0\.80 +\| 120 +\| 1,440 /);
    expect(peerTable(results)).toMatch(/\| devnet +\| 8 +\| HospitalMSP +\| – +\| – +\| 23,600 /);
    expect(peerTable(results)).toMatch(/\| devnet +\| 8 +\| RegulatorMSP +\| – +\| – +\| 6,000 /);
  });

  it('show the model’s error', () => {
    const [devnet] = results.ledgers;
    if (!devnet) throw new Error('no devnet');
    const text = modelTables('devnet', checkModel(devnet, results));
    expect(text).toMatch(/\| devnet \| 4 +\| 269\.4 +\| 269\.4 +\| 0 % /);
    expect(text.split('\n').filter((line) => line.startsWith('| devnet'))).toHaveLength(2 + 8);
  });
});

it('reckons a country at what Fabric cost, and only then', () => {
  const costs = fabricCosts(results);
  expect(costs).toMatchObject({ committingPeerMs: 0.8, blockBytes: 6_000, privateBytes: 3_600 });
  expect(costs?.endorsingPeerMs).toBeCloseTo(3.1);
  expect(costs?.ordererMs).toBeCloseTo(1 / 3);
  if (!costs) throw new Error('no costs');
  expect(countryText(germany, costs, needsOf(germany, costs))).toContain('80.0 million people');
  const alone = { ...results, ledgers: results.ledgers.slice(0, 1) };
  expect(fabricCosts(alone)).toBeUndefined();
});

it('takes another country as a change of numbers', () => {
  const small = countrySchema.parse({
    ...germany,
    ...countrySchema.partial().parse({ name: 'small', population: 5e6 }),
  });
  expect(small).toMatchObject({ population: 5e6, peersPerChain: germany.peersPerChain });
  expect(() => countrySchema.partial().parse({ inhabitants: 3 })).toThrow();
});

it('draws every plot in both themes from what was measured', () => {
  const plots = plotsOf(results);
  expect(new Set(plots.map(({ name }) => name)).size).toBe(6);
  for (const { name, description, spec } of plots) {
    expect(description.length, name).toBeGreaterThan(20);
    const [light, dark] = [JSON.stringify(spec(themes.light)), JSON.stringify(spec(themes.dark))];
    expect(light, name).toContain('"ledger":"devnet"');
    expect(light, name).toContain('"ledger":"Hyperledger Fabric"');
    for (const colour of [themes.light.surface, themes.light.ink]) expect(dark, name).not.toContain(colour);
  }
});
