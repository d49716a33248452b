import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { escrowKey, escrowMsps } from '#chaincode/model/patient.ts';
import { fromUtf8 } from '#crypto/bytes.ts';
import type { Portal } from '#server/portal.ts';
import { StepError } from '../step.ts';
import { patients } from './people.ts';
import type { SignerBrowser } from './recordBrowser.ts';
import type { PatientEmail } from './records/document.ts';
import { foldRecord, openRecord, share, summaryOf, writeDocument } from './records/perform.ts';
import { demonstrationRecords } from './records/records.ts';
import { sharing } from './records/sharing.ts';

const escrowWithinMs = 60_000;
/** Making a record's keys keeps this process busy; with more at once, answers of the ledgers are not heard in time. */
const atOnce = 3;

/** Waits until every connector has put the key on the registry for which shares are wrapped. */
async function requireEscrow({ ledger }: Portal): Promise<void> {
  const call = { channel: 'registry', contract: 'registry', function: 'readEscrowKeys', args: [] };
  const until = Date.now() + escrowWithinMs;
  for (;;) {
    const keys = z.array(escrowKey).parse(JSON.parse(fromUtf8(await ledger.evaluate(call))));
    const missing = escrowMsps.filter((wanted) => !keys.some(({ mspId }) => mspId === wanted));
    if (missing.length === 0) return;
    if (Date.now() > until) {
      throw new StepError(`The connector published no escrow key of ${missing.join(', ')}.`, {
        advice: 'see the log of the connector, and start again.',
      });
    }
    await delay(100);
  }
}

/** The people of the demonstration by their e-mail. */
export interface RecordPeople {
  /** Ledger id, and name. */
  idOf: (email: string) => { id: string; name: string };
  browserOf: (email: string) => Promise<SignerBrowser>;
}

/**
 * Opens every patient's record, writes the documents, folds them into indexes and plays who shares and reads what: some
 * patients side by side, each one's own in their order. What is in `done` is not done again.
 */
export async function fillRecords(
  portal: Portal,
  { idOf, browserOf }: RecordPeople,
  done: readonly string[],
  note: (key: string) => Promise<void>,
  filled: (email: PatientEmail) => void,
): Promise<void> {
  await requireEscrow(portal);
  const once = async (key: string, work: () => Promise<void>) => {
    if (done.includes(key)) return;
    await work();
    await note(key);
  };
  const drafts = demonstrationRecords({
    today: new Date(),
    pseudonymOf: (email) => idOf(email).id,
    authorOf: idOf,
  });
  const fill = async (email: PatientEmail) => {
    const own = drafts.filter((draft) => draft.patient === email);
    const items = sharing.filter((item) => item.patient === email);
    const name = email.split('@')[0] ?? email;
    const pseudonym = idOf(email).id;
    const patient = () => browserOf(email);
    await once(`${name}-record`, async () => openRecord(await patient()));
    for (const draft of own) {
      await once(draft.key, async () => writeDocument(await browserOf(draft.author), pseudonym, draft));
    }
    if (own.length > 0) {
      await once(`${name}-summary`, async () => writeDocument(await patient(), pseudonym, summaryOf(own)));
      await once(`${name}-indexes`, async () => foldRecord(await patient()));
    }
    for (const item of items) await once(item.key, async () => share(portal, item, await patient(), browserOf));
    filled(email);
  };
  // What is shared is read before a prescription: those who share come first.
  const sharers = new Set<string>(sharing.map(({ patient }) => patient));
  const waiting = patients
    .toSorted((one, other) => Number(sharers.has(other.email)) - Number(sharers.has(one.email)))
    .values();
  const worker = async () => {
    for (const { email } of waiting) await fill(email);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
