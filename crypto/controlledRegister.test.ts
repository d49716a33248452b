import { expect, it } from 'vitest';
import { openRegisterEntry, sealRegisterEntry } from './controlledRegister.ts';
import { newIdentifier, newPrescriptionId, newPseudonym } from './identifier.ts';
import { createReadingKey } from './wrap.ts';

const refusal = (code: string) => expect.objectContaining({ code });
const id = newPrescriptionId(newPseudonym(1));
const author = newIdentifier('prac');
const entry = {
  ...{ id, medicine: 'MP-32050', atc: 'N02AX02', name: 'tramadol 50 mg', quantity: 30, unit: 'capsule' },
  ...{ author, at: '2026-11-01T08:00:00.000Z' },
};
const authority = 'inst-medicines-authority';

it('is opened by the authority alone, as the entry of that very prescription and author', async () => {
  const { seed, publicKey } = await createReadingKey();
  const { sealed, reference } = await sealRegisterEntry(entry, { id: authority, readingKey: publicKey, generation: 2 });
  expect(reference).toMatchObject({ to: authority, generation: 2 });
  expect(reference.hash).toMatch(/^[0-9a-f]{64}$/);
  const held = { ...sealed, id, author, quantity: 30, authoredOn: '2026-11-01T08:00:01.000Z' };
  // When it was is said by the ledger, not by who wrote it.
  expect(await openRegisterEntry(seed, authority, held)).toEqual({ ...entry, at: held.authoredOn });

  const other = await createReadingKey();
  const changed = `${sealed.ciphertext.slice(0, -2)}${sealed.ciphertext.endsWith('AA') ? 'BB' : 'AA'}`;
  const refused: [seed: Uint8Array, institution: string, given: object][] = [
    [other.seed, authority, {}],
    [seed, 'inst-another-authority', {}],
    [seed, authority, { id: newPrescriptionId(newPseudonym(1)) }],
    [seed, authority, { ciphertext: changed }],
  ];
  for (const [key, institution, given] of refused) {
    const opening = openRegisterEntry(key, institution, { ...held, ...given });
    await expect(opening).rejects.toThrow(refusal('WRAP_REFUSED'));
  }
  for (const ledger of [{ author: newIdentifier('prac') }, { quantity: 1_000 }]) {
    await expect(openRegisterEntry(seed, authority, { ...held, ...ledger })).rejects.toThrow(refusal('ALTERED'));
  }
});
