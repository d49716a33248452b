import { describe, expect, it } from 'vitest';
import type { SafetyRecord } from '#fhir/safety.ts';
import { newSafetySalt, safetyHashOf, safetyMatches, safetySummaryOf } from './safety.ts';

const id = `rx-0-${'a'.repeat(26)}`;
const record: SafetyRecord = {
  ...{ tableVersion: 'medloom-1', outcome: 'incomplete', at: '2026-11-27T09:00:00.000Z', salt: newSafetySalt() },
  findings: [],
  unknown: [{ what: 'kidney', why: 'notShared' }],
  stated: [],
};

describe('what the ledger has of a check', () => {
  it('is the same for the same check, whatever the order of its members', () => {
    const { at, ...rest } = record;
    expect(safetyHashOf(id, { ...rest, at })).toBe(safetyHashOf(id, record));
    expect(safetySummaryOf(id, record).hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is another for another check, prescription or salt', () => {
    const hashes = [
      safetyHashOf(id, record),
      safetyHashOf(`rx-1-${'a'.repeat(26)}`, record),
      safetyHashOf(id, { ...record, salt: newSafetySalt() }),
      safetyHashOf(id, { ...record, unknown: [] }),
    ];
    expect(new Set(hashes).size).toBe(4);
  });

  it('is compared with what is inside', () => {
    const summary = safetySummaryOf(id, record);
    expect(safetyMatches(id, record, summary)).toBe(true);
    expect(safetyMatches(id, undefined, undefined)).toBe(true);
    expect(safetyMatches(id, record, undefined)).toBe(false);
    expect(safetyMatches(id, undefined, summary)).toBe(false);
    expect(safetyMatches(id, record, { ...summary, outcome: 'clear' })).toBe(false);
    expect(safetyMatches(id, { ...record, outcome: 'clear' }, summary)).toBe(false);
  });
});
