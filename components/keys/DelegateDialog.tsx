'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { type DelegatingRole, delegableFunctions, type NewDelegation } from '#chaincode/model/delegation.ts';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';
import type { Delegations } from '#server/delegations/schema.ts';

const text = t.keys.delegations;
const dayMs = 24 * 60 * 60 * 1000;
const dayOf = (ahead: number) => new Date(Date.now() + ahead * dayMs).toISOString().slice(0, 10);

/** Asks to which software, for what and until when. */
export function DelegateDialog({
  open,
  role,
  systems,
  onGive,
  onClose,
}: {
  open: boolean;
  role: DelegatingRole;
  systems: Delegations['systems'];
  onGive: (given: Omit<NewDelegation, 'id'>, model: string) => void;
  onClose: () => void;
}) {
  const all = delegableFunctions[role];
  const [device, setDevice] = useState(systems[0]?.id ?? '');
  const [without, setWithout] = useState<readonly string[]>([]);
  const [until, setUntil] = useState(() => dayOf(90));
  const [tried, setTried] = useState(false);
  const functions = all.filter((name) => !without.includes(name));
  const inTime = until >= dayOf(1) && until <= dayOf(365);
  const system = systems.find(({ id }) => id === device) ?? systems[0];

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={text.dialogTitle}
      description={text.dialogBody}
      closeLabel={t.shell.close}
    >
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!system || functions.length === 0 || !inTime) return;
          onGive({ device: system.id, functions: [...functions], until: `${until}T00:00:00.000Z` }, system.model);
          onClose();
        }}
      >
        <SelectField
          label={text.software}
          value={system?.id ?? ''}
          options={systems.map(({ id, model }) => ({ value: id, label: model }))}
          onChange={setDevice}
        />
        <fieldset className="space-y-1">
          <legend className="mb-1 font-bold">{text.functions}</legend>
          {all.map((name) => (
            <CheckBox
              key={name}
              checked={!without.includes(name)}
              onChange={(checked) => setWithout(checked ? without.filter((one) => one !== name) : [...without, name])}
            >
              {t.registry.words.functions[name]}
            </CheckBox>
          ))}
          {tried && functions.length === 0 && <p className="text-sm text-danger">{text.noneChosen}</p>}
        </fieldset>
        <TextField
          label={text.until}
          type="date"
          min={dayOf(1)}
          max={dayOf(365)}
          value={until}
          error={tried && !inTime ? text.untilWrong : null}
          onChange={(event) => setUntil(event.target.value)}
        />
        <p className="text-sm text-ink-2">{text.never}</p>
        <Button type="submit" look="primary" icon={ArrowRight}>
          {text.give}
        </Button>
      </form>
    </Dialog>
  );
}
