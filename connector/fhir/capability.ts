import { type ResourceType, served } from './resourceType.ts';
import type { Site } from './site.ts';

const published = '2026-11-27';
const codes = { create: 'create', read: 'read', update: 'update', search: 'search-type' } as const;

/** https://hl7.org/fhir/R4/capabilitystatement.html of what is served, made of what serves it. */
export function capabilityStatement(site: Pick<Site, 'base' | 'institution'>, types: readonly ResourceType[]) {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: published,
    kind: 'instance',
    software: { name: 'Medloom connector' },
    implementation: { description: `Prescriptions of ${site.institution.name}`, url: site.base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        documentation:
          'For this institution’s own software. Content is encrypted and signed here; the portal sees ciphertext.',
        security: {
          service: [
            {
              coding: [
                {
                  system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
                  code: 'SMART-on-FHIR',
                },
              ],
            },
          ],
          description: 'SMART Backend Services: private_key_jwt, scopes system/<Type>.<cruds>',
        },
        resource: types.map((one) => ({
          type: one.type,
          documentation: one.documentation,
          interaction: served(one).map((name) => ({ code: codes[name] })),
          versioning: one.update ? 'versioned-update' : 'versioned',
          readHistory: false,
          updateCreate: false,
          conditionalCreate: one.create !== undefined && one.type !== 'Task',
          ...(one.judge && {
            operation: [{ name: 'validate', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' }],
          }),
          searchParam: one.searchParameters
            .filter(({ name }) => !/[:.]/.test(name))
            .map(({ name, type, documentation }) => ({ name, type, documentation })),
        })),
      },
    ],
  };
}

/** Every scope that is of use here. */
export const supportedScopes = (types: readonly ResourceType[]): string[] =>
  types.map((one) => {
    const names = served(one);
    const letters = [...(names.includes('create') ? ['c'] : []), 'r', ...(names.includes('update') ? ['u'] : []), 's'];
    return `system/${one.type}.${letters.join('')}`;
  });
