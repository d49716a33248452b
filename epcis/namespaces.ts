/** What the published context of EPCIS declares (JSON-LD-Context/epcis-context.jsonld of the standard). */
const standard: Readonly<Record<string, string>> = {
  epcis: 'https://ref.gs1.org/epcis/',
  cbv: 'https://ref.gs1.org/cbv/',
  cbvmda: 'urn:epcglobal:cbv:mda:',
  gs1: 'https://gs1.org/voc/',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  owl: 'http://www.w3.org/2002/07/owl#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  dcterms: 'http://purl.org/dc/terms/',
};

/** Address of the context that every event has, whether it says so or not. */
export const epcisContext = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

/** Other addresses under which it has been published. */
const editions = new Set([
  epcisContext,
  'https://ref.gs1.org/standards/epcis/epcis-context.jsonld',
  'https://gs1.github.io/EPCIS/epcis-context.jsonld',
  'https://gs1.github.io/EPCIS/epcis-context-simple.jsonld',
]);

export function isEpcisContext(address: string): boolean {
  return (
    editions.has(address) ||
    /^https:\/\/ref\.gs1\.org\/standards\/epcis\/2\.0\.\d+\/epcis-context\.jsonld$/.test(address)
  );
}

/** The prefixes that JSON-LD contexts declare, of a document and of an event, with those of the standard. */
export function namespacesOf(...contexts: unknown[]): ReadonlyMap<string, string> {
  const found = new Map(Object.entries(standard));
  for (const context of contexts.flat()) {
    if (typeof context !== 'object' || context === null) continue;
    for (const [prefix, namespace] of Object.entries(context)) {
      if (typeof namespace === 'string' && !prefix.startsWith('@')) found.set(prefix, namespace);
    }
  }
  return found;
}

/** Prefix and rest of a name or value with a declared prefix. */
export function splitPrefix(
  text: string,
  namespaces: ReadonlyMap<string, string>,
): { namespace: string; local: string } | undefined {
  const colon = text.indexOf(':');
  const namespace = colon < 0 ? undefined : namespaces.get(text.slice(0, colon));
  return namespace === undefined ? undefined : { namespace, local: text.slice(colon + 1) };
}
