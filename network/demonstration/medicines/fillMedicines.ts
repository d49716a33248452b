import { productTitle } from '#fhir/coding.ts';
import { findProduct } from '#formulary/products.ts';
import { authorityReader } from '#server/adverseEvents/service.ts';
import type { Portal } from '#server/portal.ts';
import type { Signer } from '../accounts.ts';
import type { RecordPeople } from '../fillRecords.ts';
import type { SignerBrowser } from '../recordBrowser.ts';
import { transact } from '../transact.ts';
import { lists, type ReportedEvent, reportedEvents, shortages } from './said.ts';

const dayMs = 86_400_000;

/**
 * Puts the lists of the formulary in force, declares what is short, and files what people report, as their pages do. What is in
 * `done` is not done again.
 */
export async function fillMedicines(
  portal: Portal,
  {
    signerOf,
    idOf,
    browserOf,
  }: Pick<RecordPeople, 'idOf' | 'browserOf'> & { signerOf: (email: string) => Promise<Signer> },
  done: readonly string[],
  note: (key: string) => Promise<void>,
): Promise<void> {
  const once = async (key: string, work: () => Promise<unknown>) => {
    if (done.includes(key)) return;
    await work();
    await note(key);
  };
  const said = async () => {
    for (const { key, by, scope, entries } of lists) {
      await once(key, async () =>
        transact(portal, await signerOf(by), { kind: 'formulary:put', terms: { scope, entries } }),
      );
    }
    for (const { key, by, shortage } of shortages) {
      await once(key, async () =>
        transact(portal, await signerOf(by), { kind: 'formulary:declareShortage', shortage }),
      );
    }
  };
  const reported = async () => {
    for (const event of reportedEvents) {
      const patient = event.patient && idOf(event.patient).id;
      await once(event.key, async () => report(portal, event, await browserOf(event.by), patient));
    }
  };
  await Promise.all([said(), reported()]);
}

/** Files a report in the vault of who makes it, encrypted to the authority and to that person. */
async function report(
  portal: Portal,
  { product: code, batch, began, criteria, outcome, narrative, channel }: ReportedEvent,
  { person, vault, transact: sign }: SignerBrowser,
  patient: string | undefined,
): Promise<void> {
  const product = findProduct(code);
  if (product === undefined) throw new Error(`The formulary has no ${code}.`);
  const authority = await authorityReader(person.actor, portal);
  const event = {
    ...(patient !== undefined && { patient }),
    ...(channel !== undefined && { channel }),
    medicine: { name: productTitle(product), code, atc: product.atc, ...(batch !== undefined && { batch }) },
    began: new Date(Date.now() - began * dayMs).toISOString().slice(0, 10),
    ...{ criteria, outcome, narrative },
  };
  await sign(await vault.composeReport({ event, authority, recorder: person.actor.name }));
}
