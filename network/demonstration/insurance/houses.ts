import { bytesToHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { Signer } from '../accounts.ts';
import { institutions, type StaffMember, staff } from '../people.ts';
import { insurer } from './members.ts';

/**
 * Whose built-in wallet stands for an institution where payments are made: a person of each pharmacy and hospital takes out what it was
 * paid, one of the insurer who decides no claims pays, releases payments and is its treasurer, one of the authority sets the assistance
 * fund's rules. In earnest such a wallet has several people's keys, and the treasurer's another's than who releases.
 */
const treasury = 'astrid.moen@northernmutual.example' satisfies (typeof staff)[number]['email'];
const holders: readonly StaffMember['role'][] = ['pharmacist', 'doctor', 'regulator'];

/** An institution with the address that stands for it. */
export interface House {
  institution: string;
  address: string;
}

/** Of every provider, the insurer and the authority. */
export async function housesOf(signerOf: (email: string) => Promise<Signer>): Promise<House[]> {
  const members = institutions.flatMap(({ id }) => {
    const isIts = ({ institutionId, role, email }: StaffMember) =>
      institutionId === id && (id === insurer ? email === treasury : holders.includes(role));
    const email = staff.find(isIts)?.email;
    return email === undefined ? [] : [{ institution: id, email }];
  });
  return Promise.all(
    members.map(async ({ institution, email }) => {
      const { keys } = await signerOf(email);
      return { institution, address: privateKeyToAccount(bytesToHex(keys.walletKey)).address };
    }),
  );
}
