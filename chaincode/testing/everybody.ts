import type { LedgerErrorCode } from '../model/errors.ts';
import type { Identity } from './identity.ts';
import { refusal } from './ledger.ts';
import { Care, peopleNames, type RegistrarMsp, registrarMsps, type World } from './world.ts';

/** Somebody of a test's world: a person, or an organisation's registrar. */
export type Anybody = (typeof peopleNames)[number] | `registrar of ${RegistrarMsp}`;

function everybody({ people, registrars }: World): [Anybody, Identity][] {
  return [
    ...peopleNames.map((name): [Anybody, Identity] => [name, people[name]]),
    ...registrarMsps.map((mspId): [Anybody, Identity] => [`registrar of ${mspId}`, registrars[mspId]]),
  ];
}

/**
 * Who of all there are may do something, each on a ledger of their own: exactly these. Everybody else is refused as somebody
 * who is nobody, may not, or has no consent.
 */
export async function whoMay(
  world: World,
  act: (care: Care, caller: Identity) => Promise<unknown>,
): Promise<Anybody[]> {
  const refusals: LedgerErrorCode[] = ['NOT_AUTHORISED', 'NOT_REGISTERED', 'NO_CONSENT'];
  const allowed: Anybody[] = [];
  for (const [name, caller] of everybody(world)) {
    const care = new Care({ ...world, ledger: world.ledger.clone() });
    const outcome = await act(care, caller).then(
      () => 'allowed',
      (error: unknown) => refusal(Promise.reject(error)),
    );
    if (outcome === 'allowed') allowed.push(name);
    else if (!refusals.some((code) => code === outcome)) throw new Error(`${name}: ${outcome}`);
  }
  return allowed;
}
