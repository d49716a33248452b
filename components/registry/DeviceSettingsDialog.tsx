'use client';

import { Download, LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import { saveFile } from '#components/records/saveFile.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { certifyDevice } from '#server/registry/actions.ts';
import type { DeviceSettings } from '#server/registry/schema.ts';

const text = t.monitoringPages.devices;

/** The file that a device is given back once it is registered: its certificate, and where its readings go. */
export function DeviceSettingsDialog({ id, csrPem, onClose }: { id: string; csrPem: string; onClose: () => void }) {
  const [settings, setSettings] = useState<DeviceSettings | null>(null);
  const { problem, attempt } = useAttempt();
  useEffect(() => {
    void attempt(async () => setSettings(expectData(await certifyDevice({ device: id, csrPem }))));
  }, [id, csrPem, attempt]);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.settings.title}
      description={text.settings.body}
      closeLabel={t.shell.close}
      actions={
        <>
          <Button onClick={onClose}>{text.settings.done}</Button>
          <Button
            look="primary"
            icon={Download}
            disabled={settings === null}
            onClick={() => saveFile(`${id}.json`, 'application/json', [JSON.stringify(settings, null, 2)])}
          >
            {text.settings.save}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Facts rows={[{ name: text.number, value: <Hash>{id}</Hash>, copy: id }]} />
        {settings === null && problem === null && (
          <Notice icon={LoaderCircle} live="status" title={text.settings.making} />
        )}
        {problem && <ProblemNotice problem={problem} />}
      </div>
    </Dialog>
  );
}
