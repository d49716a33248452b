import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { permittedNow } from '#chaincode/model/consent.ts';
import type { Seen } from '#components/safety/readSeen.ts';
import { seenOf } from '#components/safety/seenOf.ts';
import { newCareId } from '#crypto/identifier.ts';
import { newSafetySalt } from '#crypto/safety.ts';
import type { SafetyRecord } from '#fhir/safety.ts';
import type { Product } from '#formulary/product.ts';
import { keyOf } from '#safety/finding.ts';
import { subjectOf } from '#safety/fromChart.ts';
import { recordOf } from '#safety/record.ts';
import { checkBy, localSource } from '#safety/source.ts';
import { type Stated, statedFacts, withStated } from '#safety/stated.ts';
import { accesses } from '#server/gateways/db/schema/care.ts';
import type { Portal } from '#server/portal.ts';
import type { DemonstrationPatient } from './people.ts';
import type { SignerBrowser } from './recordBrowser.ts';
import type { ScenarioItem } from './scenario.ts';

/** What the doctor's page reads of a patient before a prescription: as far as it is shared, by an entry on the ledger. */
export async function readSeen(portal: Portal, doctor: SignerBrowser, patient: string): Promise<Seen> {
  const allowed = await doctor.read({ kind: 'consents:mine', patient }, z.array(permittedNow));
  const permitted = allowed.find(({ purpose }) => purpose === 'TREAT');
  if (permitted === undefined) return { why: 'notShared' };
  const reader = doctor.person.actor;
  // Within a browser session the access before serves again.
  const [before] = await portal.db
    .select({ id: accesses.id })
    .from(accesses)
    .where(and(eq(accesses.reader, reader.subjectId), eq(accesses.patient, patient), gt(accesses.until, sql`now()`)))
    .orderBy(desc(accesses.until))
    .limit(1);
  const id = before?.id ?? newCareId('acc', patient);
  if (before === undefined) {
    await doctor.transact({ kind: 'access:request', access: { id, patient }, terms: permitted });
  }
  if (reader.institutionId !== null) await doctor.openInstitution(reader.institutionId);
  const record = await doctor.openAccess(id, patient);
  return seenOf({ record, ...(await doctor.vault.openChart(record.source)) });
}

/**
 * The check that the doctor signs with a prescription, of what is seen of the patient and what the doctor says besides. Throws
 * UnansweredError where something serious is found and the scenario gives no reason.
 */
export async function checkPrescribed(
  item: Pick<ScenarioItem, 'dose' | 'stated' | 'despite'>,
  product: Product,
  patient: Pick<DemonstrationPatient, 'birthDate' | 'sex'>,
  seen: Seen,
  now: Date,
): Promise<SafetyRecord> {
  const at = now.toISOString();
  const stated: Stated = item.stated ?? {};
  const subject = withStated(subjectOf(patient, seen, at), stated);
  const dose = { ...item.dose, unit: product.unit, route: product.route };
  const check = await checkBy(localSource, subject, { product, dose, at });
  const { despite } = item;
  const reasons = despite === undefined ? {} : Object.fromEntries(check.findings.map((each) => [keyOf(each), despite]));
  return recordOf(check, { reasons, stated: statedFacts(stated), at, salt: newSafetySalt() });
}
