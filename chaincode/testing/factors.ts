import { careChannelOf } from '../care/channel.ts';
import type { ConfirmedCall } from '../model/secondFactor.ts';
import type { Identity } from './identity.ts';
import type { Endorsed } from './ledger.ts';
import { patientIds } from './samples.ts';
import { type AssertionChange, confirmed, createCredential, type TestCredential } from './signing.ts';
import { type PatientName, practitionerIdOf, type StaffName, type World } from './world.ts';

/** Second factors of the people of a test's world. Nobody has one to begin with. */

function isPatient(name: StaffName | PatientName): name is PatientName {
  return name in patientIds;
}

/** Registers a first passkey of somebody and gives it. */
export async function giveFactor(world: World, name: StaffName | PatientName): Promise<TestCredential> {
  const factor = createCredential();
  const credential = JSON.stringify(factor.credential);
  const caller = world.people[name];
  if (isPatient(name)) {
    const [id, channel] = [patientIds[name], careChannelOf(patientIds[name])];
    const call = { channel, contract: 'care', function: 'patients:addCredential', args: [id, credential] };
    await world.ledger.submit({ ...call, caller });
  } else {
    const call = { channel: 'registry', contract: 'registry', function: 'addCredential' };
    await world.ledger.submit({ ...call, args: [practitionerIdOf(name), credential], caller });
  }
  return factor;
}

/** Submits a call that a second factor confirms; `change` falsifies the assertion. */
export function submitConfirmed(
  world: World,
  factor: TestCredential,
  order: Omit<ConfirmedCall, 'args'> & { args: string[]; caller: Identity },
  change: AssertionChange = {},
): Promise<Endorsed> {
  return world.ledger.submit({ ...order, transient: confirmed(factor, order, change) });
}
