import { concat, toBase32, utf8, wipe } from '../bytes.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { circleKeyLength } from '../circle/key.ts';
import { deriveBytes, requireLength } from '../derive.ts';

const info = utf8('medloom/telemetry/alert/v1');

/**
 * The id of an alert, `al-<channel>-` and 130 bits: the same however often it is made of the same words under the epoch's key. It
 * stands on the ledger for everybody, and there are few words and milliseconds to try: without the key it tells none of them.
 */
export function alertIdOf(circleKey: Uint8Array, said: { patient: string; device: string; name: string }): string {
  const { patient, device, name } = said;
  const key = requireLength(circleKey, circleKeyLength, 'circle key');
  const derived = deriveBytes(key, concat(info, utf8(canonicalJson({ patient, device, name }))), 32);
  wipe(key);
  const [, channel] = patient.split('-');
  return `al-${channel}-${toBase32(derived).slice(0, 26)}`;
}
