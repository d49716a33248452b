import type { PartnerSystemView } from '#server/epcis/schema.ts';
import { listSystems, makeToken, revokeToken, startSystem } from '#server/epcis/systems.ts';
import type { Portal } from '#server/portal.ts';
import { findParticipant } from '../benchmark/participants.ts';
import { openHeld, type Signer } from '../demonstration/accounts.ts';
import { openKeyMaker } from '../demonstration/keys.ts';
import { demonstrationPassword, demonstrationPin } from '../demonstration/people.ts';
import { transact } from '../demonstration/transact.ts';

/** The admin of the demonstration's depot. */
const admin = 'aiko.mori@centraldepot.example';
const name = 'Fuzzing of the EPCIS interface';

/** A token that an admin has made for a system that is registered by the admin's signature; revoked when the work is done. */
export async function withToken<T>(portal: Portal, work: (token: string) => Promise<T>): Promise<T> {
  const keyMaker = openKeyMaker({ password: demonstrationPassword, pin: demonstrationPin }, 1);
  let signer: Signer;
  try {
    const found = await findParticipant(portal, admin);
    signer = { ...found, ...(await openHeld(portal, keyMaker, found.actor)) };
  } finally {
    await keyMaker.close();
  }
  const system = await registeredSystem(portal, signer);
  const { token } = await makeToken(
    signer.actor,
    { system, name: 'one run', scopes: ['capture', 'query'], days: 1 },
    portal,
  );
  try {
    return await work(token);
  } finally {
    for (const { id } of await validTokens(portal, signer, system)) {
      await revokeToken(signer.actor, { token: id }, portal);
    }
  }
}

/** The one of an earlier run, or a new one. */
async function registeredSystem(portal: Portal, signer: Signer): Promise<string> {
  const isReady = (system: PartnerSystemView) => system.name === name && system.status === 'active';
  const known = (await listSystems(signer.actor, portal)).find(isReady);
  if (known !== undefined) return known.id;
  const device = await startSystem(signer.actor, { name }, portal);
  await transact(portal, signer, { kind: 'registerDevice', device });
  return device.id;
}

async function validTokens(portal: Portal, signer: Signer, system: string) {
  const found = (await listSystems(signer.actor, portal)).find(({ id }) => id === system);
  return found?.tokens.filter(({ state }) => state === 'valid') ?? [];
}
