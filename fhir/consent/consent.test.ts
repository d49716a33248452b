import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categories, purposes } from '#chaincode/model/category.ts';
import { type ConsentTerms, consentTerms } from '#chaincode/model/consent.ts';
import { practitionerRoles } from '#chaincode/model/registry.ts';
import { consentResource, readConsent } from './exchange.ts';
import { previewOf } from './preview.ts';

const patient = `pt-0-${'a'.repeat(26)}`;
const weiss = `prac-${'b'.repeat(26)}`;
const names = { [weiss]: 'Dr Amara Weiss', 'inst-lakeside-hospital': 'Lakeside Hospital' };
const now = new Date('2026-03-01T09:00:00.000Z');
const facts = { id: `con-0-${'c'.repeat(26)}`, patient, since: now.toISOString(), state: 'active' as const, names };
const terms: ConsentTerms = {
  ...{
    decision: 'permit',
    grantee: { kind: 'person', id: weiss },
    categories: ['medication', 'hiv'],
    purposes: ['TREAT'],
  },
  ...{ from: now.toISOString(), until: '2026-06-01T00:00:00.000Z' },
};

const anyTerms: fc.Arbitrary<ConsentTerms> = fc
  .record({
    decision: fc.constantFrom('permit' as const, 'deny' as const),
    grantee: fc.oneof(
      fc.constant({ kind: 'person' as const, id: weiss }),
      fc.constant({ kind: 'institution' as const, id: 'inst-lakeside-hospital' }),
      fc
        .constantFrom(...practitionerRoles)
        .map((role) => ({ kind: 'role' as const, id: 'inst-lakeside-hospital', role })),
    ),
    categories: fc.subarray([...categories], { minLength: 1 }),
    purposes: fc.subarray(
      purposes.filter((purpose) => purpose !== 'ETREAT'),
      { minLength: 1 },
    ),
    from: fc.constant(now.toISOString()),
    until: fc.option(fc.constant('2027-01-01T00:00:00.000Z'), { nil: undefined }),
  })
  .map((written) => consentTerms.parse(JSON.parse(JSON.stringify(written))));

describe('a FHIR Consent', () => {
  it('says the same as the terms that it is made of', () => {
    fc.assert(
      fc.property(anyTerms, (written) => {
        const resource: unknown = JSON.parse(JSON.stringify(consentResource(written, facts)));
        expect(readConsent(resource, patient, new Date())).toEqual({ ok: true, terms: written });
      }),
    );
  });

  it('names reader, labels, purpose and period as the standard writes them', () => {
    const resource = consentResource(terms, facts);
    expect(resource).toMatchObject({
      status: 'active',
      scope: { coding: [{ code: 'patient-privacy' }] },
      provision: {
        type: 'permit',
        actor: [{ reference: { identifier: { value: weiss }, display: 'Dr Amara Weiss' } }],
        securityLabel: [
          { system: 'urn:medloom:category', code: 'medication' },
          { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' },
        ],
        purpose: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }],
        period: { end: '2026-06-01T00:00:00.000Z' },
      },
    });
  });

  const written = JSON.parse(JSON.stringify(consentResource(terms, facts)));
  const provision = (change: object) => ({ ...written, provision: { ...written.provision, ...change } });
  const act = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
  it.each([
    ['a draft', { ...written, status: 'draft' }, 'Consent.status: is not in force'],
    ['another patient', { ...written, patient: { reference: 'Patient/2' } }, 'Consent.patient: is another'],
    ['a research consent', { ...written, scope: { coding: [{ code: 'research' }] } }, 'Consent.scope: is not about'],
    ['no provision', { ...written, provision: undefined }, 'Consent.provision: does not say'],
    ['exceptions', provision({ provision: [{ type: 'deny' }] }), 'Consent.provision.provision: has exceptions'],
    [
      'single entries',
      provision({ data: [{ meaning: 'instance', reference: { display: 'x' } }] }),
      'Consent.provision.data: limits it',
    ],
    ['kinds of resource', provision({ class: [{ code: 'Observation' }] }), 'Consent.provision.class: limits it'],
    [
      'corrections',
      provision({ action: [{ coding: [{ code: 'correct' }] }] }),
      'Consent.provision.action: is about more',
    ],
    ['no type', provision({ type: undefined }), 'Consent.provision.type: must say'],
    ['everybody', provision({ actor: undefined }), 'Consent.provision.actor: must name one'],
    [
      'somebody unknown',
      provision({ actor: [{ role: {}, reference: { display: 'x' } }] }),
      'Consent.provision.actor[0].reference: names a reader',
    ],
    ['no label', provision({ securityLabel: undefined }), 'Consent.provision.securityLabel: must say'],
    [
      'an unknown label',
      provision({ securityLabel: [{ system: act, code: 'EMP' }] }),
      'Consent.provision.securityLabel[0]: names a label',
    ],
    ['every purpose', provision({ purpose: undefined }), 'Consent.provision.purpose: must say'],
    [
      'an unknown purpose',
      provision({ purpose: [{ code: 'HMARKT' }] }),
      'Consent.provision.purpose[0]: is for a purpose',
    ],
    ['emergencies', provision({ purpose: [{ code: 'ETREAT' }] }), 'Consent.provision.purpose[0]: is for emergencies'],
    [
      'an end before its beginning',
      provision({ period: { start: '2026-05-01T00:00:00Z', end: '2026-05-01T00:00:00Z' } }),
      'Consent.provision.period: must begin',
    ],
    [
      'a modifier',
      { ...written, modifierExtension: [{ url: 'http://x.example' }] },
      'Consent.modifierExtension: changes',
    ],
    ['no Consent', { resourceType: 'Patient' }, 'Consent.'],
  ])('with %s is refused in words', (_, resource, expected) => {
    const read = readConsent(JSON.parse(JSON.stringify(resource)), patient, now);
    expect(read.ok ? [] : read.issues.map(({ path, reason }) => `${path}: ${reason}`)).toEqual(
      expect.arrayContaining([expect.stringContaining(expected)]),
    );
  });

  it.each([
    [{ start: '2026', end: '2026' }, '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    [{ start: '2026-02', end: '2026-02' }, '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
    [{ start: '2026-02-03', end: '2026-02-03' }, '2026-02-03T00:00:00.000Z', '2026-02-04T00:00:00.000Z'],
    [{ end: '2026-12-31' }, now.toISOString(), '2027-01-01T00:00:00.000Z'],
    [{ start: '2026-02-03T10:00:00+02:00' }, '2026-02-03T08:00:00.000Z', undefined],
  ])('of the period %j lasts from %s until %s', (period, from, until) => {
    const read = readConsent(provision({ period }), patient, now);
    expect(read.ok && [read.terms.from, read.terms.until]).toEqual([from, until]);
  });
});

describe('the preview of a consent', () => {
  const options = { names, now, timeZone: 'UTC' };
  it('says who, what, why, until when, and what stays closed', () => {
    expect(previewOf(terms, options)).toEqual({
      sentence: 'You let Dr Amara Weiss read medicines and HIV for treatment, until 1 June 2026 at 00:00.',
      parts: [
        'Medicines: what you take and took, and what was prescribed elsewhere',
        'HIV: what is marked as HIV, of any kind',
      ],
      consequences: [
        'This opens all entries of these parts, those of before and those still to come.',
        'It does not open the emergency summary, problems, allergies and treatments, results, documents, mental health, substance use, sexual health or genetics.',
        'Whoever reads is named in “Who saw it”, with time and reason.',
        'You can revoke it at any time. What was read by then cannot be taken back; nothing new opens any more.',
      ],
    });
  });

  it.each<[string, Partial<ConsentTerms>]>([
    [
      'You let everybody on the staff of Lakeside Hospital (also those who start there later) read medicines and HIV for treatment, until 1 June 2026 at 00:00.',
      { grantee: { kind: 'institution', id: 'inst-lakeside-hospital' } },
    ],
    [
      'You forbid every pharmacist at Lakeside Hospital (also those who start there later) to read medicines and HIV for treatment, until 1 June 2026 at 00:00.',
      { decision: 'deny', grantee: { kind: 'role', id: 'inst-lakeside-hospital', role: 'pharmacist' } },
    ],
    [
      'You let Dr Amara Weiss read medicines and HIV for treatment and research, until you revoke it.',
      { purposes: ['TREAT', 'HRESCH'], until: undefined },
    ],
    [
      'You let Dr Amara Weiss read medicines and HIV for treatment, from 1 May 2026 at 00:00 until 1 June 2026 at 00:00.',
      { from: '2026-05-01T00:00:00.000Z' },
    ],
  ])('%s', (sentence, change) => {
    expect(previewOf({ ...terms, ...change }, options).sentence).toBe(sentence);
  });

  it('says of a denial that it wins and what an emergency still opens', () => {
    const { consequences } = previewOf({ ...terms, decision: 'deny', categories: [...categories] }, options);
    expect(consequences).toEqual([
      'It wins over everything that allows the same, whoever allowed it.',
      'In an emergency, doctors can still open the summary, and two of them together the rest. You are told each time.',
    ]);
  });
});
