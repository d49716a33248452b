'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import type { Device } from '#chaincode/model/registry.ts';
import { OfferedDevices } from '#components/monitoring/OfferedDevices.tsx';
import { deviceIn } from '#components/monitoring/seatTerm.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { Field, TextAreaField, TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { newIdentifier } from '#crypto/identifier.ts';
import { t } from '#messages/en.ts';
import type { OfferedDevice } from '#server/circles/schema.ts';
import { DeviceSettingsDialog } from './DeviceSettingsDialog.tsx';
import { type DeviceDescription, readDeviceFile, requestIn } from './deviceFile.ts';
import { useChange } from './useChange.ts';

const text = t.registry.devices;
const monitoring = t.monitoringPages.devices;
const longestFile = 10_000;

/** Registers a device by the file that it gives out, or gives one that is registered its new keys. */
export function DeviceDialog({
  institutionId,
  device,
  accepting,
  onClose,
}: {
  institutionId: string;
  /** The device that gets new keys. */
  device?: Device;
  /** Takes over a device that another institution hands over: one of these, or another by its number. */
  accepting?: readonly OfferedDevice[];
  onClose: () => void;
}) {
  const [entered, setEntered] = useState('');
  const [number, setNumber] = useState('');
  const [read, setRead] = useState<DeviceDescription | null>(null);
  const [registered, setRegistered] = useState<{ id: string; csrPem: string } | null>(null);
  const { change, busy, problem } = useChange();
  const taken = deviceIn(number);
  const isNew = device === undefined && accepting === undefined;
  const foreign = device !== undefined && read !== null && read.serialHash !== device.serialHash;

  const take = async (content: string) => {
    setEntered(content);
    setRead((await readDeviceFile(content)) ?? null);
  };
  /** One that connects to the gateway is given its settings; of any other this was all. */
  const follow = (id: string) => {
    const csrPem = requestIn(entered);
    if (csrPem === undefined) onClose();
    else setRegistered({ id, csrPem });
  };
  const submit = async ({ serialNumber: _, ...description }: DeviceDescription) => {
    const { keys } = description;
    if (accepting) {
      if (taken === undefined) return;
      const done = await change({ kind: 'acceptDevice', device: taken, keys }, { [taken]: description.model });
      return done ? follow(taken) : undefined;
    }
    const id = device?.id ?? newIdentifier('dev');
    const done = device
      ? await change({ kind: 'rotateDeviceKeys', device: id, keys }, { [id]: device.model })
      : await change({ kind: 'registerDevice', device: { id, institutionId, ...description } });
    if (done) follow(id);
  };

  if (registered !== null) return <DeviceSettingsDialog {...registered} onClose={onClose} />;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={device ? text.renewTitle(device.model) : accepting ? monitoring.accept : text.add}
      closeLabel={t.shell.close}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (read && !foreign) void submit(read);
        }}
      >
        {accepting && (
          <>
            <OfferedDevices
              legend={monitoring.offeredToUs}
              none={monitoring.offeredNone}
              offered={accepting}
              chosen={taken}
              onChoose={setNumber}
            />
            <TextField
              label={monitoring.number}
              hint={monitoring.numberHint}
              mono
              autoComplete="off"
              value={number}
              onChange={({ target }) => setNumber(target.value)}
            />
          </>
        )}
        <Field label={text.file} hint={text.fileHint}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept="application/json,.json"
              className="control"
              onChange={(event) => {
                const [file] = event.target.files ?? [];
                if (file && file.size <= longestFile) void file.text().then(take);
              }}
            />
          )}
        </Field>
        <TextAreaField
          label={text.paste}
          rows={5}
          maxLength={longestFile}
          spellCheck={false}
          value={entered}
          onChange={(event) => void take(event.target.value)}
        />
        {entered !== '' && read === null && (
          <Notice tone="warn" title={text.unreadable} live="status">
            <p>{text.unreadableNext}</p>
          </Notice>
        )}
        {foreign && <Notice tone="danger" title={text.anotherSerial} live="alert" />}
        {read && (
          <div className="space-y-2">
            <p className="text-sm font-semibold">{text.check}</p>
            <Facts
              rows={[
                { name: text.model, value: read.model },
                { name: text.serial, value: `${read.serialNumber} · ${text.serialHint}` },
                { name: monitoring.purpose, value: monitoring.purposeOf[read.purpose ?? 'system'] },
                // New keys alone are signed for a device that is registered already.
                ...(isNew && read.attestation ? [attestationRow(read.attestation)] : []),
                { name: text.fingerprint, value: <Hash>{read.keys.signingKeyHash}</Hash> },
              ]}
            />
          </div>
        )}
        {problem && <ProblemNotice problem={problem} />}
        <Button
          type="submit"
          look="primary"
          wide
          icon={ArrowRight}
          busy={busy}
          disabled={!read || foreign || (accepting !== undefined && taken === undefined)}
        >
          {text.next}
        </Button>
      </form>
    </Dialog>
  );
}

const attestationRow = ({ format, hash }: NonNullable<Device['attestation']>) => ({
  name: monitoring.attestation,
  value: (
    <>
      {format} <Hash>{hash}</Hash>
    </>
  ),
});
