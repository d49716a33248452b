import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { EligibilityAnswer } from '#fhir/eligibility.ts';
import { t } from '#messages/en.ts';
import { Estimate } from './Estimate.tsx';

const text = t.billing.estimate;
const shares = { billed: 840, allowed: 840, insurer: 420, patient: 420, coPay: 0, deductible: 0 };
const unauthorised: EligibilityAnswer = {
  ...{ verdict: 'person', inForce: true, items: [{ shares, needsAuthorisation: true }] },
  trace: [
    { code: 'authorisation', verdict: 'denied', subject: 'missing', numbers: {}, reason: 'NO_PRIOR_AUTHORISATION' },
  ],
};
const shown = (answer: EligibilityAnswer, agreed?: boolean) =>
  renderToStaticMarkup(
    <Estimate estimate={{ state: 'answered', answer }} currency="EUR" {...(agreed !== undefined && { agreed })} />,
  );

it('says that the insurer has to agree, and that it has, where a bill names that', () => {
  const before = shown(unauthorised);
  expect(before).toContain(text.person);
  expect(before).toContain(text.authorise);
  const after = shown(unauthorised, true);
  expect(after).toContain(`${text.covered}</p>`);
  expect(after).toContain(text.authorised);
  expect(after).not.toContain(text.authorise);
});

it('leaves to a person what is a person’s for another reason, whatever was agreed to', () => {
  const large = {
    ...unauthorised,
    trace: [...unauthorised.trace, { code: 'reviewAbove', verdict: 'review', numbers: {} } as const],
  };
  expect(shown(large, true)).toContain(text.person);
});
