import { z } from 'zod';
import { systems } from '#fhir/coding.ts';
import type { FhirClient, Reply } from './client.ts';
import {
  acceptanceOf,
  endingOf,
  handOverOf,
  orderOf,
  type PackData,
  type PatientData,
  type PractitionerData,
} from './resources.ts';

/** A whole prescription by two systems: a hospital's issues it, a pharmacy's takes it on, hands out packs, and closes it. */

export interface Example {
  doctor: PractitionerData;
  pharmacist: PractitionerData;
  patient: PatientData;
  medicine: { code: string; unit: string; packSize: number };
  /** Packs that the pharmacy holds, of which one is handed out. */
  packs: PackData[];
}

const answered = z.looseObject({
  id: z.string(),
  status: z.string(),
  meta: z.looseObject({ versionId: z.string() }),
  extension: z.array(z.looseObject({ url: z.string(), valueString: z.string().optional() })).default([]),
});
const issued = answered.extend({ medicationCodeableConcept: z.unknown() });

/** What was asked and answered, for whoever watches. */
export type Tell = (step: string, said: Record<string, unknown>) => void;

/**
 * Runs it with an order number of its own; a pack that is handed out already is passed over for the next. Throws what the
 * interface refused.
 */
export async function runFlow(
  { hospital, pharmacy }: { hospital: FhirClient; pharmacy: FhirClient },
  { doctor, pharmacist, patient, medicine, packs }: Example,
  number: string,
  tell: Tell = () => {},
): Promise<{ prescription: string; dispense: string }> {
  const order = orderOf({ patient, doctor, number, medicine, quantity: medicine.packSize, repeats: 1 });
  const condition = { 'if-none-exist': `identifier=urn:example:order|${number}` };
  const created = await hospital.request('POST', 'MedicationRequest', order, condition);
  const prescription = issued.parse(expect(created, [200, 201]));
  const code = prescription.extension.find(({ url }) => url === systems.accessCode)?.valueString ?? '';
  const { id } = prescription;
  tell('issued', { id, status: prescription.status });

  const task = answered.parse(
    expect(await pharmacy.request('POST', 'Task', acceptanceOf(code, pharmacist)), [200, 201]),
  );
  tell('accepted', { id, status: task.status });
  const opened = issued.parse(expect(await pharmacy.request('GET', `MedicationRequest/${id}`), [200]));

  const dispense = await handOutOne(pharmacy, packs, (pack) =>
    handOverOf({
      ...{ prescription: id, pharmacist, number: `${number} ${pack.link.split('/').at(-1)}`, packs: [pack] },
      medicine: opened.medicationCodeableConcept,
    }),
  );
  tell('dispensed', { id: dispense.id, status: dispense.status });

  const { meta } = answered.parse(expect(await pharmacy.request('GET', `Task/${id}`), [200]));
  const ending = endingOf(id, 'completed', 'the repeat is not needed');
  const version = { 'if-match': `W/"${meta.versionId}"` };
  const closed = answered.parse(expect(await pharmacy.request('PUT', `Task/${id}`, ending, version), [200]));
  tell('closed', { id, status: closed.status });
  const seen = answered.parse(expect(await hospital.request('GET', `MedicationRequest/${id}`), [200]));
  tell('seen by the hospital', { id, status: seen.status });
  return { prescription: id, dispense: dispense.id };
}

async function handOutOne(pharmacy: FhirClient, packs: readonly PackData[], handOver: (pack: PackData) => object) {
  let last: Reply | undefined;
  for (const pack of packs) {
    last = await pharmacy.request('POST', 'MedicationDispense', handOver(pack));
    if (last.status !== 422) break;
  }
  if (!last) throw new Error('there is no pack to hand out');
  return answered.parse(expect(last, [201]));
}

function expect({ status, body }: Reply, wanted: readonly number[]): unknown {
  if (wanted.includes(status)) return body;
  throw new Error(`answered ${status}: ${JSON.stringify(body).slice(0, 2000)}`);
}
