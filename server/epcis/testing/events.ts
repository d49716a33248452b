import { writeDigitalLink } from '#gs1/digitalLink.ts';
import { identifier } from '#gs1/identifier.ts';

export const gtin = { first: '04012345123456', second: '04054321123456' };
export const gln = { maker: '4012345000009', wholesaler: '4012345000108', pharmacy: '4012345000207' };
export const sscc = '340123450000000017';

export const pack = (key: string, serial: string): string => writeDigitalLink(identifier('sgtin', key, serial));
export const crate = (key = sscc): string => writeDigitalLink(identifier('sscc', key));
export const place = (key: string): string => writeDigitalLink(identifier('sgln', key));
export const party = (key: string): string => writeDigitalLink(identifier('pgln', key));

/** An event that says that something was seen; `change` says otherwise. */
export const observed = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...{ type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'storing' },
  ...{ eventTime: '2026-11-20T10:00:00.000+01:00', eventTimeZoneOffset: '+01:00' },
  epcList: [pack(gtin.first, 'A1')],
  ...change,
});

export const documentOf = (eventList: unknown[], change: Record<string, unknown> = {}) => ({
  '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
  ...{ type: 'EPCISDocument', schemaVersion: '2.0', creationDate: '2026-11-26T12:00:00.000Z' },
  epcisBody: { eventList },
  ...change,
});
