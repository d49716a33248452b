import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { buildMedicationRequest, type MedicationRequest } from '#fhir/medicationRequest.ts';
import { findProduct } from '#formulary/products.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { HandOutPanel } from './ContentPanel.tsx';

const summary: PrescriptionSummary = {
  ...{ id: 'rx-1-a', channel: 'care-1', state: 'accepted', authoredOn: '', expires: '', version: 2 },
  author: { id: 'prac-a', name: 'Dr. A. Lind', institution: 'City hospital' },
  ...{
    quantity: 21,
    fills: 1,
    left: 21,
    available: 21,
    codeValid: true,
    cid: '',
    contentHash: '',
    commitment: '',
    dispenses: [],
  },
  token: { state: 'active', tokenId: '1' },
};

function requestFor(code: string) {
  const product = findProduct('MP-24021');
  if (product === undefined) throw new Error('the formulary lost MP-24021');
  return buildMedicationRequest({
    id: 'rx-1-a',
    product: { ...product, code },
    patient: { name: 'Zoë Ångström', birthDate: '1980-02-29', language: 'de' },
    requester: { id: 'prac-a', name: 'Dr. A. Lind' },
    authoredOn: '2026-01-01T10:00:00.000Z',
    expires: '2026-01-29T10:00:00.000Z',
    dose: { amount: 1, unit: 'capsule', route: 'oral', frequency: 3, period: 1, periodUnit: 'd', durationDays: 7 },
    quantity: 21,
    repeats: 0,
  });
}

const panelFor = (code: string) => panelOf(requestFor(code));

function panelOf(request: MedicationRequest): string {
  const nothing = () => {};
  return renderToStaticMarkup(
    <HandOutPanel
      prescription={summary}
      request={request}
      status={undefined}
      quantity="21"
      onChange={nothing}
      error={null}
      partly={null}
      told={[]}
    />,
  );
}

describe('what is handed out', () => {
  it('is said to be unknown where the formulary does not have its product, with the code', () => {
    const panel = panelFor('MP-99999');
    expect(panel).toContain('Not in the formulary');
    expect(panel).toContain('MP-99999');
    expect(panel).toContain('Amoxicillin 500 mg capsule');
  });

  it('is shown without a word of it where it has', () => {
    const panel = panelFor('MP-24021');
    expect(panel).toContain('Amoxicillin 500 mg capsule');
    expect(panel).not.toContain('Not in the formulary');
  });

  it('warns where the signed words are not what the structured dose says, and says it anew', () => {
    const request = requestFor('MP-24021');
    expect(panelOf(request)).not.toContain('are not what the signed dose says');
    const [dosage] = request.dosageInstruction;
    if (dosage === undefined) throw new Error('no dosage');
    const text = dosage.text.replace('1 capsule', '3 capsules');
    const panel = panelOf({ ...request, dosageInstruction: [{ ...dosage, text }] });
    expect(panel).toContain('are not what the signed dose says');
    expect(panel).toContain('Take 3 capsules');
    expect(panel).toContain('Take 1 capsule by mouth every 8 hours for 7 days.');
  });
});
