import type { KeptIdentifier } from './kept.ts';
import { FhirRefusal, refuse } from './refusal.ts';
import type { Asked } from './resourceType.ts';
import { isNamed } from './searchValues.ts';

/** Conditional creates and updates (https://hl7.org/fhir/R4/http.html#ccreate). */

/**
 * The identifier of `If-None-Exist: identifier=system|value`, which must be one of the resource's own; undefined without the
 * header. So a create whose answer was lost is sent again, and makes nothing twice.
 */
export function soughtIdentifier(
  { header }: Pick<Asked, 'header'>,
  own: readonly KeptIdentifier[],
): string | undefined {
  const condition = header('if-none-exist');
  if (condition === undefined) return undefined;
  const params = [...new URLSearchParams(condition)];
  const [[name, token] = []] = params;
  if (params.length !== 1 || name !== 'identifier' || !token) {
    throw refuse(400, 'not-supported', 'If-None-Exist: identifier=system|value, and nothing else');
  }
  if (!isNamed(own, token)) throw refuse(400, 'value', 'If-None-Exist names an identifier that the resource has not');
  return token;
}

/**
 * What is there already of the identifiers of a create: it is answered where the request says so, and else refused, since one
 * identifier stands for one resource.
 */
export function existing<Kept extends { identifiers: readonly KeptIdentifier[] }>(
  asked: Pick<Asked, 'header'>,
  own: readonly KeptIdentifier[],
  kept: readonly Kept[],
): Kept | undefined {
  const sought = soughtIdentifier(asked, own);
  const tokens = own.map(({ system, value }) => (system === undefined ? value : `${system}|${value}`));
  const matches = kept.filter(({ identifiers }) => tokens.some((token) => isNamed(identifiers, token)));
  const [match] = matches;
  if (match === undefined) return undefined;
  if (sought === undefined) throw refuse(409, 'duplicate', 'a resource with this identifier is there already');
  if (matches.length > 1) throw refuse(412, 'duplicate', 'several resources have these identifiers');
  return match;
}

/** `If-Match: W/"3"` must name the version that is there: 412. Without the header 428, since others change it meanwhile. */
export function requireVersion({ header }: Pick<Asked, 'header'>, version: number): void {
  const given = header('if-match');
  if (given === undefined) throw new FhirRefusal(428, [{ code: 'required', diagnostics: 'If-Match is needed' }]);
  const [, named] = /^(?:W\/)?"([0-9]+)"$/.exec(given) ?? [];
  if (named !== `${version}`) throw refuse(412, 'conflict', 'the resource has another version by now');
}
