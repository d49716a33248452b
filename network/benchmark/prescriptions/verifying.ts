import { toHex } from 'viem';
import { fromBase64Url } from '#crypto/bytes.ts';
import { disclose, proofLink } from '#crypto/commitment/disclosure.ts';
import { openAuthorWrap, openContent } from '#crypto/prescription.ts';
import { openHeld } from '../../demonstration/accounts.ts';
import { openKeyMaker } from '../../demonstration/keys.ts';
import { demonstrationPassword, demonstrationPin, patients, staff } from '../../demonstration/people.ts';
import { issue } from '../../demonstration/perform.ts';
import { scenario } from '../../demonstration/scenario.ts';
import type { OwnNetwork } from '../ownNetwork.ts';
import { timesUntil } from '../pageTimes.ts';
import { findParticipant } from '../participants.ts';
import { percentile, round } from '../statistics.ts';

const warmUps = 2;

/**
 * From the press of "Verify" on the public page, in a browser where nobody is signed in, until it stands there that the proof
 * of a prescription is genuine. The chain is asked through the portal's node.
 */
export async function measureVerifying({ portal, run, browser }: OwnNetwork, rounds: number): Promise<number> {
  const item = scenario.find(({ key }) => key === 'lind-ramipril');
  const details = patients.find(({ email }) => email === item?.patient);
  const member = staff.find(({ email }) => email === item?.doctor);
  if (!item || !details || !member) throw new Error('The demonstration has no such prescription.');
  const keyMaker = openKeyMaker({ password: demonstrationPassword, pin: demonstrationPin }, 1);
  const found = await findParticipant(portal, member.email);
  const held = await openHeld(portal, keyMaker, found.actor).finally(() => keyMaker.close());
  const { ETHEREUM_RPC_URL: rpcUrl = '', PRESCRIPTION_TOKEN_ADDRESS: address = '' } = run.portalEnv;
  const {
    issue: recorded,
    envelope,
    secrets,
  } = await issue(portal, { rpcUrl, address: toHex(Buffer.from(address.slice(2), 'hex')) }, item, {
    doctor: { ...found, ...held },
    patient: { ...(await findParticipant(portal, details.email)), details },
    pharmacist: undefined,
    seen: async () => ({ why: 'notShared' }),
  });
  const author = found.actor.subjectId;
  const dataKey = await openAuthorWrap(held.keys.readingSeed, recorded.id, author, secrets.authorWrap);
  const document = await openContent(dataKey, fromBase64Url(envelope), { ...recorded, author });
  const shown = disclose(dataKey, recorded.id, document, ['medicine', 'dosage', 'quantity', 'prescriber', 'validity']);

  const page = await (await browser.newContext({ baseURL: run.urls.portal })).newPage();
  const times: number[] = [];
  for (let index = -warmUps; index < rounds; index += 1) {
    await page.goto('/verify');
    await page.getByLabel('Token number or link of a proof').fill(proofLink(run.urls.portal, shown));
    const button = page.getByRole('button', { name: 'Verify', exact: true, disabled: false });
    const [until = 0] = await timesUntil(button, ['What is shown below is what its issuer committed to']);
    if (index >= 0) times.push(until);
  }
  return round(percentile(times, 0.5));
}
