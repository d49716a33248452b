import { CryptoError } from '../errors.ts';
import { nodeHash, splitOf } from '../merkle.ts';
import { fieldLeaf } from './commitment.ts';
import { type Disclosure, openDisclosure } from './disclosure.ts';
import { type CommitmentField, commitmentFields } from './fields.ts';

type Branch = Disclosure['tree'];

/**
 * A disclosure that opens of what another opens the named fields alone: who holds one can show less to somebody else, and needs no key
 * for it. Throws `DISCLOSURE_MALFORMED`, also where a field is named that is not open.
 */
export function narrowDisclosure(disclosure: Disclosure, fields: readonly CommitmentField[]): Disclosure {
  const { hidden } = openDisclosure(disclosure);
  const missing = fields.find((field) => hidden.includes(field));
  if (missing !== undefined) throw new CryptoError('DISCLOSURE_MALFORMED', missing);
  const wanted = new Set<CommitmentField>(fields);
  const narrow = (branch: Branch, part: readonly CommitmentField[]): Branch => {
    if (branch instanceof Uint8Array) return branch;
    if (!Array.isArray(branch)) {
      const [field] = part;
      return field !== undefined && !wanted.has(field) ? fieldLeaf({ field, ...branch }) : branch;
    }
    const split = splitOf(part.length);
    const [left, right] = [narrow(branch[0], part.slice(0, split)), narrow(branch[1], part.slice(split))];
    // What stays closed has one hash, as `disclose` writes it.
    return left instanceof Uint8Array && right instanceof Uint8Array ? nodeHash(left, right) : [left, right];
  };
  return { ...disclosure, tree: narrow(disclosure.tree, commitmentFields) };
}
