import { change, findOne, read, readAnswer } from './answers.ts';
import { changeOf, endingOf, renewalAnswerOf, renewalOf, renewing, withdrawalOf } from './resources.ts';
import { exampleOrder, issueOrder, type Turn, takeOn } from './turn.ts';

/** What happens to a prescription besides issue and dispense. */

/** The pharmacy asks twice that a prescription be written anew: once it is, once it is denied. Answers the new one. */
export async function runRenewal(turn: Turn, prescription: string): Promise<string> {
  const { systems, example, tell } = turn;
  const { hospital, pharmacy } = systems;
  const ask = async () => {
    const asked = readAnswer(
      await pharmacy.request('POST', 'Task', renewalOf(prescription, example.pharmacist)),
      [201],
    );
    tell('renewal asked', { id: asked.id, status: asked.status });
    await findOne(hospital, 'Task?code=renewal&status=requested', asked.id);
    return asked.id;
  };
  const approved = await ask();
  const next = await issueOrder(turn, renewing(exampleOrder(turn, '-anew'), approved));
  tell('renewal answered', { id: approved, status: (await read(pharmacy, 'Task', approved)).status });
  const denied = await ask();
  const denial = renewalAnswerOf(denied, { denies: example.doctor, reason: 'please come and see me first' });
  tell('renewal answered', { id: denied, status: (await change(hospital, 'Task', denial)).status });
  return next.id;
}

/** A prescription goes from one pharmacy to the other, which gives it back to the patient. */
export async function runTransfer(turn: Turn): Promise<string> {
  const { systems, example, tell } = turn;
  const { pharmacy, otherPharmacy } = systems;
  const issued = await issueOrder(turn, exampleOrder(turn, '-moves'));
  const { id } = issued;
  await takeOn(turn, issued);
  const offered = await change(pharmacy, 'Task', changeOf(id, 'offer-transfer', { to: example.other.institution }));
  tell('transfer offered', { id, status: offered.status });
  await findOne(otherPharmacy, 'Task?code=prescription&status=requested', id);
  const accepted = await change(otherPharmacy, 'Task', changeOf(id, 'accept-transfer', { owner: example.other }));
  tell('transfer accepted', { id, status: accepted.status });
  await read(otherPharmacy, 'MedicationRequest', id);
  const returned = await change(otherPharmacy, 'Task', endingOf(id, 'rejected'));
  tell('given back', { id, status: returned.status });
  return id;
}

/** One is withdrawn while nobody holds it; of another the holder is asked, refuses, is asked again, and agrees. */
export async function runCancellations(turn: Turn): Promise<string[]> {
  const { systems, tell } = turn;
  const { hospital, pharmacy } = systems;
  const free = exampleOrder(turn, '-free');
  const { id } = await issueOrder(turn, free);
  const withdrawn = await change(hospital, 'MedicationRequest', withdrawalOf(free, id, 'written in error'));
  tell('withdrawn', { id, status: withdrawn.status });

  const order = exampleOrder(turn, '-held');
  const held = await issueOrder(turn, order);
  await takeOn(turn, held);
  const askFor = async () => {
    await change(hospital, 'MedicationRequest', withdrawalOf(order, held.id, 'another dose is needed'));
    const { input } = await findOne(pharmacy, `Task?focus=MedicationRequest/${held.id}`, held.id);
    tell('cancellation asked', { id: held.id, reason: input[0]?.valueString });
  };
  await askFor();
  await change(pharmacy, 'Task', changeOf(held.id, 'refuse-cancel', { reason: 'the patient is here to fetch it' }));
  const { output } = await read(hospital, 'Task', held.id);
  tell('cancellation refused', { id: held.id, reason: output[0]?.valueString });
  await askFor();
  const agreed = await change(pharmacy, 'Task', endingOf(held.id, 'cancelled', 'the patient did not come'));
  tell('cancelled', { id: held.id, status: agreed.status });
  return [id, held.id];
}
