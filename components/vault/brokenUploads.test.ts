import { expect, it } from 'vitest';
import { newCareId, newPseudonym } from '#crypto/identifier.ts';
import { findBroken, forgetBroken, keepBroken, type UploadStorage } from './brokenUploads.ts';

function memory(text: string | null = null): UploadStorage & { text: string | null } {
  return {
    text,
    getItem() {
      return this.text;
    },
    setItem(_, value) {
      this.text = value;
    },
  };
}

const patient = newPseudonym(0);
const fileOf = (name: string, lastModified = 7) => new File(['content'], name, { lastModified });
const begun = () => ({
  ...{ patient, upload: crypto.randomUUID(), document: newCareId('doc', patient) },
  packet: crypto.randomUUID(),
});

it('finds an upload by the same files of the same record, and by no others', () => {
  const storage = memory();
  const first = begun();
  keepBroken(first, [fileOf('scan.pdf')], storage, 0);
  keepBroken(begun(), [fileOf('scan.pdf'), fileOf('letter.pdf')], storage, 1);
  expect(findBroken(patient, [fileOf('scan.pdf')], storage, 2)).toMatchObject(first);
  expect(findBroken(patient, [fileOf('scan.pdf', 8)], storage, 2)).toBeUndefined();
  expect(findBroken(newPseudonym(0), [fileOf('scan.pdf')], storage, 2)).toBeUndefined();
  expect(storage.text).not.toContain('scan');
  forgetBroken(first.upload, storage, 2);
  expect(findBroken(patient, [fileOf('scan.pdf')], storage, 2)).toBeUndefined();
});

it('forgets after two days, and takes nothing from what is not its own', () => {
  const storage = memory();
  keepBroken(begun(), [fileOf('scan.pdf')], storage, 0);
  expect(findBroken(patient, [fileOf('scan.pdf')], storage, 48 * 3_600_000)).toBeUndefined();
  for (const foreign of ['{', '{"a":1}', '[{"patient":1}]']) {
    expect(findBroken(patient, [fileOf('scan.pdf')], memory(foreign), 0)).toBeUndefined();
  }
});
