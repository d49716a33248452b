'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { useChange } from '#components/registry/useChange.ts';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { CodeField } from '#components/ui/CodeField.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import { faultsOf, gtinOf, type ProductForm, productOf } from './productForm.ts';
import { type PrefixLength, prefixLengths } from './sscc.ts';

const text = t.supply.products.register;

/** A product of the maker, registered for good; afterwards batches of it can be made. */
export function ProductDialog({
  maker,
  prefixLength,
  onClose,
}: {
  maker: { id: string; name: string };
  /** As the maker's other products have it. */
  prefixLength: PrefixLength | undefined;
  onClose: () => void;
}) {
  const [form, setForm] = useState<ProductForm>({
    ...{ gtin: '', name: '', prefixLength: prefixLength ?? 7, isStored: true, coldest: '15', warmest: '25' },
  });
  const [tried, setTried] = useState(false);
  const { busy, problem, change } = useChange();
  const faults = faultsOf(form);
  const set = (part: Partial<ProductForm>) => setForm((was) => ({ ...was, ...part }));
  const gtin = gtinOf(form.gtin);
  // What is half typed is not wrong yet; a character that can never be right is.
  const isHalf = typeof gtin !== 'string' && gtin.position >= form.gtin.length;
  const shown = typeof gtin === 'string' ? gtin : undefined;

  const submit = async () => {
    setTried(true);
    if (Object.keys(faults).length > 0) return;
    const product = productOf(form, maker.id);
    if (await change({ kind: 'registerProduct', product }, { [maker.id]: maker.name })) onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title}
      description={text.body}
      closeLabel={t.shell.close}
    >
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <CodeField
          label={text.gtin}
          hint={text.gtinHint}
          inputMode="numeric"
          maxLength={20}
          autoFocus
          value={form.gtin}
          fault={tried || !isHalf ? (faults.gtin ?? null) : null}
          onChange={({ target }) => set({ gtin: target.value.replaceAll(/\s/g, '') })}
        />
        <SelectField
          label={t.supply.pack.prefix}
          hint={text.prefixHint}
          value={String(form.prefixLength)}
          onChange={(chosen) =>
            set({ prefixLength: prefixLengths.find((each) => String(each) === chosen) ?? form.prefixLength })
          }
          options={prefixLengths.map((each) => ({
            value: String(each),
            // Behind the first digit, which says how many packs are packed together.
            label: shown ? `${each}: ${shown.slice(1, each + 1)}` : String(each),
          }))}
        />
        <TextField
          label={text.name}
          hint={text.nameHint}
          error={tried ? faults.name : null}
          maxLength={200}
          autoComplete="off"
          value={form.name}
          onChange={({ target }) => set({ name: target.value })}
        />
        <CheckBox checked={form.isStored} onChange={(isStored) => set({ isStored })}>
          {text.stored}
        </CheckBox>
        {form.isStored && (
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label={text.coldest}
              error={tried ? faults.storage : null}
              inputMode="numeric"
              maxLength={5}
              autoComplete="off"
              value={form.coldest}
              onChange={({ target }) => set({ coldest: target.value })}
            />
            <TextField
              label={text.warmest}
              inputMode="numeric"
              maxLength={5}
              autoComplete="off"
              value={form.warmest}
              onChange={({ target }) => set({ warmest: target.value })}
            />
          </div>
        )}
        {problem?.code === 'ALREADY_EXISTS' ? (
          <Notice tone="danger" title={text.taken} live="alert">
            <p>{text.takenNext}</p>
          </Notice>
        ) : (
          problem && <ProblemNotice problem={problem} />
        )}
        <Button type="submit" look="primary" wide icon={ArrowRight} busy={busy}>
          {text.next}
        </Button>
      </form>
    </Dialog>
  );
}
