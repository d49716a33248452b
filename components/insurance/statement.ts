import Papa from 'papaparse';
import type { Claim } from '#chaincode/model/claim.ts';
import { paidByPatient } from '#components/claims/leftToDo.ts';
import { t } from '#messages/en.ts';

const text = t.claims;

/** A claim in a statement of a year; amounts are minor units. */
export interface StatementLine {
  /** ISO 8601 date of the service. */
  day: string;
  provider: string;
  what: string;
  billed: number;
  insurer: number;
  patient: number;
  /** Of `patient`, what is known to be paid: in cash, or final on the chain. */
  paid: number;
  state: string;
  reasons: string;
}

/** What was billed for a patient in a year, in one currency, oldest first. */
export interface Statement {
  year: number;
  currency: string;
  lines: StatementLine[];
  total: Pick<StatementLine, 'billed' | 'insurer' | 'patient' | 'paid'>;
}

/**
 * The statements of a calendar year (UTC), one for each currency. Preauthorisations and what was reversed are no bills. `nameOf` says what
 * a claim is for, as far as the patient's browser has opened it.
 */
export function statementsOf(
  claims: readonly Claim[],
  year: number,
  { nameOf, providerOf }: { nameOf: (claim: Claim) => string | undefined; providerOf: (claim: Claim) => string },
): Statement[] {
  const billed = claims.filter(
    ({ use, state, servedAt }) =>
      use === 'claim' && state !== 'reversed' && new Date(servedAt).getUTCFullYear() === year,
  );
  return [...Map.groupBy(billed, ({ currency }) => currency)].map(([currency, ofCurrency]) => {
    const lines = ofCurrency
      .toSorted((a, b) => Date.parse(a.servedAt) - Date.parse(b.servedAt))
      .map((claim): StatementLine => {
        const decision = claim.decisions.at(-1);
        return {
          day: new Date(claim.servedAt).toISOString().slice(0, 10),
          provider: providerOf(claim),
          what: nameOf(claim) ?? text.categories[claim.category],
          billed: claim.billed,
          insurer: decision?.insurer ?? 0,
          patient: decision?.patient ?? 0,
          paid: paidByPatient(claim),
          state: text.states[claim.state],
          reasons: (decision?.reasons ?? []).map((reason) => text.reasons[reason]).join('; '),
        };
      });
    const sum = (name: keyof Statement['total']) => lines.reduce((total, line) => total + line[name], 0);
    const total = { billed: sum('billed'), insurer: sum('insurer'), patient: sum('patient'), paid: sum('paid') };
    return { year, currency, lines, total };
  });
}

const major = (minor: number) => (minor / 100).toFixed(2);

/** A statement as a spreadsheet reads it: a line for each claim, amounts in the currency's major unit. */
export function statementCsv({ currency, lines }: Statement): string {
  const rows = lines.map(({ day, provider, what, billed, insurer, patient, paid, state, reasons }) => ({
    ...{ day, provider, what, currency, billed: major(billed), insurer: major(insurer) },
    ...{ patient: major(patient), paid: major(paid), state, reasons },
  }));
  const columns = [
    ...['day', 'provider', 'what', 'currency', 'billed', 'insurer', 'patient', 'paid', 'state', 'reasons'],
  ];
  // A name that begins like a formula must stay a name where a spreadsheet opens it.
  return Papa.unparse(rows, { columns, escapeFormulae: true });
}
