import { isIn } from '../atc.ts';
import type { Finding, Said } from '../finding.ts';
import { nameOf, substancesOf, titled } from '../recognise.ts';
import type { Order, Subject } from '../subject.ts';
import { duplicateGroups, meantTogether, sameSubgroup, sameSubstance } from '../table/duplicates.ts';
import { interactions } from '../table/interactions.ts';

type Common = Pick<Finding, 'evidence'>;

function interactionsOf(prescribed: string, taken: string, common: Common): Finding[] {
  if (prescribed === taken) return [];
  const meet = (one: readonly string[], other: readonly string[]) => isIn(prescribed, one) && isIn(taken, other);
  return interactions
    .filter(({ one, other }) => meet(one, other) || meet(other, one))
    .map(({ id, severity, explanation, source }) => ({
      ...{ ...common, rule: `interaction-${id}`, kind: 'interaction', severity, explanation, source },
      title: `${titled(nameOf(prescribed))} with ${nameOf(taken)}`,
    }));
}

function duplicatesOf(prescribed: string, taken: string, common: Common): Finding[] {
  const title = `${titled(nameOf(prescribed))} besides ${nameOf(taken)}`;
  const of = (rule: { id: string } & Pick<Finding, 'severity' | 'explanation' | 'source'>): Finding[] => {
    const { id, severity, explanation, source } = rule;
    return [{ ...common, rule: `duplicate-${id}`, kind: 'duplicate', severity, title, explanation, source }];
  };
  if (prescribed === taken) return of(sameSubstance);
  const group = duplicateGroups.find(({ atc }) => isIn(prescribed, atc) && isIn(taken, atc));
  if (group !== undefined) return of(group);
  const isSame = prescribed.slice(0, 5) === taken.slice(0, 5) && !isIn(prescribed, meantTogether);
  return isSame ? of(sameSubgroup) : [];
}

/** What is taken already against what is prescribed: interactions by pairs of groups, and therapy that is there already. */
export function checkMedicines({ medicines }: Subject, { product }: Order): Said {
  const said: Said = { findings: [], unknown: [] };
  if (medicines.missing !== undefined) said.unknown.push({ what: 'medicines', ...medicines.missing });
  for (const entry of medicines.value ?? []) {
    const { atc, isWhole } = substancesOf(entry);
    if (!isWhole) said.unknown.push({ what: 'medicines', why: 'notRecognised', detail: entry.text });
    const common = { evidence: entry.text };
    for (const taken of atc)
      said.findings.push(...interactionsOf(product.atc, taken, common), ...duplicatesOf(product.atc, taken, common));
  }
  return said;
}
