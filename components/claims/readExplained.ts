import type { OpenedClaim } from '#components/vault/claimParts.ts';
import { type Decided, parseExplanation, readExplanation } from '#fhir/explanation.ts';
import { encodeResource, FhirError } from '#fhir/parse.ts';

/** What an explanation says; undefined where it did not open, or is none however well it was sealed. */
export function readExplained(part: OpenedClaim['explanations'][number] | undefined): Decided | undefined {
  if (part === undefined || 'problem' in part) return undefined;
  try {
    return readExplanation(parseExplanation(encodeResource(part.content.explanation)));
  } catch (error) {
    if (error instanceof FhirError) return undefined;
    throw error;
  }
}
