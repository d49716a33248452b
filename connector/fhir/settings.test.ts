import { expect, it } from 'vitest';
import { readFhirSettings } from './settings.ts';

const whole = { CONNECTOR_PROFILE: 'a', FHIR_PROFILE: 'b', IPFS_API_URL: 'http://127.0.0.1:5001' };

it('stays on this machine unless it has a certificate', () => {
  expect(readFhirSettings(whole)).toMatchObject({ FHIR_HOST: '127.0.0.1', FHIR_PORT: 0, LOG_LEVEL: 'info' });
  expect(() => readFhirSettings({ ...whole, FHIR_HOST: '0.0.0.0' })).toThrow('FHIR_TLS_CERT');
  const certified = { ...whole, FHIR_HOST: '0.0.0.0', FHIR_TLS_CERT: 'c', FHIR_TLS_KEY: 'k' };
  expect(readFhirSettings(certified).FHIR_HOST).toBe('0.0.0.0');
});

it('names all that is missing, and half a certificate', () => {
  expect(() => readFhirSettings({})).toThrow(/CONNECTOR_PROFILE.*\n?.*FHIR_PROFILE.*\n?.*IPFS_API_URL/s);
  expect(() => readFhirSettings({ ...whole, FHIR_TLS_CERT: 'c' })).toThrow('FHIR_TLS_KEY');
});
