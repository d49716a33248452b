import { describe, expect, it } from 'vitest';
import { type AdverseEventContent, buildAdverseEvent, contentOf, parseAdverseEvent } from './adverseEvent.ts';
import { encodeResource } from './parse.ts';

const full: AdverseEventContent = {
  ...{ id: `ae-0-${'a'.repeat(26)}`, patient: `pt-0-${'b'.repeat(26)}` },
  recorder: { id: `prac-${'c'.repeat(26)}`, name: 'Dr Amara Weiss' },
  medicine: { code: 'MP-20417', atc: 'J01CA04', name: 'amoxicillin 500 mg capsule', batch: 'B1', serial: 'S-9' },
  ...{ began: '2026-11-20', criteria: ['hospitalisation', 'medicallyImportant'], outcome: 'recovering' },
  ...{ narrative: 'A rash over both arms,\nfour hours after the second dose.', recordedAt: '2026-11-27T08:00:00Z' },
};
const least: AdverseEventContent = {
  ...{ id: full.id, recorder: full.recorder, medicine: { name: 'A herbal tea' } },
  ...{ criteria: [], outcome: 'unknown', narrative: 'Nausea.', recordedAt: full.recordedAt },
};
const read = (content: AdverseEventContent) => parseAdverseEvent(encodeResource(buildAdverseEvent(content)));

describe('a report of an adverse event', () => {
  it.each([
    ['all that is known', full],
    ['the least', least],
  ])('keeps %s', (_case, content) => {
    expect(contentOf(read(content))).toEqual(content);
  });

  it('is serious by a criterion of ICH E2A, and not without one', () => {
    expect(read(full).seriousness.coding[0]?.code).toBe('Serious');
    expect(read(least).seriousness.coding[0]?.code).toBe('Non-serious');
    expect(read(least).subject).toEqual({ display: 'Not named' });
  });

  it('hides nothing that is not read', () => {
    const bytes = encodeResource({ ...buildAdverseEvent(full), location: { display: 'elsewhere' } });
    expect(() => parseAdverseEvent(bytes)).toThrow('not in the expected format');
  });
});
