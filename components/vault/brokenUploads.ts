import { z } from 'zod';
import { documentId } from '#chaincode/model/identifiers.ts';
import { utf8 } from '#crypto/bytes.ts';
import { sha256Hex } from '#crypto/derive.ts';

/**
 * Uploads that have begun in this browser, so that one that broke off goes on after a reload. What is kept opens nothing: the
 * data key is in the packet, wrapped for its author, and of the files there is a hash that only the files give again.
 */

const broken = z.object({
  patient: z.string(),
  /** Of the portal. */
  upload: z.uuid(),
  document: documentId,
  /** The document's data key, wrapped for its author. */
  packet: z.string(),
  /** Of names, sizes and times of the files, salted with the packet. */
  files: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
});
export type BrokenUpload = z.infer<typeof broken>;

const storageKey = 'medloom-uploads';
/** As long as the portal keeps blocks that nothing names. */
const keptMs = 48 * 60 * 60_000;
const mostKept = 20;

/** What this needs of `localStorage`. */
export type UploadStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** What says that files are the same: nobody has changed one since, by its name, size and time. */
const fingerprintOf = (packet: string, files: readonly File[]) =>
  sha256Hex(utf8(JSON.stringify([packet, files.map(({ name, size, lastModified }) => [name, size, lastModified])])));

function read(storage: UploadStorage, now: number): BrokenUpload[] {
  let json: unknown;
  try {
    json = JSON.parse(storage.getItem(storageKey) ?? '[]');
  } catch {
    // Another program wrote it; an upload then begins anew.
    return [];
  }
  const known = z.array(broken).safeParse(json);
  return known.success ? known.data.filter(({ at }) => now - at < keptMs) : [];
}

/** The upload of just these files for a record that has begun here; undefined where there is none. */
export function findBroken(
  patient: string,
  files: readonly File[],
  storage: UploadStorage = localStorage,
  now: number = Date.now(),
): BrokenUpload | undefined {
  return read(storage, now).find(
    (each) => each.patient === patient && each.files === fingerprintOf(each.packet, files),
  );
}

/** Notes that an upload has begun. */
export function keepBroken(
  begun: Omit<BrokenUpload, 'files' | 'at'>,
  files: readonly File[],
  storage: UploadStorage = localStorage,
  now: number = Date.now(),
): void {
  const entry = { ...begun, files: fingerprintOf(begun.packet, files), at: now };
  storage.setItem(storageKey, JSON.stringify([entry, ...read(storage, now)].slice(0, mostKept)));
}

/** Forgets an upload whose document is recorded, or which is no longer there. */
export function forgetBroken(upload: string, storage: UploadStorage = localStorage, now: number = Date.now()): void {
  const others = read(storage, now).filter((each) => each.upload !== upload);
  storage.setItem(storageKey, JSON.stringify(others));
}
