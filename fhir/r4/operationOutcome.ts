import type { z } from 'zod';
import { codeableConcept, element, many, resource } from './datatypes.ts';
import { boundTo, code, text } from './primitives.ts';

/** https://hl7.org/fhir/R4/operationoutcome.html */
export const operationOutcome = resource('OperationOutcome', {
  issue: many(
    element({
      severity: boundTo(['fatal', 'error', 'warning', 'information']),
      code,
      details: codeableConcept.optional(),
      diagnostics: text.optional(),
      expression: many(text).optional(),
    }),
  ),
});
export type OperationOutcome = z.infer<typeof operationOutcome>;
