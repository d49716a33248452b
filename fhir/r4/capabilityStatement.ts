import type { z } from 'zod';
import { codeableConcept, element, many, resource } from './datatypes.ts';
import { boolean, boundTo, code, dateTime, text, uri } from './primitives.ts';

const parameter = element({
  name: text,
  type: boundTo(['number', 'date', 'string', 'token', 'reference', 'composite', 'quantity', 'uri', 'special']),
  documentation: text.optional(),
});

/** https://hl7.org/fhir/R4/capabilitystatement.html, as far as a server of a few types says something. */
export const capabilityStatement = resource('CapabilityStatement', {
  status: boundTo(['draft', 'active', 'retired', 'unknown']),
  date: dateTime,
  kind: boundTo(['instance', 'capability', 'requirements']),
  software: element({ name: text, version: text.optional() }).optional(),
  implementation: element({ description: text, url: uri.optional() }).optional(),
  fhirVersion: boundTo(['4.0.1']),
  format: many(code),
  rest: many(
    element({
      mode: boundTo(['client', 'server']),
      documentation: text.optional(),
      security: element({ service: many(codeableConcept).optional(), description: text.optional() }).optional(),
      resource: many(
        element({
          type: code,
          documentation: text.optional(),
          interaction: many(element({ code: boundTo(['read', 'create', 'update', 'search-type']) })),
          versioning: boundTo(['no-version', 'versioned', 'versioned-update']).optional(),
          conditionalCreate: boolean.optional(),
          searchParam: many(parameter).optional(),
          operation: many(element({ name: text, definition: uri, documentation: text.optional() })).optional(),
        }),
      ).optional(),
    }),
  ),
});
export type CapabilityStatement = z.infer<typeof capabilityStatement>;
