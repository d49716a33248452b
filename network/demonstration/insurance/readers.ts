import { type Member, memberKeys } from '#crypto/claim/member.ts';
import { paymentAddressOf } from '#crypto/claim/paymentKey.ts';
import type { Reader } from '#crypto/reader.ts';
import { policiesOf } from '#server/claims/owners.ts';
import type { Portal } from '#server/portal.ts';
import { allDevices, readInstitution } from '#server/registry/ledger.ts';
import type { Signer } from '../accounts.ts';
import { insured, insurer } from './members.ts';

/** For whom the demonstration seals what is about insurance. */

/** As the person's vault derives them. */
export const memberOf = (patient: Signer, policy: string): Promise<Member> =>
  memberKeys(patient.keys.walletKey, policy);

/** Who reads what is for the insurer: its house, and its adjudicator. */
export async function readersOf(portal: Portal): Promise<Reader[]> {
  const devices = await allDevices(portal.ledger, insurer);
  const adjudicators = devices.filter(({ purpose, status }) => purpose === 'adjudicator' && status === 'active');
  return [
    await institutionReader(portal, insurer),
    ...adjudicators.map(({ id, keys: { readingKey } }) => ({ id, readingKey })),
  ];
}

export async function institutionReader(portal: Portal, id: string): Promise<Reader> {
  const { reading } = await readInstitution(portal.ledger, id);
  if (reading === undefined) throw new Error(`${id} has no reading key.`);
  return { id, readingKey: reading.readingKey };
}

/** The addresses from which insured patients pay their bills. */
export async function pursesOf(portal: Portal, signerOf: (email: string) => Promise<Signer>): Promise<string[]> {
  const held = insured.map(async ({ patient: email }) => {
    const patient = await signerOf(email);
    const own = await policiesOf(portal, patient.actor);
    return own.map((policy) => paymentAddressOf(patient.keys.walletKey, policy));
  });
  return (await Promise.all(held)).flat();
}
