'use client';

import { Boxes, Sparkles } from 'lucide-react';
import { useState } from 'react';
import { sscc as ssccShape } from '#chaincode/model/trace.ts';
import { Button } from '#components/ui/Button.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { Gs1Error } from '#gs1/error.ts';
import { t } from '#messages/en.ts';
import { readThing } from './readThing.ts';
import { newSscc, type PrefixLength, prefixLengths } from './sscc.ts';

const text = t.supply.pack;

/** The case that things go into: a new number of the company, or one that is there already. */
export function CaseField({
  gln,
  known,
  value,
  onChange,
}: {
  /** GLN of the place, which begins with the company's prefix. */
  gln: string;
  /** Digits of that prefix, where a product of the company says so. */
  known: PrefixLength | undefined;
  value: string;
  onChange: (sscc: string) => void;
}) {
  const [length, setLength] = useState<PrefixLength>(known ?? 7);
  const [typed, setTyped] = useState('');
  const wrong = typed !== '' && caseOf(typed) === undefined;
  return (
    <fieldset className="space-y-3">
      <legend className="mb-1.5 text-sm font-semibold text-ink-2">{text.case}</legend>
      {value !== '' && (
        <p className="flex items-center gap-2 font-mono text-base font-semibold">
          <Boxes size={18} aria-hidden className="text-ink-3" />
          {value}
        </p>
      )}
      {known === undefined && (
        <SelectField
          label={text.prefix}
          hint={text.prefixHint}
          value={String(length)}
          onChange={(chosen) => setLength(prefixLengths.find((each) => String(each) === chosen) ?? length)}
          options={prefixLengths.map((each) => ({ value: String(each), label: `${each}: ${gln.slice(0, each)}` }))}
        />
      )}
      <Button
        icon={Sparkles}
        disabled={gln === ''}
        onClick={() => {
          setTyped('');
          onChange(newSscc(gln, length));
        }}
      >
        {text.newCase}
      </Button>
      <TextField
        label={text.caseTyped}
        hint={text.caseHint}
        error={wrong ? text.caseWrong : null}
        mono
        autoComplete="off"
        inputMode="numeric"
        maxLength={40}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          const read = caseOf(target.value);
          if (read !== undefined) onChange(read);
        }}
      />
    </fieldset>
  );
}

function caseOf(typed: string): string | undefined {
  const digits = typed.replaceAll(/\s/g, '');
  if (ssccShape.safeParse(digits).success) return digits;
  try {
    const { item } = readThing(typed.trim());
    return item.kind === 'container' ? item.sscc : undefined;
  } catch (thrown) {
    if (thrown instanceof Gs1Error) return undefined;
    throw thrown;
  }
}
