import type { Portal } from '#server/portal.ts';
import { ensureAccount, ensureEnrolled, openHeld, type Signer } from '../demonstration/accounts.ts';
import { patientAccount, staffAccount } from '../demonstration/fill.ts';
import type { KeyMaker } from '../demonstration/keys.ts';
import { patients, staff } from '../demonstration/people.ts';

/** The demonstration's people by their e-mail, with the keys as their browsers have them; each vault is opened once. */
export function signersOf(portal: Portal, keyMaker: KeyMaker): (email: string) => Promise<Signer> {
  const open = new Map<string, Promise<Signer>>();
  const signer = async (email: string): Promise<Signer> => {
    const member = staff.find((one) => one.email === email);
    const patient = patients.find((one) => one.email === email);
    const person = member ? staffAccount(member) : patient && patientAccount(patient);
    if (!person) throw new Error(`Nobody of the demonstration is ${email}.`);
    const enrolled = await ensureEnrolled(portal, keyMaker, person, await ensureAccount(portal, person));
    return { ...enrolled, ...(await openHeld(portal, keyMaker, enrolled.actor)) };
  };
  return (email) => {
    const known = open.get(email) ?? signer(email);
    open.set(email, known);
    return known;
  };
}
