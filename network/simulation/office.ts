import { recallArgument } from '#chaincode/model/trace.ts';
import { readEnv } from '#server/env.ts';
import { AppError } from '#server/errors.ts';
import { createInstitution } from '#server/people/accounts.ts';
import { operator } from '#server/people/policy.ts';
import { openPortal, type Portal } from '#server/portal.ts';
import { ensureAccount, ensureEnrolled, openHeld, type Signer } from '../demonstration/accounts.ts';
import { staffAccount } from '../demonstration/fill.ts';
import { type KeyMaker, openKeyMaker } from '../demonstration/keys.ts';
import { demonstrationPassword, demonstrationPin, staff } from '../demonstration/people.ts';
import { transact } from '../demonstration/transact.ts';
import { openRegistrars } from '../registrars.ts';
import { demonstrationSeed, readConfig, type SimulationConfig } from './config.ts';
import { registerWorld } from './register.ts';
import { createWorld } from './world.ts';

/**
 * What needs a registrar or a person, in a process of its own, which gives its memory back: `register` brings the simulated
 * supply chain into the registry; `recall CHANNEL JSON` starts a recall in the name of the demonstration's authority. Prints one
 * line of JSON when it is done.
 */
async function register(config: SimulationConfig): Promise<object> {
  const portal = openPortal(readEnv(config.settings));
  const registrars = openRegistrars(config.connectorProfile);
  try {
    const world = createWorld(demonstrationSeed);
    // What only the screens show: where it is.
    for (const { system: _, ...institution } of world.institutions)
      await createInstitution(operator, institution, portal);
    return { channels: await registerWorld(world, registrars, portal.connector) };
  } finally {
    registrars.close();
    await portal.close();
  }
}

async function recall(config: SimulationConfig, channel: string, json: string): Promise<object> {
  const portal = openPortal(readEnv(config.settings));
  const keyMaker = openKeyMaker({ password: demonstrationPassword, pin: demonstrationPin }, 1);
  try {
    const intent = { kind: 'recall', channel, recall: recallArgument.parse(JSON.parse(json)) } as const;
    await transact(portal, await authority(portal, keyMaker), intent).catch((error: unknown) => {
      if (!(error instanceof AppError && error.code === 'ALREADY_EXISTS')) throw error;
    });
    return {};
  } finally {
    await keyMaker.close();
    await portal.close();
  }
}

/** The demonstration's regulator, with the keys as the regulator's browser has them. */
async function authority(portal: Portal, keyMaker: KeyMaker): Promise<Signer> {
  const member = staff.find(({ role }) => role === 'regulator');
  if (!member) throw new Error('The demonstration has no regulator.');
  const person = staffAccount(member);
  const enrolled = await ensureEnrolled(portal, keyMaker, person, await ensureAccount(portal, person));
  return { ...enrolled, ...(await openHeld(portal, keyMaker, enrolled.actor)) };
}

const [configFile, task, channel = '', json = ''] = process.argv.slice(2);
try {
  const config = readConfig(configFile);
  const answer = task === 'recall' ? await recall(config, channel, json) : await register(config);
  process.stdout.write(`${JSON.stringify({ ready: true, ...answer })}\n`, () => process.exit(0));
} catch (error) {
  console.error(error);
  process.exit(1);
}
