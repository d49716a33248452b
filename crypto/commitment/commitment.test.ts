import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomBytes, toBase64Url, utf8 } from '../bytes.ts';
import { encodeCbor } from '../cbor.ts';
import { newPrescriptionId, newPseudonym } from '../identifier.ts';
import { tokenCommitment, tokenIdOf } from '../token.ts';
import { commitmentOf, commitmentOpensTo } from './commitment.ts';
import {
  type Disclosure,
  decodeDisclosure,
  disclose,
  encodeDisclosure,
  openDisclosure,
  parseProofLink,
  proofLink,
} from './disclosure.ts';
import { type CommitmentField, commitmentFields, fieldValues } from './fields.ts';

const id = newPrescriptionId(newPseudonym(1));
const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const requests = fc.record({
  resourceType: fc.constant('MedicationRequest'),
  id: fc.constant(id),
  contained: fc.constant([
    {
      resourceType: 'Patient',
      id: 'patient',
      identifier: [{ system: 'urn:x', value: '4711' }],
      name: [{ text: 'Ada Lovelace' }],
      birthDate: '1990-12-10',
    },
    { resourceType: 'DetectedIssue', id: 'check' },
  ]),
  medicationCodeableConcept: fc.record({ text, coding: fc.array(fc.record({ system: text, code: text })) }),
  authoredOn: fc.constant('2026-11-27T08:00:00.000Z'),
  requester: fc.record({
    identifier: fc.record({ value: text }),
    display: fc.constant('Dr. Ruth Hart, North, Hospital'),
  }),
  note: fc.option(fc.array(fc.record({ text })), { nil: undefined }),
  reasonCode: fc.option(fc.array(fc.record({ text })), { nil: undefined }),
  dosageInstruction: fc.array(fc.record({ text, doseAndRate: fc.double({ noNaN: true, noDefaultInfinity: true }) })),
  dispenseRequest: fc.record({
    validityPeriod: fc.record({ start: text, end: text }),
    numberOfRepeatsAllowed: fc.integer({ min: 0, max: 12 }),
    quantity: fc.record({ value: fc.integer({ min: 1, max: 100_000 }), unit: text }),
  }),
  substitution: fc.record({ allowedBoolean: fc.boolean() }),
});
const documents = requests.map((request) => utf8(JSON.stringify(request)));
const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const choices = fc.subarray([...commitmentFields]);
const refused = expect.objectContaining({ code: 'DISCLOSURE_MALFORMED' });

describe('the fields of a prescription', () => {
  it('are what the resource says, each on its own', () => {
    const document = utf8(
      JSON.stringify({
        resourceType: 'MedicationRequest',
        contained: [
          { resourceType: 'Patient', name: [{ text: 'Ada' }], birthDate: '1990-01-01' },
          { resourceType: 'DetectedIssue', id: 'check' },
        ],
        medicationCodeableConcept: { text: 'amoxicillin' },
        requester: { identifier: { value: 'prac-x' }, display: 'Dr. Hart, North Hospital' },
        dosageInstruction: [{ text: 'Take 1', timing: {} }],
        reasonCode: [{ text: 'otitis' }],
        dispenseRequest: { numberOfRepeatsAllowed: 0 },
      }),
    );
    expect(fieldValues(document)).toEqual({
      ...{ medicine: { text: 'amoxicillin' }, dosage: [{ text: 'Take 1' }], quantity: null, repeats: 0 },
      ...{ substitution: null, authoredOn: null, validity: null, institution: 'North Hospital' },
      prescriber: { name: 'Dr. Hart', identifier: { value: 'prac-x' } },
      ...{ patientName: 'Ada', patientBirthDate: '1990-01-01', patientIdentifier: null },
      ...{ reason: [{ text: 'otitis' }], note: null, safety: [{ resourceType: 'DetectedIssue', id: 'check' }] },
      document: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe('a commitment', () => {
  it('opens to its own content under its own key, of version 1 too', () => {
    fc.assert(
      fc.property(keys, documents, documents, (key, document, other) => {
        expect(commitmentOpensTo(commitmentOf(key, document), key, document)).toBe(true);
        expect(commitmentOpensTo(tokenCommitment(key, document), key, document)).toBe(true);
        expect(commitmentOpensTo(commitmentOf(key, document), randomBytes(32), document)).toBe(false);
        const same = new TextDecoder().decode(document) === new TextDecoder().decode(other);
        expect(commitmentOpensTo(commitmentOf(key, document), key, other)).toBe(same);
      }),
    );
  });

  it('binds what is no field of its own', () => {
    const key = randomBytes(32);
    expect(commitmentOf(key, utf8('{"status":"active"}'))).not.toBe(commitmentOf(key, utf8('{"status":"draft"}')));
  });
});

describe('a disclosure', () => {
  it('shows exactly the chosen fields of the committed content', () => {
    fc.assert(
      fc.property(keys, documents, choices, (key, document, chosen) => {
        const values = fieldValues(document);
        const sent = parseProofLink(proofLink('https://portal.example', disclose(key, id, document, chosen)));
        const opened = openDisclosure(sent);
        expect(opened.commitment).toBe(commitmentOf(key, document));
        expect(opened.tokenId).toBe(tokenIdOf(id));
        expect(opened.shown).toEqual(chosen.map((field) => ({ field, value: values[field] })));
        expect(opened.hidden).toEqual(commitmentFields.filter((field) => !chosen.includes(field)));
      }),
    );
  });

  it('carries nothing of a field that stays closed, nor its salt', () => {
    const key = randomBytes(32);
    const document = utf8(JSON.stringify({ reasonCode: [{ text: 'a secret diagnosis' }], authoredOn: '2026' }));
    const shown = encodeDisclosure(disclose(key, id, document, ['authoredOn']));
    const all = encodeDisclosure(disclose(key, id, document, [...commitmentFields]));
    const { tree } = disclose(key, id, document, ['reason']);
    const salts: string[] = [];
    const walk = (branch: Disclosure['tree']): void => {
      if (branch instanceof Uint8Array) return;
      if (Array.isArray(branch)) branch.forEach(walk);
      else salts.push(toBase64Url(branch.salt));
    };
    walk(tree);
    const holds = (bytes: Uint8Array, needle: Uint8Array) => Buffer.from(bytes).includes(Buffer.from(needle));
    expect(salts).toHaveLength(1);
    expect(holds(all, utf8('a secret diagnosis'))).toBe(true);
    expect(holds(shown, utf8('a secret diagnosis'))).toBe(false);
    expect(holds(shown, Buffer.from(salts[0] ?? '', 'base64url'))).toBe(false);
  });

  it('opens to another commitment when any value, salt, hash or place was changed', () => {
    fc.assert(
      fc.property(
        keys,
        documents,
        choices.filter(({ length }) => length > 0),
        fc.nat(),
        (key, document, chosen, pick) => {
          const whole = disclose(key, id, document, chosen);
          const flip = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, at) => (at === 0 ? byte ^ 1 : byte));
          let at = 1 + (pick % 40);
          const change = (branch: Disclosure['tree']): Disclosure['tree'] => {
            if (Array.isArray(branch)) return [change(branch[0]), change(branch[1])];
            at -= 1;
            if (branch instanceof Uint8Array) return at === 0 ? flip(branch) : branch;
            if (at === 0) return { ...branch, salt: flip(branch.salt) };
            at -= 1;
            return at === 0 ? { ...branch, value: { forged: branch.value } } : branch;
          };
          const changed = { ...whole, tree: change(whole.tree) };
          const same = at > 0;
          expect(openDisclosure(changed).commitment === commitmentOf(key, document)).toBe(same);
        },
      ),
    );
  });

  it('does not open one field as another', () => {
    const key = randomBytes(32);
    const document = utf8(JSON.stringify({ authoredOn: 'x', dispenseRequest: { validityPeriod: 'x' } }));
    const { tree } = disclose(key, id, document, [...commitmentFields]);
    const leaves: Disclosure['tree'][] = [];
    const flatten = (branch: Disclosure['tree']): void => {
      if (Array.isArray(branch)) branch.forEach(flatten);
      else leaves.push(branch);
    };
    flatten(tree);
    const [a, b] = [commitmentFields.indexOf('authoredOn'), commitmentFields.indexOf('validity')];
    const order = [...leaves];
    const [first, second] = [leaves[a], leaves[b]];
    if (first === undefined || second === undefined) throw new Error('too few leaves');
    [order[a], order[b]] = [second, first];
    const build = (part: Disclosure['tree'][]): Disclosure['tree'] => {
      const [left] = part;
      if (left !== undefined && part.length === 1) return left;
      return [build(part.slice(0, part.length / 2)), build(part.slice(part.length / 2))];
    };
    const token = disclose(key, id, document, []).token;
    expect(openDisclosure({ version: 2, token, tree: build(leaves) }).commitment).toBe(commitmentOf(key, document));
    expect(openDisclosure({ version: 2, token, tree: build(order) }).commitment).not.toBe(commitmentOf(key, document));
  });

  it('of few fields fits a QR code', () => {
    const chosen: CommitmentField[] = ['medicine', 'dosage', 'quantity', 'validity', 'prescriber'];
    const [document] = fc.sample(documents, { numRuns: 1, seed: 1 });
    if (document === undefined) throw new Error('no document');
    expect(proofLink('https://portal.example', disclose(randomBytes(32), id, document, chosen)).length).toBeLessThan(
      2_000,
    );
  });
});

describe('what is no disclosure', () => {
  const hash = randomBytes(32);
  const token = randomBytes(32);
  const leaf = { salt: randomBytes(16), value: 1 };
  it.each([
    ['of another version', { version: 1, token, tree: hash }],
    ['with something more', { version: 2, token, tree: hash, more: 1 }],
    ['with a short token', { version: 2, token: token.subarray(1), tree: hash }],
    ['with a short hash', { version: 2, token, tree: hash.subarray(1) }],
    ['with a short salt', { version: 2, token, tree: { ...leaf, salt: hash } }],
    ['with bytes for a value', { version: 2, token, tree: { ...leaf, value: hash } }],
    ['with a list', { version: 2, token, tree: [hash] }],
  ])('is refused %s', (_name, value) => {
    expect(() => decodeDisclosure(encodeCbor(value))).toThrow(refused);
  });

  it('is refused where the tree has another shape', () => {
    const open = (tree: Disclosure['tree']) => () => openDisclosure({ version: 2, token, tree });
    expect(open(leaf)).toThrow(refused);
    expect(open([hash, hash])).toThrow(refused);
    const deep = (depth: number): Disclosure['tree'] => (depth === 0 ? leaf : [deep(depth - 1), hash]);
    expect(open(deep(4))).not.toThrow();
    expect(open(deep(3))).toThrow(refused);
    expect(open(deep(5))).toThrow(refused);
  });

  it('is refused nested deeper than can be read', () => {
    const nested = new Uint8Array(16_000).fill(0x81);
    nested[15_999] = 0xf6;
    expect(() => decodeDisclosure(nested)).toThrow(refused);
  });

  it.each(['', 'https://portal.example/verify', 'https://portal.example/verify#=', 'an access code'])(
    'is refused as %j',
    (link) => {
      expect(() => parseProofLink(link)).toThrow(refused);
    },
  );
});
