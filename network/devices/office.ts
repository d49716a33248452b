import { readEnv } from '#server/env.ts';
import { openPortal } from '#server/portal.ts';
import { ensureAccount, ensureEnrolled, openHeld, type Signer } from '../demonstration/accounts.ts';
import { patientAccount, staffAccount } from '../demonstration/fill.ts';
import { openKeyMaker } from '../demonstration/keys.ts';
import { demonstrationPassword, demonstrationPin, patients, staff } from '../demonstration/people.ts';
import { readConfig } from './config.ts';
import { setUpFleet } from './setUp.ts';

/**
 * Brings the fleet into the network in the names of the demonstration's people, in a process of its own, which gives its memory
 * back. Prints one line of JSON when it is done.
 */
const config = readConfig(process.argv[2]);
const portal = openPortal(readEnv(config.settings));
const keyMaker = openKeyMaker({ password: demonstrationPassword, pin: demonstrationPin }, 1);
const open = new Map<string, Promise<Signer>>();

async function signer(email: string): Promise<Signer> {
  const member = staff.find((one) => one.email === email);
  const patient = patients.find((one) => one.email === email);
  const person = member ? staffAccount(member) : patient && patientAccount(patient);
  if (!person) throw new Error(`Nobody of the demonstration is ${email}.`);
  const enrolled = await ensureEnrolled(portal, keyMaker, person, await ensureAccount(portal, person));
  return { ...enrolled, ...(await openHeld(portal, keyMaker, enrolled.actor)) };
}

try {
  await setUpFleet({
    ...{ portal, config },
    signerOf: (email) => {
      const known = open.get(email) ?? signer(email);
      open.set(email, known);
      return known;
    },
    say: (text) => console.error(`${new Date().toISOString()} ${text}`),
  });
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`, () => process.exit(0));
} catch (error) {
  console.error(error);
  process.exit(1);
}
