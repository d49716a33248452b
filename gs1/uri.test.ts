import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withCheckDigit } from './checkDigit.ts';
import { parseDigitalLink, writeDigitalLink } from './digitalLink.ts';
import { parseEpcUrn, writeEpcUrn } from './epcUrn.ts';
import { anyIdentifier, textOf } from './testing/arbitrary.ts';
import { faultOf } from './testing/fault.ts';
import { canonicalUri, identifierOf, parseUri } from './uri.ts';

/** EPC Tag Data Standard 2.0, section 6.3, and the key that each example stands for. */
const published = [
  ['urn:epc:id:sgtin:0614141.112345.400', 'https://id.gs1.org/01/10614141123459/21/400'],
  ['urn:epc:id:sgtin:4012345.098765.32a%2Fb', 'https://id.gs1.org/01/04012345987652/21/32a%2Fb'],
  ['urn:epc:id:sscc:0614141.1234567890', 'https://id.gs1.org/00/106141412345678908'],
  ['urn:epc:id:sgln:0614141.12345.400', 'https://id.gs1.org/414/0614141123452/254/400'],
  ['urn:epc:id:sgln:0614141.12345.0', 'https://id.gs1.org/414/0614141123452'],
  ['urn:epc:id:pgln:0614141.12345', 'https://id.gs1.org/417/0614141123452'],
  ['urn:epc:id:grai:0614141.12345.400', 'https://id.gs1.org/8003/00614141123452400'],
  ['urn:epc:id:giai:0614141.12345400', 'https://id.gs1.org/8004/061414112345400'],
  ['urn:epc:id:gsrn:0614141.1234567890', 'https://id.gs1.org/8018/061414112345678902'],
  ['urn:epc:id:gsrnp:0614141.1234567890', 'https://id.gs1.org/8017/061414112345678902'],
  ['urn:epc:id:gdti:0614141.12345.400', 'https://id.gs1.org/253/0614141123452400'],
  ['urn:epc:id:cpi:0614141.123ABC.123456789', 'https://id.gs1.org/8010/0614141123ABC/8011/123456789'],
  ['urn:epc:id:sgcn:4012345.67890.04711', 'https://id.gs1.org/255/401234567890104711'],
  ['urn:epc:id:ginc:0614141.xyz3311cba', 'https://id.gs1.org/401/0614141xyz3311cba'],
  ['urn:epc:id:gsin:0614141.123456789', 'https://id.gs1.org/402/06141411234567890'],
  ['urn:epc:id:itip:4012345.012345.01.02.987', 'https://id.gs1.org/8006/040123451234560102/21/987'],
  [
    'urn:epc:id:upui:1234567.089456.51qIgY)%3C%26Jp3*j7SDB',
    'https://id.gs1.org/01/01234567894560/235/51qIgY%29%3C%26Jp3%2Aj7SDB',
  ],
  ['urn:epc:class:lgtin:4012345.012345.998877', 'https://id.gs1.org/01/04012345123456/10/998877'],
  ['urn:epc:idpat:sgtin:4012345.012345.*', 'https://id.gs1.org/01/04012345123456'],
] as const;

test.each(published)('%s is %s', (urn, link) => {
  const read = parseEpcUrn(urn);
  expect(writeDigitalLink(read.id)).toBe(link);
  expect(parseDigitalLink(link).id).toEqual(read.id);
  expect(writeEpcUrn(read)).toBe(urn);
  expect(canonicalUri(urn)).toBe(link);
});

test('every identifier comes back from its Digital Link and from its URN with any prefix', () => {
  fc.assert(
    fc.property(anyIdentifier, fc.integer({ min: 6, max: 12 }), (id, prefixLength) => {
      expect(parseUri(writeDigitalLink(id))).toEqual(id);
      // An extension of one zero is how a URN says that there is none.
      const urn = { id: id.type === 'sgln' && id.part === '0' ? { ...id, part: '' } : id, prefixLength };
      expect(parseEpcUrn(writeEpcUrn(urn))).toEqual(urn);
    }),
    { numRuns: 500 },
  );
});

test('batch and expiry of a link come back beside its serial number', () => {
  fc.assert(
    fc.property(textOf(82, 20), textOf(82, 20), (batch, serial) => {
      const id = { type: 'sgtin', key: '09506000134352', part: serial } as const;
      const link = writeDigitalLink(id, {
        domain: 'https://medicine.example/',
        elements: new Map([
          ['10', batch],
          ['17', '270131'],
        ]),
      });
      expect(parseDigitalLink(link)).toEqual({
        id,
        elements: new Map([
          ['01', '09506000134352'],
          ['10', batch],
          ['21', serial],
          ['17', '270131'],
        ]),
      });
    }),
  );
});

test('links of any domain, with a path before the key, short GTINs, words and other parameters are read', () => {
  const same = { type: 'sgtin', key: '09506000134352', part: 'A/7' };
  for (const link of [
    'https://id.gs1.org/01/9506000134352/21/A%2F7',
    'http://example.com/some/01/way/01/09506000134352/10/B1/21/A%2f7/?linkType=gs1:pip&17=270131#top',
    'https://example.com/gtin/9506000134352/lot/B1/ser/A%2F7',
  ]) {
    expect(identifierOf(link)).toEqual(same);
  }
  expect(canonicalUri('https://example.com/medicines')).toBe('https://example.com/medicines');
});

test.each([
  ['https://id.gs1.org/01/09506000134353/21/1', 'The check digit should be 2, not 3.', 35],
  ['https://id.gs1.org/01/09506000134352/21/', '(21) has no value.', 39],
  ['https://id.gs1.org/01/09506000134352/21/a%2Fb%20c', expect.stringContaining('A serial number has only'), 45],
  ['https://id.gs1.org/01/09506000134352/21/a%2', 'A % is followed by two hexadecimal digits.', 41],
  ['https://id.gs1.org/01/09506000134352/21/1/10/2', '(10) stands in the wrong order.', 42],
  ['https://id.gs1.org/01/09506000134352/17/270131', '(17) does not stand behind (01).', 37],
  ['https://id.gs1.org/01/09506000134352?21=1&21=2', '(21) stands twice.', 42],
  ['https://id.gs1.org/01/09506000134352/21/1?17=271331', 'There is no month 13.', 47],
  ['https://id.gs1.org/', 'The link has no GS1 key such as /01/ or /00/.', 19],
  ['09506000134352', 'A Digital Link begins with https:// and a domain.', 0],
  ['urn:epc:id:sgtin:0614141.11234.400', 'With this prefix the second field has 6 digits.', 30],
  ['urn:epc:id:sgtin:0614141.11234x.400', 'With this prefix the second field has 6 digits.', 30],
  ['urn:epc:id:sgtin:06141.11123456.400', 'A company prefix has 6 to 12 digits.', 17],
  ['urn:epc:id:sgtin:0614141.112345', 'urn:epc:id:sgtin has 3 fields between full stops.', 31],
  ['urn:epc:id:sgtin:0614141.112345.', 'A serial number is missing.', 32],
  ['urn:epc:id:sgtin:0614141.112345.4/0', '/ is written as % and two hexadecimal digits.', 33],
  ['urn:epc:id:sgtin:0614141.112345.%22%2G', 'A % is followed by two hexadecimal digits.', 35],
  ['urn:epc:id:sgtin:0614141.112345.123456789012345678%2F01', 'A serial number has at most 20 characters.', 54],
  ['urn:epc:id:gtin:0614141.112345.1', 'urn:epc:id:gtin is no scheme of GS1 keys.', 11],
  ['urn:epc:idpat:sgtin:0614141.112345.1', 'A pattern ends in *.', 35],
])('%s is refused: %s at %i', (uri, message, position) => {
  expect(faultOf(() => parseUri(uri))).toEqual([message, position]);
  expect(identifierOf(uri)).toBeUndefined();
});

test('anything at all is read or refused at one of its characters', () => {
  const heads = [
    '',
    'https://id.gs1.org/',
    'https://id.gs1.org/01/',
    'urn:epc:id:sgtin:',
    'urn:epc:id:itip:',
    'urn:epc:idpat:',
  ];
  const rest = fc.string({ unit: fc.constantFrom(...'0123456789./:%2F?=&*aé', '/01/', '/21/'), maxLength: 40 });
  fc.assert(
    fc.property(fc.constantFrom(...heads), rest, (head, tail) => {
      const uri = `${head}${tail}`;
      if (identifierOf(uri) !== undefined) return;
      const [message, position] = faultOf(() => parseUri(uri));
      expect(message).toMatch(/\.$/);
      expect(position).toBeGreaterThanOrEqual(0);
      expect(position).toBeLessThanOrEqual(uri.length);
    }),
    { numRuns: 3000 },
  );
});

test('links that are read at once, and texts that are put aside at once, are what the reader of all links says', () => {
  const keys = [
    `01/${withCheckDigit('0950600013435')}`,
    `gtin/${withCheckDigit('0950600013435')}`,
    `00/${withCheckDigit('09506000000000001')}`,
    `414/${withCheckDigit('950600000001')}`,
    `417/${withCheckDigit('950600000001')}`,
    '414/9506000000010',
  ];
  const behind = fc.constantFrom('', '/', '/21/A1', '/21/a%2Fb', '/21/', '/254/1', '?21=A1', '/10/B/21/A', '1');
  const before = fc.constantFrom(
    'https://id.gs1.org/',
    'http://ID.gs1.org/',
    'https://shop.example/a/',
    'ftp://x/',
    '/',
  );
  const others = fc.constantFrom(
    'ADD',
    '',
    '2026-01-01',
    'https://ref.gs1.org/cbv/BizStep-shipping',
    'urn:uuid:1',
    'https:///01/1',
  );
  const links = fc.tuple(before, fc.constantFrom(...keys), behind).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(links, others), (uri) => {
      let said: unknown;
      try {
        said = parseDigitalLink(uri).id;
      } catch {
        said = undefined;
      }
      expect(identifierOf(uri)).toEqual(said);
      expect(canonicalUri(uri)).toBe(said === undefined ? uri : writeDigitalLink(parseDigitalLink(uri).id));
    }),
    { numRuns: 2_000 },
  );
});
