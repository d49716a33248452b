import { createHash } from 'node:crypto';
import type { PrescriptionIssue } from '../model/prescription.ts';
import { canonicalJson } from '../model/state.ts';
import { institutionStatement, staffWrapStatement } from '../model/statements.ts';
import { bytesOf, day, instant, institutions } from './samples.ts';
import { signStatement } from './signing.ts';
import { hire, type World } from './world.ts';

/** The authority's register of controlled medicines, as tests use it. */

export const sealedEntry = { wrap: 'sealedWrap', ciphertext: 'sealedEntry' };
export const registerReference = {
  hash: createHash('sha256').update(canonicalJson(sealedEntry)).digest('hex'),
  ...{ to: institutions.authority.id, generation: 1 },
};

/** What makes an issue one of a controlled medicine; its transient data has `sealedEntry` as `register`. */
export const controlledTerms = (): Partial<PrescriptionIssue> => ({
  ...{ fills: 1, expires: instant(28 * day), controlled: true, register: registerReference },
});

/** Gives the authority its reading key, made by its admin. */
export async function giveAuthorityKey(world: World): Promise<void> {
  const { id } = institutions.authority;
  const admin = await hire(world, ['admin', 'authority'], 803);
  const said = { generation: 1, readingKey: 'I'.repeat(1622), by: admin.id };
  const reading = { ...said, signature: signStatement(admin, institutionStatement(id, said)) };
  const readerKeyHash = createHash('sha256').update(Buffer.from(admin.keys.readingKey, 'base64url')).digest('hex');
  const given = { practitioner: admin.id, generation: 1, readerKeyHash, wrap: 'W'.repeat(1558) };
  const staff = [{ ...given, signature: signStatement(admin, staffWrapStatement(id, admin.id, given)) }];
  await world.ledger.submit({
    ...{ channel: 'registry', contract: 'registry', function: 'putInstitutionReading', caller: admin },
    ...{ args: [id, JSON.stringify(reading)], transient: { staff: bytesOf(staff) } },
  });
}
