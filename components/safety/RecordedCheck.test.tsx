import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { SafetyRecord } from '#fhir/safety.ts';
import { RecordedCheck } from './RecordedCheck.tsx';
import { UnknownNotice } from './UnknownNotice.tsx';

const safety: SafetyRecord = {
  ...{ tableVersion: 'medloom-1', outcome: 'overridden', at: '2026-11-27T09:00:00.000Z', salt: 's'.repeat(22) },
  findings: [
    {
      ...{ rule: 'allergy-penicillins', kind: 'allergy', severity: 'contraindicated', title: 'Allergy to penicillins' },
      ...{ explanation: 'It is a penicillin.', evidence: 'Allergy to penicillin', override: 'Tolerated since.' },
      source: { name: 'Product information', section: 'section 4.3', url: 'https://www.medicines.org.uk/emc' },
    },
  ],
  unknown: [{ what: 'medicines', why: 'notShared', detail: 'mental, hiv' }],
  stated: [{ what: 'weight', value: '80 kg' }],
};
const shown = (record: SafetyRecord | undefined, matches = true) =>
  renderToStaticMarkup(<RecordedCheck safety={record} matches={matches} />);

describe('a check that was signed', () => {
  it('is shown with finding, source, reason, what was missing and what the prescriber answered', () => {
    const page = shown(safety);
    for (const words of ['Signed although something was found', 'Contraindicated', 'section 4.3', 'Tolerated since.'])
      expect(page).toContain(words);
    expect(page).toContain('not shared with you');
    expect(page).toContain('80 kg');
  });

  it('is never shown where it is not the one on the ledger', () => {
    const page = shown(safety, false);
    expect(page).toContain('The check is not the one on the ledger');
    expect(page).not.toContain('Tolerated since.');
  });

  it('is said to be missing where there was none', () => {
    expect(shown(undefined)).toContain('The prescriber made no safety check');
  });

  it('is calm only where everything was checked', () => {
    const clear = shown({ ...safety, outcome: 'clear', findings: [], unknown: [], stated: [] });
    expect(clear).toContain('Nothing found, and everything was checked');
    expect(shown({ ...safety, outcome: 'incomplete', findings: [] })).not.toContain('everything was checked');
  });
});

describe('what could not be checked', () => {
  const titled = (unknown: SafetyRecord['unknown']) => renderToStaticMarkup(<UnknownNotice unknown={unknown} />);

  it('is said in its own words where nothing is shared, and where nothing was read', () => {
    expect(titled([{ what: 'allergies', why: 'notShared' }])).toContain('Nothing is shared with you');
    expect(titled([{ what: 'allergies', why: 'failed', detail: 'no answer in time' }])).toContain('could not be read');
    expect(titled([{ what: 'dose', why: 'noRule' }])).toContain('Not everything could be checked');
    expect(titled([])).toBe('');
  });
});
