'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { type FormularyEntry, mostFormularyTerms } from '#chaincode/model/formulary.ts';
import { useSigned } from '#components/signing/useSigned.ts';
import { problemOf } from '#components/ui/errors.ts';
import { t } from '#messages/en.ts';
import { type LineFault, type LineOutcome, mostFormularyLines, type ReadLine, readFormularyTable } from './table.ts';

const text = t.formulary.imports;

/** A table that was looked at. */
export interface ChosenTable {
  name: string;
  lines: ReadLine[];
  leftOut: LineFault[];
}

/** Puts a table in force, 50 lines a transaction, and tells of each line what became of it. */
export function useImport(scope: string, scopeName: string, national: readonly FormularyEntry[] | undefined) {
  const signed = useSigned();
  const router = useRouter();
  const [table, setTable] = useState<ChosenTable | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [outcomes, setOutcomes] = useState<LineOutcome[] | null>(null);
  const [busy, setBusy] = useState(false);

  const choose = async (file: File) => {
    setOutcomes(null);
    setTable(null);
    const read = readFormularyTable(await file.text(), national);
    if (read === null) return setFault(text.noTable);
    if (read.lines.length > mostFormularyLines) return setFault(text.tooMany);
    setFault(null);
    setTable({ name: file.name, ...read });
  };

  const send = async () => {
    if (table === null) return;
    setBusy(true);
    const told: LineOutcome[] = table.leftOut.map(({ line, why }) => ({ line, code: '', outcome: 'leftOut', why }));
    for (let at = 0; at < table.lines.length; at += mostFormularyTerms) {
      const part = table.lines.slice(at, at + mostFormularyTerms);
      const entries = part.map(({ terms }) => terms);
      const rows = (outcome: LineOutcome['outcome'], why: string) =>
        part.map(({ line, terms: { code } }) => ({ line, code, outcome, why }));
      try {
        await signed({ kind: 'formulary:put', terms: { scope, entries } }, { names: { [scope]: scopeName } });
        told.push(...rows('recorded', ''));
      } catch (thrown) {
        // The ledger takes the lines of a transaction together or not at all; the others may still be taken.
        told.push(...rows('refused', problemOf(thrown).message));
      }
    }
    setOutcomes(told.sort((one, other) => one.line - other.line));
    setTable(null);
    setBusy(false);
    router.refresh();
  };

  return { table, fault, outcomes, busy, choose, send };
}
