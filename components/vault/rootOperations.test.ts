import { expect, it } from 'vitest';
import { newIdentifier } from '#crypto/identifier.ts';
import { marker, newPerson, openKeeper } from './testing.ts';

const refusal = (code: string) => expect.objectContaining({ code });
const unpinned = () => newPerson(newIdentifier('prac'), 'HospitalMSP', { roots: [] });

it('pins authorities once, and no server replaces them', async () => {
  const person = await unpinned();
  const keeper = await openKeeper(person);
  const roots = [{ mspId: 'HospitalMSP', pem: person.authority.pem }];
  const { record } = await keeper.pinRoots({ record: person.owner.record, roots });
  await expect(keeper.pinRoots({ record, roots })).rejects.toThrow(refusal('ROOTS_PINNED'));
  expect((await keeper.refresh({ owner: { ...person.owner, record }, marker })).pinned).toBe(true);
  await expect(keeper.pinRoots({ record, roots })).rejects.toThrow(refusal('ROOTS_PINNED'));
});

it('pins authorities and nothing else', async () => {
  const person = await unpinned();
  const keeper = await openKeeper(person);
  const roots = [{ mspId: 'HospitalMSP', pem: person.owner.certificatePem }];
  await expect(keeper.pinRoots({ record: person.owner.record, roots })).rejects.toThrow(
    refusal('CERTIFICATE_UNTRUSTED'),
  );
});
