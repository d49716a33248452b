import { vaultClient } from '#components/vault/client.ts';
import { VaultError } from '#components/vault/errors.ts';
import { type OpenedRecord, openDocumentsOf } from '#components/vault/records.ts';
import { concat } from '#crypto/bytes.ts';
import { type AttachedFile, filesOf } from '#fhir/attachment.ts';
import { entryKey } from '#fhir/chart/entry.ts';
import type { Identified } from '#fhir/record.ts';

const documentsAtOnce = 50;

/**
 * Every resource of a record as it stands, out of its documents: superseded and retracted ones are left out. Throws where a
 * document does not check, so that nobody takes a part for the whole.
 */
export async function collectRecord(
  record: OpenedRecord,
  options: { files: boolean; onProgress: (done: number, count: number) => void },
): Promise<{ resources: Identified[]; files: Map<string, Uint8Array> }> {
  const entries = await vaultClient().call('readTimeline', record.source);
  const standing = new Set(entries.map((entry) => `${entry.d} ${entryKey(entry)}`));
  const documents = new Map(entries.map((entry) => [entry.d, entry.category]));
  const byCategory = Map.groupBy(documents.keys(), (id) => documents.get(id));
  const resources: Identified[] = [];
  const files = new Map<string, Uint8Array>();
  let done = 0;
  for (const [category, ids] of byCategory) {
    if (category === undefined) continue;
    for (let at = 0; at < ids.length; at += documentsAtOnce) {
      options.onProgress(done, documents.size);
      for (const opened of await openDocumentsOf(record, category, ids.slice(at, at + documentsAtOnce))) {
        if ('problem' in opened) throw new VaultError(opened.problem.code, opened.problem.message);
        const current = opened.resources.filter(({ resourceType, id }) =>
          standing.has(`${opened.id} ${resourceType}/${id}`),
        );
        resources.push(...current);
        if (!options.files) continue;
        for (const file of filesOf(current)) files.set(file.root, await contentOf(opened.id, file));
      }
      done += Math.min(documentsAtOnce, ids.length - at);
    }
  }
  options.onProgress(documents.size, documents.size);
  return { resources, files };
}

async function contentOf(document: string, { index, size, root, hash }: AttachedFile): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let begin = true; ; begin = false) {
    const attachment = { index, size, root, hash };
    const piece = await vaultClient().call('nextPiece', { document, attachment, begin });
    if (piece === null) return concat(...pieces);
    pieces.push(piece);
  }
}
