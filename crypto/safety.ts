import type { SafetyRecord } from '#fhir/safety.ts';
import { randomBytes, toBase64Url, utf8 } from './bytes.ts';
import { canonicalJson } from './canonicalJson.ts';
import { sha256Hex } from './derive.ts';

/** 16 random bytes, base64url: without it nobody finds what was checked of the hash on the ledger by trying. */
export const newSafetySalt = (): string => toBase64Url(randomBytes(16));

/** Hex SHA-256 over the whole check of a prescription, its salt included. */
export const safetyHashOf = (id: string, safety: SafetyRecord): string =>
  sha256Hex(
    utf8(canonicalJson({ purpose: 'medloom/prescription/safety/v1', id, check: JSON.parse(JSON.stringify(safety)) })),
  );

/** What the ledger has of a check: that it was made, by which table, and what came of it. */
export const safetySummaryOf = (id: string, safety: SafetyRecord) => ({
  tableVersion: safety.tableVersion,
  outcome: safety.outcome,
  hash: safetyHashOf(id, safety),
});

/**
 * Whether the check inside a prescription is the one that the ledger has: both are absent, or the summary is that of the
 * check.
 */
export function safetyMatches(
  id: string,
  safety: SafetyRecord | undefined,
  recorded: { tableVersion: string; outcome: string; hash: string } | undefined,
): boolean {
  if (safety === undefined || recorded === undefined) return safety === undefined && recorded === undefined;
  const own = safetySummaryOf(id, safety);
  return own.hash === recorded.hash && own.outcome === recorded.outcome && own.tableVersion === recorded.tableVersion;
}
