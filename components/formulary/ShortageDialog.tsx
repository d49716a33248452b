'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { shortageDeclaration } from '#chaincode/model/formulary.ts';
import { useChange } from '#components/registry/useChange.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { TextAreaField, TextField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { findProduct } from '#formulary/products.ts';
import { t } from '#messages/en.ts';
import { codeWords } from './codes.ts';

const text = t.formulary.shortages;

/** The authority declares a product short: which, why, and until when. */
export function ShortageDialog({ product, onClose }: { product: string; onClose: () => void }) {
  const [form, setForm] = useState({ product, reason: '', until: '' });
  const [tried, setTried] = useState(false);
  const { busy, problem, change } = useChange();
  const code = form.product.trim().toUpperCase();
  const known = findProduct(code);
  const parsed = shortageDeclaration.safeParse({
    ...{ product: code, reason: form.reason.trim() },
    ...(form.until !== '' && { until: form.until }),
  });
  const submit = async () => {
    setTried(true);
    if (known === undefined || !parsed.success) return;
    const names = { [code]: codeWords(code) ?? code };
    if (await change({ kind: 'formulary:declareShortage', shortage: parsed.data }, names)) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.declareTitle}
      description={text.declareBody}
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
        <TextField
          label={text.product}
          hint={known === undefined ? text.productHint : (codeWords(code) ?? '')}
          error={tried && known === undefined ? text.noProduct : null}
          mono
          maxLength={10}
          autoComplete="off"
          readOnly={product !== ''}
          autoFocus={product === ''}
          value={form.product}
          onChange={({ target }) => setForm((was) => ({ ...was, product: target.value }))}
        />
        <TextAreaField
          label={text.reason}
          hint={text.reasonHint}
          error={tried && form.reason.trim().length < 3 ? t.shell.reasonShort : null}
          maxLength={300}
          rows={2}
          value={form.reason}
          onChange={({ target }) => setForm((was) => ({ ...was, reason: target.value.replaceAll('\n', ' ') }))}
        />
        <TextField
          label={text.until}
          type="date"
          value={form.until}
          onChange={({ target }) => setForm((was) => ({ ...was, until: target.value }))}
        />
        {problem && <ProblemNotice problem={problem} />}
        <Button type="submit" look="primary" wide icon={ArrowRight} busy={busy}>
          {text.next}
        </Button>
      </form>
    </Dialog>
  );
}
