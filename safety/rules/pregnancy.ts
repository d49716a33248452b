import { isIn } from '../atc.ts';
import { nothing, type Said } from '../finding.ts';
import { titled } from '../recognise.ts';
import { type Missing, type Order, openHalf, type Subject, yearsAt } from '../subject.ts';
import { type PregnancyLimit, pregnancyLimits } from '../table/pregnancy.ts';

/** Ages, in years, at which pregnancy is asked after: from (inclusive) to (exclusive). */
export const fertile = { from: 10, to: 56 };

/** Whether somebody may be pregnant, as far as sex and age tell; who is not known may. */
export function mayBePregnant({ sex, birthDate }: Pick<Subject, 'sex' | 'birthDate'>, at: string): boolean {
  if (sex.value === 'male') return false;
  if (birthDate.value === undefined) return true;
  const age = yearsAt(birthDate.value, at);
  return age >= fertile.from && age < fertile.to;
}

/** Whether what is not known could change anything: one half of it only where the table has a row of that half. */
const concerns = ({ detail }: Missing, limits: readonly PregnancyLimit[]): boolean =>
  !Object.values<string | undefined>(openHalf).includes(detail) || limits.some(({ when }) => openHalf[when] === detail);

/** The medicine against pregnancy and breast-feeding. */
export function checkPregnancy(subject: Subject, { product, at }: Order): Said {
  const limits = pregnancyLimits.filter(({ atc }) => isIn(product.atc, atc));
  const { value, missing } = subject.pregnancy;
  // Who is known to be pregnant is, whatever sex and age say.
  if (limits.length === 0 || (value === undefined && !mayBePregnant(subject, at))) return nothing;
  const said: Said = { findings: [], unknown: [] };
  if (missing !== undefined && mayBePregnant(subject, at) && concerns(missing, limits))
    said.unknown.push({ what: 'pregnancy', ...missing });
  for (const { id, when, severity, explanation, source } of limits) {
    if (when !== value) continue;
    const title = `${titled(product.name)}: ${when === 'pregnant' ? 'pregnancy' : 'breast-feeding'}`;
    const evidence = when === 'pregnant' ? 'pregnant' : 'breast-feeding';
    said.findings.push({ rule: id, kind: 'pregnancy', severity, title, explanation, source, evidence });
  }
  return said;
}
