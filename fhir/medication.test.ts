import { describe, expect, it } from 'vitest';
import { codeOf, systems } from './coding.ts';
import { patientSentenceOf } from './dosage.ts';
import { buildMedicationDispense, parseMedicationDispense, safetyOfDispense } from './medicationDispense.ts';
import {
  buildMedicationRequest,
  languageOf,
  type PrescriptionContent,
  parseMedicationRequest,
  patientIdentity,
  safetyOf,
} from './medicationRequest.ts';
import { encodeResource } from './parse.ts';
import type { SafetyRecord } from './safety.ts';

const content: PrescriptionContent = {
  id: `rx-0-${'a'.repeat(26)}`,
  product: {
    code: 'MP-24021',
    name: 'amoxicillin',
    atc: 'J01CA04',
    form: 'capsule',
    strength: '500 mg',
    unit: 'capsule',
  },
  patient: { name: 'Zoë Ångström', birthDate: '1980-02-29', identifier: 'DEMO-1', sex: 'female' },
  requester: { id: `prac-${'b'.repeat(26)}`, name: 'Dr. A. Lind', institution: 'City hospital' },
  authoredOn: '2026-01-01T10:00:00.000Z',
  expires: '2026-01-29T10:00:00.000Z',
  dose: { amount: 1, unit: 'capsule', route: 'oral', frequency: 3, period: 1, periodUnit: 'd', durationDays: 7 },
  quantity: 21,
  repeats: 0,
  note: 'Finish the course.',
};
const request = buildMedicationRequest(content);
const malformed = (detail: string) => expect.objectContaining({ code: 'FHIR_MALFORMED', detail });
const bytesOf = (change: object) => encodeResource({ ...request, ...change });

const safety: SafetyRecord = {
  ...{ tableVersion: '1-abcdef', outcome: 'overridden', at: content.authoredOn, salt: 's'.repeat(22) },
  findings: [
    {
      ...{
        rule: 'allergy-penicillins',
        kind: 'allergy',
        severity: 'contraindicated',
        title: 'Allergy to penicillins',
      },
      ...{ explanation: 'Amoxicillin is a penicillin.', evidence: 'Allergy to penicillin' },
      source: { name: 'SmPC of amoxicillin', section: '4.3', url: 'https://www.medicines.org.uk/emc' },
      override: 'Tolerated in 2025; the entry is wrong.',
    },
    {
      ...{
        rule: 'interaction-x',
        kind: 'interaction',
        severity: 'minor',
        title: 'X',
        explanation: 'Y',
        evidence: 'Z',
      },
      source: { name: 'BNF', section: 'Interactions' },
    },
  ],
  unknown: [
    { what: 'kidney', why: 'notShared' },
    { what: 'medicines', why: 'notShared', detail: 'mental, hiv' },
  ],
  stated: [{ what: 'pregnancy', value: 'not pregnant' }],
};

describe('a MedicationRequest', () => {
  it('is read back as it was built', () => {
    expect(parseMedicationRequest(encodeResource(request))).toEqual(request);
    expect(request.dosageInstruction[0]?.text).toBe('Take 1 capsule by mouth every 8 hours for 7 days.');
    expect(codeOf(request.medicationCodeableConcept, systems.atc)).toBe('J01CA04');
    expect(request.dispenseRequest.quantity).toEqual({
      value: 21,
      unit: 'capsule',
      system: 'http://unitsofmeasure.org',
      code: '{capsule}',
    });
  });

  it('carries the two identifiers', () => {
    expect(patientIdentity(request)).toEqual({ name: 'Zoë Ångström', birthDate: '1980-02-29', identifier: 'DEMO-1' });
  });

  it.each([
    ['a negative quantity', { quantity: -1 }],
    ['a fractional quantity', { quantity: 1.5 }],
    ['no quantity', { quantity: 0 }],
    ['too large a quantity', { quantity: 100_001 }],
    ['thirteen repeats', { repeats: 13 }],
    ['half a repeat', { repeats: 0.5 }],
    ['an impossible date', { expires: 'tomorrow' }],
    ['an endless note', { note: 'x'.repeat(3000) }],
    ['an impossible birth date', { patient: { name: 'A', birthDate: '1981-02-29' } }],
    ['no name', { patient: { name: '', birthDate: '1980-02-29' } }],
  ])('is not built with %s', (_, change) => {
    expect(() => buildMedicationRequest({ ...content, ...change })).toThrow();
  });

  it.each([
    ['another resource', { resourceType: 'Patient' }, 'resourceType'],
    ['another status', { status: 'cancelled' }, 'status'],
    ['no patient', { contained: [] }, 'contained.0'],
    ['a hidden member', { implicitRules: 'urn:x' }, '(all)'],
    ['a hidden extension', { extension: [{ url: 'x' }] }, 'extension.0.url, extension.0.extension'],
    [
      'two dosages',
      { dosageInstruction: [request.dosageInstruction[0], request.dosageInstruction[0]] },
      'dosageInstruction',
    ],
  ])('is refused with %s', (_, change, detail) => {
    expect(() => parseMedicationRequest(bytesOf(change))).toThrow(malformed(detail));
  });

  it('carries the clinical check as DetectedIssues, and gives it back', () => {
    const checked = buildMedicationRequest({ ...content, safety });
    const read = parseMedicationRequest(encodeResource(checked));
    expect(read).toEqual(checked);
    expect(safetyOf(read)).toEqual(safety);
    expect(safetyOf(request)).toBeUndefined();
    expect(read.detectedIssue).toEqual([{ reference: '#issue-1' }, { reference: '#issue-2' }]);
    expect(read.contained[1]).toMatchObject({
      ...{ resourceType: 'DetectedIssue', status: 'final', severity: 'high' },
      mitigation: [{ action: { text: 'Tolerated in 2025; the entry is wrong.' } }],
    });
    const clear = buildMedicationRequest({ ...content, safety: { ...safety, outcome: 'clear', findings: [] } });
    expect(clear).not.toHaveProperty('detectedIssue');
    expect(safetyOf(clear)?.outcome).toBe('clear');
  });

  it('says for which part of a series its check was made', () => {
    const part = { part: 2, of: 3, from: content.expires };
    const read = parseMedicationRequest(
      encodeResource(buildMedicationRequest({ ...content, safety: { ...safety, part } })),
    );
    expect(safetyOf(read)).toEqual({ ...safety, part });
  });

  it('is refused where findings are hidden in it, or named and not there', () => {
    const { contained, detectedIssue } = buildMedicationRequest({ ...content, safety });
    expect(() => parseMedicationRequest(bytesOf({ contained }))).toThrow(malformed('detectedIssue'));
    expect(() => parseMedicationRequest(bytesOf({ detectedIssue }))).toThrow(malformed('detectedIssue'));
  });

  it('says why it is prescribed, and the dosage in the language of the patient', () => {
    const reason = { text: 'Pneumonia', coding: { system: systems.snomed, code: '233604007' } };
    const patient = { ...content.patient, language: 'de' as const };
    const read = parseMedicationRequest(encodeResource(buildMedicationRequest({ ...content, patient, reason })));
    expect(read.reasonCode).toEqual([{ coding: [reason.coding], text: 'Pneumonia' }]);
    expect(languageOf(read)).toBe('de');
    expect(languageOf(request)).toBe('en');
    const [dosage] = read.dosageInstruction;
    expect(dosage?.text).toBe(request.dosageInstruction[0]?.text);
    expect(dosage && patientSentenceOf(dosage)).toEqual({
      language: 'de',
      text: 'Nehmen Sie alle 8 Stunden 1 Kapsel ein, 7 Tage lang.',
    });
  });

  it('is refused when it is no JSON, no UTF-8 or too large', () => {
    expect(() => parseMedicationRequest(new TextEncoder().encode('{'))).toThrow(malformed('not JSON'));
    expect(() => parseMedicationRequest(Uint8Array.of(0xff))).toThrow(malformed('not JSON'));
    expect(() => parseMedicationRequest(new Uint8Array(10_000_000))).toThrow(
      expect.objectContaining({ code: 'FHIR_TOO_LARGE' }),
    );
    expect(() => encodeResource({ text: 'x'.repeat(70_000) })).toThrow(
      expect.objectContaining({ code: 'FHIR_TOO_LARGE' }),
    );
  });
});

describe('a MedicationDispense', () => {
  const dispense = {
    id: `disp-${'c'.repeat(26)}`,
    request,
    quantity: 14,
    fillComplete: false,
    performer: { id: `prac-${'d'.repeat(26)}`, name: 'P. Moreau', institution: 'Mill pharmacy' },
    handedOver: '2026-01-02T09:00:00.000Z',
  };

  it('is read back as it was built, and names its prescription', () => {
    const built = buildMedicationDispense(dispense);
    expect(parseMedicationDispense(encodeResource(built))).toEqual(built);
    expect(built.authorizingPrescription[0]?.identifier?.value).toBe(content.id);
    expect(built.type.coding?.[0]?.code).toBe('FFP');
    expect(built.substitution.wasSubstituted).toBe(false);
  });

  it('names the packs that were scanned, and why others were not', () => {
    const salt = 's'.repeat(22);
    const pack = { gtin: '09506000134352', serial: 'A/1', batch: 'LOT7', expiry: '2027-06-30' };
    const link = `https://id.gs1.org/01/${pack.gtin}/21/A%2F1`;
    const packed = buildMedicationDispense({
      ...dispense,
      packs: { salt, scanned: [{ ...pack, link }] },
      withoutSerial: 'The code cannot be read',
    });
    expect(parseMedicationDispense(encodeResource(packed))).toEqual(packed);
    expect(packed.contained).toEqual([
      {
        resourceType: 'Medication',
        id: 'pack-1',
        identifier: [{ system: 'urn:ietf:rfc:3986', value: link }],
        code: { coding: [{ system: 'https://www.gs1.org/gtin', code: pack.gtin }] },
        batch: { lotNumber: 'LOT7', expirationDate: '2027-06-30' },
      },
    ]);
    expect(packed.extension).toEqual([
      { url: 'urn:medloom:dispensed-pack', valueReference: { reference: '#pack-1' } },
      { url: 'urn:medloom:packs-salt', valueString: salt },
      { url: 'urn:medloom:without-serial', valueString: 'The code cannot be read' },
    ]);
    expect(buildMedicationDispense(dispense)).not.toHaveProperty('extension');
  });

  it('carries the pharmacist’s own check beside the packs, and gives it back', () => {
    const scanned = [
      { gtin: '1', serial: '1', batch: 'B', expiry: '2027-06-30', link: 'https://id.gs1.org/01/1/21/1' },
    ];
    const checked = buildMedicationDispense({ ...dispense, packs: { salt: 's'.repeat(22), scanned }, safety });
    const read = parseMedicationDispense(encodeResource(checked));
    expect(safetyOfDispense(read)).toEqual(safety);
    expect(read.contained?.map(({ resourceType }) => resourceType)).toEqual([
      'Medication',
      'DetectedIssue',
      'DetectedIssue',
    ]);
    expect(safetyOfDispense(buildMedicationDispense(dispense))).toBeUndefined();
    const nothing = { ...safety, findings: [], outcome: 'incomplete' as const };
    expect(safetyOfDispense(buildMedicationDispense({ ...dispense, safety: nothing }))).toEqual(nothing);
  });

  it('is refused where findings are hidden in it, or named and not there', () => {
    const checked = buildMedicationDispense({ ...dispense, safety });
    const { detectedIssue: _, ...unnamed } = checked;
    const { contained: __, ...missing } = checked;
    const twice = { ...checked, extension: [...(checked.extension ?? []), ...(checked.extension ?? [])] };
    for (const wrong of [unnamed, missing, twice])
      expect(() => parseMedicationDispense(new TextEncoder().encode(JSON.stringify(wrong)))).toThrow(
        expect.objectContaining({ code: 'FHIR_MALFORMED' }),
      );
  });

  it('says when something else was handed over', () => {
    const product = { ...content.product, code: 'MP-24020', strength: '250 mg' };
    const substitution = { product, reason: 'shortage' as const };
    const substituted = buildMedicationDispense({ ...dispense, substitution });
    expect(substituted.substitution.wasSubstituted).toBe(true);
    expect(substituted.substitution.reason?.[0]?.coding?.map(({ code }) => code)).toEqual(['shortage', 'OS']);
    expect(parseMedicationDispense(encodeResource(substituted))).toEqual(substituted);
    expect(buildMedicationDispense({ ...dispense, fillComplete: true }).type.coding?.[0]?.code).toBe('FFC');
  });

  it.each([-1, 0, 0.5, 1_300_001])('is not built for a quantity of %s', (quantity) => {
    expect(() => buildMedicationDispense({ ...dispense, quantity })).toThrow();
  });

  it('carries no patient in clear or otherwise', () => {
    expect(JSON.stringify(buildMedicationDispense(dispense))).not.toContain('Ångström');
  });
});
