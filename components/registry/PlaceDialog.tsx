'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import type { Site } from '#chaincode/model/product.ts';
import { Button } from '#components/ui/Button.tsx';
import { CodeField } from '#components/ui/CodeField.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import { PlacePicker } from './PlacePicker.tsx';
import { coordinatesOf, degreesText, digitsOf, faultsOf, placeOf } from './placeForm.ts';
import { useChange } from './useChange.ts';

const text = t.registry.places;

/** A new place of the institution, or another name or spot for one that is there; its GLN stays. */
export function PlaceDialog({
  institution,
  site,
  others,
  onClose,
}: {
  institution: { id: string; name: string };
  site?: Site;
  /** The institution's places. */
  others: readonly Site[];
  onClose: () => void;
}) {
  const [form, setForm] = useState({
    ...{ gln: site?.gln ?? '', name: site?.name ?? '' },
    ...{ latitude: site?.latitude ?? '', longitude: site?.longitude ?? '' },
  });
  const [tried, setTried] = useState(false);
  const { busy, problem, change } = useChange();
  const faults = faultsOf(form);
  const set = (part: Partial<typeof form>) => setForm((was) => ({ ...was, ...part }));
  const isTaken = site === undefined && others.some(({ gln }) => gln === form.gln);
  // What is half typed is not wrong yet; a character that can never be right is.
  const glnFault = faults.gln && (tried || faults.gln.position < form.gln.length) ? faults.gln : null;
  const known = others
    .filter(({ gln }) => gln !== site?.gln)
    .map(({ gln, name, latitude, longitude }) => ({
      ...{ gln, name, latitude: Number(latitude), longitude: Number(longitude) },
    }));

  const submit = async () => {
    setTried(true);
    if (Object.keys(faults).length > 0 || isTaken) return;
    const intent = { kind: 'registerSite', site: placeOf(form, institution.id) } as const;
    if (await change(intent, { [institution.id]: institution.name })) onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={site ? text.changeTitle(site.name) : text.add}
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
          label={text.gln}
          hint={text.glnHint}
          inputMode="numeric"
          maxLength={20}
          readOnly={site !== undefined}
          autoFocus={site === undefined}
          value={form.gln}
          fault={glnFault}
          onChange={({ target }) => set({ gln: digitsOf(target.value) })}
        />
        {isTaken && <Notice tone="warn" title={text.taken} live="status" />}
        <TextField
          label={text.name}
          hint={text.nameHint}
          error={tried ? faults.name : null}
          maxLength={200}
          autoComplete="off"
          value={form.name}
          onChange={({ target }) => set({ name: target.value })}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          {(['latitude', 'longitude'] as const).map((axis) => (
            <TextField
              key={axis}
              label={text[axis]}
              hint={text[`${axis}Hint`]}
              error={tried ? faults[axis] : null}
              inputMode="decimal"
              maxLength={14}
              autoComplete="off"
              value={form[axis]}
              onChange={({ target }) => set({ [axis]: target.value })}
            />
          ))}
        </div>
        <PlacePicker
          at={coordinatesOf(form)}
          known={known}
          onPick={({ latitude, longitude }) =>
            set({ latitude: degreesText(latitude), longitude: degreesText(longitude) })
          }
        />
        {problem?.code === 'ALREADY_EXISTS' ? (
          <Notice tone="danger" title={text.others} live="alert">
            <p>{text.othersNext}</p>
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
