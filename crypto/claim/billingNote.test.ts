import { beforeAll, describe, expect, it } from 'vitest';
import { sealBytes } from '../aead.ts';
import { randomBytes, toBase64Url, utf8 } from '../bytes.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { newIdentifier, newPrescriptionId, newPseudonym } from '../identifier.ts';
import { createReadingKey, type ReadingKey, wrapFor } from '../wrap.ts';
import { type BillingNote, openBillingNote, type SealedNote, sealBillingNote } from './billingNote.ts';

let house: ReadingKey;
let sealed: SealedNote;
const patient = newPseudonym(2);
const note: BillingNote = {
  ...{ version: 1, prescription: newPrescriptionId(patient), dispense: newIdentifier('disp'), patient },
  ...{ medicine: { text: 'Ramipril 5 mg' }, quantity: 28, unit: 'capsule', disclosure: toBase64Url(randomBytes(200)) },
};
const code = (work: Promise<unknown>) =>
  work.then(
    () => 'opened',
    (error: { code?: string }) => error.code,
  );

beforeAll(async () => {
  house = await createReadingKey();
  sealed = await sealBillingNote(note, { id: 'inst-river-pharmacy', readingKey: house.publicKey, generation: 1 });
});

describe('a billing note', () => {
  it('opens for its institution, and says what was written', async () => {
    expect(await openBillingNote(house.seed, sealed)).toEqual(note);
    expect(JSON.stringify(sealed)).not.toContain(patient);
  });

  it('opens for nobody else, at no other dispense and institution, and with no byte changed', async () => {
    expect(await code(openBillingNote(randomBytes(32), sealed))).toBe('WRAP_REFUSED');
    const dispense = newIdentifier('disp');
    expect(await code(openBillingNote(house.seed, { ...sealed, dispense }))).toBe('WRAP_REFUSED');
    expect(await code(openBillingNote(house.seed, { ...sealed, institution: 'inst-hill-pharmacy' }))).toBe(
      'WRAP_REFUSED',
    );
    const first = sealed.sealed.startsWith('A') ? 'B' : 'A';
    const changed = { ...sealed, sealed: `${first}${sealed.sealed.slice(1)}` };
    expect(await code(openBillingNote(house.seed, changed))).toBe('ALTERED');
  });

  it.each([
    ['no JSON', '{'],
    ['of another shape', '{"version":2}'],
    ['nested deeper than the stack', `{"version":1,"medicine":{"text":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`],
  ])('is refused where it is %s', async (_, plain) => {
    const { dispense, institution } = sealed;
    const key = randomBytes(32);
    const context = { purpose: 'medloom/claim/billing-note/v1', id: dispense, reader: institution } as const;
    const bytes = await sealBytes(key, utf8(plain), utf8(canonicalJson({ dispense, institution })));
    const wrap = await wrapFor(house.publicKey, context, key);
    expect(await code(openBillingNote(house.seed, { ...sealed, wrap, sealed: toBase64Url(bytes) }))).toBe('ALTERED');
  });
});
