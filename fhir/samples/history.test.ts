import { describe, expect, it } from 'vitest';
import { digest } from '../chart/digest.ts';
import { checkResource } from '../r4/resource.ts';
import { byCategory, sampleHistory } from './history.ts';

const options = { seed: 7, count: 300, patient: `pt-0-${'a'.repeat(26)}`, until: '2026-01-01T00:00:00.000Z' };

describe('a sample history', () => {
  const history = [...sampleHistory(options)];
  it('is the same for the same seed, and another for another', () => {
    expect([...sampleHistory(options)]).toEqual(history);
    expect([...sampleHistory({ ...options, seed: 8 })]).not.toEqual(history);
  });

  it('has resources that a record takes, of several categories, each once', () => {
    for (const resource of history) expect(checkResource(resource)).toEqual({ ok: true, resource });
    expect(new Set(history.map(({ id }) => id)).size).toBe(300);
    expect([...byCategory(history).keys()].sort()).toEqual(['clinical', 'medication', 'results']);
    const kinds = history.map((resource) => digest(resource, { document: 'd', at: options.until }).k);
    expect(new Set(kinds)).toEqual(
      new Set(['problem', 'medicine', 'immunization', 'encounter', 'report', 'vital', 'result']),
    );
  });
});
