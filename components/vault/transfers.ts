import { z } from 'zod';
import { fromUtf8 } from '#crypto/bytes.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { readersOf } from '#server/records/actions.ts';
import { vaultClient } from './client.ts';
import { expectData, VaultError } from './errors.ts';
import { fetchDocument } from './prescription.ts';
import type { OpenedPrescription } from './prescriptionOperations.ts';
import { openInstitutionKey } from './records.ts';
import { readAsPerson } from './transact.ts';

/** What the pages do with prescriptions that go from one pharmacy to another. */

const transferAnswer = z.object({ wrap: z.string() });

/** The intent to offer a prescription that is open to another pharmacy. Throws NO_READING_KEY where that has made no key. */
export async function composeTransfer(id: string, institution: string) {
  const [to] = expectData(await readersOf({ ids: [institution] }));
  if (to === undefined) throw new VaultError('NO_READING_KEY', t.dispensing.transfer.noKey);
  return vaultClient().call('composeTransfer', { id, institution, to });
}

/** Opens a prescription that was transferred to the person's pharmacy, without its code. */
export async function openTransferred(summary: PrescriptionSummary, institution: string): Promise<OpenedPrescription> {
  const { id, author, cid, contentHash, commitment } = summary;
  const [answer, bytes] = await Promise.all([
    readAsPerson({ kind: 'readTransfer', id }),
    fetchDocument(cid),
    openInstitutionKey(institution),
  ]);
  const { wrap } = transferAnswer.parse(JSON.parse(fromUtf8(answer)));
  const recorded = { id, author: author.id, cid, contentHash, commitment };
  return vaultClient().call('openTransferred', { recorded, institution, wrap, bytes });
}
