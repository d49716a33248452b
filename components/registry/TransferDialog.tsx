'use client';

import { ArrowRight } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import type { Device } from '#chaincode/model/registry.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import { useChange } from './useChange.ts';

const text = t.monitoringPages.devices;

/** An institution that a device can be handed to. */
export interface Receiver {
  id: string;
  name: string;
}

/** Hands a device over to another institution, which accepts it with new keys. */
export function TransferDialog({
  device,
  receivers,
  onClose,
}: {
  device: Pick<Device, 'id' | 'model'>;
  receivers: readonly Receiver[];
  onClose: () => void;
}) {
  const id = useId();
  const [to, setTo] = useState(receivers[0]?.id ?? '');
  const { change, busy, problem } = useChange();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const names = { [device.id]: device.model, ...Object.fromEntries(receivers.map((one) => [one.id, one.name])) };
    if (await change({ kind: 'transferDevice', device: device.id, institution: to }, names)) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.transferTitle(device.model)}
      description={text.transferBody}
      closeLabel={t.shell.close}
      actions={
        <>
          <Button onClick={onClose}>{t.shell.cancel}</Button>
          <Button type="submit" form={id} look="primary" icon={ArrowRight} busy={busy} disabled={to === ''}>
            {t.registry.devices.next}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="space-y-4">
        <SelectField
          label={text.transferTo}
          value={to}
          options={receivers.map(({ id: value, name }) => ({ value, label: name }))}
          onChange={setTo}
        />
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}
