import { sampleHistory } from '#fhir/samples/history.ts';

/**
 * A Bundle as another system exports it: indented JSON of about 1.7 kB an entry, of whom it is about first. Every three
 * hundredth entry is refused, and has to be listed.
 */
export function sampleBundle(entries: number, about: { name: string; birthDate: string }): Buffer {
  const [given = '', family = ''] = about.name.split(' ');
  const person = {
    ...{ resourceType: 'Patient', id: 'p1', name: [{ given: [given], family }], birthDate: about.birthDate },
  };
  const resources: object[] = [person];
  const history = sampleHistory({ seed: 3, count: entries - 1, patient: 'p1', until: new Date().toISOString() });
  for (const resource of history) {
    const isBad = resources.length % 300 === 299;
    resources.push({ ...resource, ...(isBad && { status: 'no such status', clinicalStatus: 'none' }) });
  }
  const entry = resources.map((resource) => ({ fullUrl: urlOf(resource), resource }));
  return Buffer.from(JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }, null, 2));
}

const urlOf = (resource: object) =>
  'resourceType' in resource && 'id' in resource
    ? `https://elsewhere.example/fhir/${resource.resourceType}/${resource.id}`
    : '';
