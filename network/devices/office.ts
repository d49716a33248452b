import { readEnv } from '#server/env.ts';
import { openPortal } from '#server/portal.ts';
import { openKeyMaker } from '../demonstration/keys.ts';
import { demonstrationPassword, demonstrationPin } from '../demonstration/people.ts';
import { readConfig } from './config.ts';
import { setUpFleet } from './setUp.ts';
import { signersOf } from './signers.ts';

/**
 * Brings the fleet into the network in the names of the demonstration's people, in a process of its own, which gives its memory
 * back. Prints one line of JSON when it is done.
 */
try {
  const config = readConfig(process.argv[2]);
  const portal = openPortal(readEnv(config.settings));
  const keyMaker = openKeyMaker({ password: demonstrationPassword, pin: demonstrationPin }, 1);
  const say = (text: string) => console.error(`${new Date().toISOString()} ${text}`);
  await setUpFleet({ portal, config, signerOf: signersOf(portal, keyMaker), say });
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`, () => process.exit(0));
} catch (error) {
  console.error(error);
  process.exit(1);
}
