/** Scopes of SMART App Launch 2 for systems: `system/<Type>.<letters>`, letters of create, read, update, delete, search. */

export const interactions = ['c', 'r', 'u', 'd', 's'] as const;
export type Interaction = (typeof interactions)[number];

/** What is granted, by resource type. */
export type Grants = ReadonlyMap<string, ReadonlySet<Interaction>>;

const v1: Readonly<Record<string, readonly Interaction[]>> = {
  read: ['r', 's'],
  write: ['c', 'u', 'd'],
  '*': interactions,
};
const pattern = /^system\/([A-Z][A-Za-z]{1,63})\.(read|write|\*|c?r?u?d?s?)$/;

/**
 * Reads a list of scopes, those of SMART 1 among them. What is of another form, or about everything at once (`system/*`), grants
 * nothing: a client names what it needs.
 */
export function readScopes(text: string): Grants {
  const grants = new Map<string, Set<Interaction>>();
  for (const scope of text.split(' ').filter(Boolean).slice(0, 100)) {
    const [, type, letters] = pattern.exec(scope) ?? [];
    if (type === undefined || !letters) continue;
    const given = grants.get(type) ?? new Set();
    const allowed = v1[letters] ?? interactions.filter((one) => letters.includes(one));
    grants.set(type, new Set([...given, ...allowed]));
  }
  return grants;
}

/** What is in both, in the order of the letters. */
export function intersect(one: Grants, other: Grants): Grants {
  const both = [...one].map(([type, letters]) => {
    const allowed = other.get(type);
    return [type, new Set(interactions.filter((letter) => letters.has(letter) && allowed?.has(letter)))] as const;
  });
  return new Map(both.filter(([, letters]) => letters.size > 0));
}

export const writeScopes = (grants: Grants): string =>
  [...grants].map(([type, letters]) => `system/${type}.${[...letters].join('')}`).join(' ');
