import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { accessView } from '#chaincode/model/access.ts';
import { categoryView, type StoredCategory, storedCategory } from '#chaincode/model/healthRecord.ts';
import { ownStaffWrap } from '#chaincode/model/staffWrap.ts';
import type { BlockSource } from '#components/vault/blocks.ts';
import { type ChartSource, chartOperations } from '#components/vault/chartOperations.ts';
import { consentOperations } from '#components/vault/consentOperations.ts';
import { documentOperations, type OutgoingBlock } from '#components/vault/documentOperations.ts';
import { openState } from '#components/vault/openVault.ts';
import { registerOperations } from '#components/vault/registerOperations.ts';
import { reportOperations } from '#components/vault/reportOperations.ts';
import { subjectsOf } from '#components/vault/subjects.ts';
import { unlockOperations } from '#components/vault/unlockOperations.ts';
import { copyBytes, fromUtf8 } from '#crypto/bytes.ts';
import { AppError } from '#server/errors.ts';
import type { Actor } from '#server/people/schema.ts';
import type { Portal } from '#server/portal.ts';
import { readBlocks } from '#server/records/blocks.ts';
import { certificatesFor, escrowReaders, readersOf } from '#server/records/readers.ts';
import { putBlocks } from '#server/records/uploads.ts';
import type { ReadIntent, TransactionIntent } from '#server/transactions/schema.ts';
import type { Signer } from './accounts.ts';
import { readAs, transact } from './transact.ts';

/** How a browser reaches a service of the portal. */
export type Ask = <Who, Input, Output>(
  service: (who: Who, input: Input, portal: Portal) => Promise<Output>,
  who: Who,
  input: Input,
) => Promise<Output>;

/** A person with an open vault who signs for the ledgers. */
export interface RecordPerson extends Pick<Signer, 'actor' | 'certificatePem' | 'record' | 'vaultKey'> {
  transact(intent: TransactionIntent): Promise<unknown>;
  read(intent: ReadIntent): Promise<Uint8Array>;
}

/** A person's browser as far as records go: the code of its vault, over the portal's services. */
export type RecordBrowser<Person extends RecordPerson = RecordPerson> = Awaited<
  ReturnType<typeof createRecordBrowser<Person>>
>;

/** The browser of somebody of the demonstration. */
export type SignerBrowser = RecordBrowser<Signer & RecordPerson>;

export const openRecordBrowser = (portal: Portal, person: Signer): Promise<SignerBrowser> =>
  createRecordBrowser(
    {
      ...person,
      transact: (intent) => transact(portal, person, intent),
      read: (intent) => readAs(portal, person, intent),
    },
    (service, who, input) => service(who, input, portal),
  );

export async function createRecordBrowser<Person extends RecordPerson>(person: Person, ask: Ask) {
  const { actor, certificatePem, record, vaultKey } = person;
  const { personId, subjectId, mspId } = actor;
  const state = await openState({ personId, subjectId, mspId, certificatePem, record }, copyBytes(vaultKey));
  const opened = () => state;
  const blocks: BlockSource = (cids) => ask(allBlocks, actor, cids);
  const vault = {
    ...unlockOperations(opened),
    ...consentOperations(opened),
    ...documentOperations(opened, blocks),
    ...chartOperations(opened, blocks),
    ...registerOperations(opened),
    ...reportOperations(opened),
  };

  const read = async <Shape extends z.ZodType>(intent: ReadIntent, shape: Shape): Promise<z.infer<Shape>> =>
    shape.parse(JSON.parse(fromUtf8(await person.read(intent))));
  const certificatesOf = async (ids: string[]): Promise<string[]> =>
    ids.length === 0 ? [] : Object.values(await ask(certificatesFor, actor, { ids })).flat();
  const unlock = async (views: ChartSource['views'], patient: string) => {
    const source: ChartSource = { patient, views, certificates: await certificatesOf(subjectsOf(views)) };
    return { source, unlocked: await vault.unlockRecord(source) };
  };

  return {
    person,
    vault,
    /** What the open vault holds. */
    state,
    transact: (intent: TransactionIntent) => person.transact(intent),

    read,

    /** Those for whom keys may be wrapped, and the organisations that keep shares. */
    readersOf: (ids: string[]) => ask(readersOf, actor, { ids }),
    escrow: () => ask(escrowReaders, actor, undefined),

    /** The person's own record, opened here; without views before it has keys. */
    async openOwn() {
      try {
        return await unlock(
          await read({ kind: 'records:readOwn', patient: subjectId }, z.array(categoryView)),
          subjectId,
        );
      } catch (error) {
        if (error instanceof AppError && error.code === 'RECORD_NOT_OPENED') return unlock([], subjectId);
        throw error;
      }
    },

    /** Opens the key of the institution to which the person belongs. */
    async openInstitution(institution: string) {
      const own = await read({ kind: 'readStaffWrap', institution }, ownStaffWrap);
      const certificates = await certificatesOf([...new Set([own.reading.by, own.wrap.by])]);
      return vault.openInstitutionKey({ institution, own, certificates });
    },

    /** What an access of the person's gives of a record, opened here. */
    async openAccess(id: string, patient: string) {
      const { categories, withheld } = await read({ kind: 'access:read', id }, accessView);
      return { ...(await unlock(categories, patient)), withheld };
    },

    /** The public keys to write to, with the certificates of who began them. */
    async writingKeys(patient: string): Promise<{ keys: StoredCategory[]; certificates: string[] }> {
      const keys = await read({ kind: 'records:readKeys', patient }, z.array(storedCategory));
      return { keys, certificates: await certificatesOf([...new Set(keys.map(({ by }) => by))]) };
    },

    /** What sends the blocks of a new upload, children before their node. */
    upload(patient: string): (block: OutgoingBlock) => Promise<void> {
      const upload = randomUUID();
      return async (block) => {
        await ask(putBlocks, actor, { upload, patient, blocks: [block] });
      };
    },
  };
}

async function allBlocks(actor: Actor, cids: string[], portal: Portal): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for await (const block of await readBlocks(actor, cids, portal)) found.push(block);
  return found;
}
