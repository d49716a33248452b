import { change, expectAnswer, read, readAnswer } from './answers.ts';
import type { FhirClient, Reply } from './client.ts';
import { endingOf, handOverOf, type PackData } from './resources.ts';
import { type Example, exampleOrder, issued, issueOrder, type Systems, type Tell, takeOn } from './turn.ts';
import { runCancellations, runRenewal, runTransfer } from './turns.ts';

/**
 * Prescriptions by the systems of a hospital and two pharmacies: issued, taken on, handed out in packs and closed; written anew on
 * request; transferred; given back; cancelled. It is an example, and what shows that a network's interface does all of it.
 */

/** Runs all of it, with an order number of its own. Throws what the interface refused. */
export async function runFlow(
  systems: Systems,
  example: Example,
  number: string,
  tell: Tell = () => {},
): Promise<{ prescription: string; dispense: string; renewal: string; transferred: string; cancelled: string[] }> {
  const turn = { systems, example, number, tell };
  const { pharmacy, hospital } = systems;
  const order = exampleOrder(turn);
  const first = await issueOrder(turn, order);
  const { id } = first;
  await takeOn(turn, first);
  const opened = issued.parse(expectAnswer(await pharmacy.request('GET', `MedicationRequest/${id}`)));
  const dispense = await handOutOne(pharmacy, example.packs, (pack) =>
    handOverOf({
      ...{ prescription: id, pharmacist: example.pharmacist, packs: [pack] },
      number: `${number} ${pack.link.split('/').at(-1)}`,
      medicine: opened.medicationCodeableConcept,
    }),
  );
  tell('dispensed', { id: dispense.id, status: dispense.status });
  const renewal = await runRenewal(turn, id);
  const closed = await change(pharmacy, 'Task', endingOf(id, 'completed', 'the repeat is not needed'));
  tell('closed', { id, status: closed.status });
  const seen = await read(hospital, 'MedicationRequest', id);
  tell('seen by the hospital', { id, status: seen.status });
  const transferred = await runTransfer(turn);
  const cancelled = await runCancellations(turn);
  return { prescription: id, dispense: dispense.id, renewal, transferred, cancelled };
}

/** A pack that is handed out already is passed over for the next. */
async function handOutOne(pharmacy: FhirClient, packs: readonly PackData[], handOver: (pack: PackData) => object) {
  let last: Reply | undefined;
  for (const pack of packs) {
    last = await pharmacy.request('POST', 'MedicationDispense', handOver(pack));
    if (last.status !== 422) break;
  }
  if (!last) throw new Error('there is no pack to hand out');
  return readAnswer(last, [201]);
}
