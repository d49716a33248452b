import { createHash, X509Certificate } from 'node:crypto';
import { desc, inArray } from 'drizzle-orm';
import type { Portal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { certificates } from '../gateways/db/schema/care.ts';
import { people } from '../gateways/db/schema/people.ts';

/** Hex SHA-256 of the DER SubjectPublicKeyInfo of the key that a certificate certifies, as the ledgers name it. */
export function certifiedKeyHash(pem: string): string {
  const spki = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex');
}

/** Remembers a person's certificate for good; twice is once. */
export async function keepCertificate(db: Database, { subjectId, pem }: { subjectId: string; pem: string }) {
  await db
    .insert(certificates)
    .values({ keyHash: certifiedKeyHash(pem), subjectId, pem })
    .onConflictDoNothing();
}

/**
 * Every certificate that these subjects (`prac-…`, `pt-…`) have or had, newest first. People enrolled before this was kept
 * have their present one only.
 */
export async function certificatesOf({ db }: Pick<Portal, 'db'>, subjectIds: string[]): Promise<Map<string, string[]>> {
  if (subjectIds.length === 0) return new Map();
  const [kept, present] = await Promise.all([
    db
      .select({ subjectId: certificates.subjectId, pem: certificates.pem })
      .from(certificates)
      .where(inArray(certificates.subjectId, subjectIds))
      .orderBy(desc(certificates.since)),
    db
      .select({ subjectId: people.subjectId, pem: people.certificatePem })
      .from(people)
      .where(inArray(people.subjectId, subjectIds)),
  ]);
  const found = new Map<string, Set<string>>();
  for (const { subjectId, pem } of [...present, ...kept]) {
    if (pem === null) continue;
    const known = found.get(subjectId) ?? new Set<string>();
    found.set(subjectId, known.add(pem));
  }
  return new Map([...found].map(([subjectId, pems]) => [subjectId, [...pems]]));
}
