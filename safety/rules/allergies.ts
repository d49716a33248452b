import type { Severity } from '#fhir/safety.ts';
import { fold } from '#formulary/search.ts';
import { isIn } from '../atc.ts';
import type { Finding, Said } from '../finding.ts';
import { substancesOf, titled } from '../recognise.ts';
import type { Entry, Order, Subject } from '../subject.ts';
import { type AllergyGroup, allergyGroups, noneKnown, notMedicines } from '../table/allergies.ts';
import { smpc } from '../table/sources.ts';

const snomedOf = ({ code }: Entry) => (code?.startsWith('sct|') ? code.slice(4) : undefined);

/** Whether a word of the text begins with one of some. */
const says = (text: string, words: readonly string[]): boolean =>
  words.some((word) => new RegExp(`(?:^|[^a-z0-9])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`).test(`${text} `));

const isNamed = ({ words, snomed = [] }: Pick<AllergyGroup, 'words' | 'snomed'>, entry: Entry): boolean => {
  const code = snomedOf(entry);
  return (code !== undefined && snomed.includes(code)) || says(fold(entry.text), words);
};

/** Whether an entry says that there is no allergy. */
const saysNone = (entry: Entry): boolean => isNamed(noneKnown, entry);

/** A severe reaction makes a cross-reaction weigh more. */
const raised = (severity: Severity, isSevere: boolean): Severity =>
  isSevere && severity === 'moderate' ? 'serious' : severity;

function findingsOf(entry: Entry, { product }: Order): { findings: Finding[]; isRecognised: boolean } {
  const groups = allergyGroups.filter((group) => isNamed(group, entry));
  const { atc: substances } = substancesOf(entry);
  const subject = titled(product.name);
  const common = { kind: 'allergy' as const, evidence: entry.text };
  const findings = groups.flatMap((group): Finding[] => {
    if (isIn(product.atc, group.atc)) {
      const title = `${subject}: allergy to ${group.name}`;
      const explanation = `${subject} belongs to ${group.name}, to which an allergy is recorded.`;
      const { id, source } = group;
      return [{ ...common, rule: `allergy-${id}`, severity: 'contraindicated', title, explanation, source }];
    }
    const cross = group.cross?.find(({ atc }) => isIn(product.atc, atc));
    if (cross === undefined) return [];
    const { id, explanation, source } = cross;
    const severity = raised(cross.severity, entry.severe === true);
    const title = `${subject}: may cross-react with ${group.name}`;
    return [{ ...common, rule: `allergy-${id}`, severity, title, explanation, source }];
  });
  if (findings.length === 0 && substances.includes(product.atc)) {
    findings.push({
      ...{ ...common, rule: 'allergy-same-substance', severity: 'contraindicated' },
      title: `${subject}: allergy to it`,
      explanation: `An allergy to ${product.name} itself is recorded.`,
      source: smpc(product.name, '4.3'),
    });
  }
  return { findings, isRecognised: groups.length > 0 || substances.length > 0 };
}

/** Allergies of the record against what is prescribed: the same group, a group that cross-reacts, the substance itself. */
export function checkAllergies({ allergies }: Subject, order: Order): Said {
  const said: Said = { findings: [], unknown: [] };
  if (allergies.missing !== undefined) said.unknown.push({ what: 'allergies', ...allergies.missing });
  for (const entry of allergies.value ?? []) {
    const { findings, isRecognised } = findingsOf(entry, order);
    said.findings.push(...findings);
    if (!isRecognised && !saysNone(entry) && !says(fold(entry.text), notMedicines))
      said.unknown.push({ what: 'allergies', why: 'notRecognised', detail: entry.text });
  }
  return said;
}
