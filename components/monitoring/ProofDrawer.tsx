'use client';

import { BadgeCheck, Clock, Download, LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { type StoredBatch, storedBatch } from '#chaincode/model/telemetry.ts';
import { saveFile } from '#components/records/saveFile.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { vaultClient } from '#components/vault/client.ts';
import { askPortal } from '#components/vault/portal.ts';
import { read } from '#components/vault/records.ts';
import { t } from '#messages/en.ts';
import { seriesOf } from '#monitoring/catalogue.ts';
import type { PlacedReading } from './feedState.ts';
import { valueWords } from './words.ts';

const text = t.monitoringPages.proof;
const askAgainMs = 3_000;

type ProofState =
  | { state: 'checking' }
  /** No batch with it is on the ledger yet. */
  | { state: 'pending' }
  | { state: 'failed'; problem: Problem }
  | { state: 'proved'; batch: StoredBatch; proof: Uint8Array<ArrayBuffer> };

const found = z.array(z.object({ id: z.string(), state: z.string() }));

/** The batch of a reading's frame as the ledger has it; undefined before it is there. */
async function batchOf(patient: string, frame: string): Promise<StoredBatch | undefined> {
  const response = await askPortal(`/api/telemetry/batches?${new URLSearchParams({ patient, frame })}`);
  const [batch] = found.parse(await response.json());
  return batch?.state === 'anchored' ? read({ kind: 'telemetry:readBatch', id: batch.id }, storedBatch) : undefined;
}

/** Proves one reading against the ledger, in this browser, and gives the proof to take along. */
export function ProofDrawer({
  patient,
  reading,
  certificates,
  onClose,
}: {
  patient: string;
  reading: PlacedReading;
  /** Of everybody in the circle. */
  certificates: string[];
  onClose: () => void;
}) {
  const [proved, setProved] = useState<ProofState>({ state: 'checking' });
  const { frame, index, device } = reading.origin;

  useEffect(() => {
    let current = true;
    const prove = async (): Promise<ProofState> => {
      try {
        const batch = await batchOf(patient, frame);
        if (batch === undefined) return { state: 'pending' };
        const { proof } = await vaultClient().call('proveFrameReading', { batch, frame, index, certificates });
        return { state: 'proved', batch, proof };
      } catch (thrown) {
        return { state: 'failed', problem: problemOf(thrown, 'OFFLINE') };
      }
    };
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const state = await prove();
      if (!current) return;
      setProved(state);
      // Readings are recorded every few seconds: this one will be.
      if (state.state === 'pending') waiting = setTimeout(() => void look(), askAgainMs);
    };
    void look();
    return () => {
      current = false;
      clearTimeout(waiting);
    };
  }, [patient, frame, index, certificates]);

  const said = seriesOf(reading.measure)
    .map((name, at) => `${t.monitoring.series[name]} ${valueWords(name, reading.values[at] ?? 0)}`)
    .join(', ');
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title}
      closeLabel={t.shell.close}
      place="drawer"
    >
      <div className="space-y-4">
        {proved.state === 'checking' && <Notice icon={LoaderCircle} live="status" title={text.checking} />}
        {proved.state === 'pending' && (
          <Notice icon={Clock} live="status" title={text.pending}>
            <p>{text.pendingBody}</p>
          </Notice>
        )}
        {proved.state === 'failed' && (
          <>
            <Notice tone="danger" live="alert" title={text.refused}>
              <p>{text.refusedBody}</p>
            </Notice>
            <ProblemNotice problem={proved.problem} />
          </>
        )}
        {proved.state === 'proved' && (
          <Notice tone="ok" icon={BadgeCheck} live="status" title={text.verified}>
            <p>{text.verifiedBody}</p>
          </Notice>
        )}
        <Facts
          rows={[
            { name: text.reading, value: said || t.monitoring.measures[reading.measure] },
            { name: text.measured, value: <Time value={new Date(reading.at).toISOString()} /> },
            { name: text.device, value: <Hash>{device}</Hash>, copy: device },
            ...(proved.state === 'proved'
              ? [
                  { name: text.batch, value: <Hash>{proved.batch.id}</Hash>, copy: proved.batch.id },
                  { name: text.root, value: <Hash>{proved.batch.root}</Hash>, copy: proved.batch.root },
                  { name: text.cid, value: <Hash>{proved.batch.cid}</Hash>, copy: proved.batch.cid },
                  { name: text.recorded, value: <Time value={proved.batch.at} /> },
                ]
              : []),
          ]}
        />
        {proved.state === 'proved' && (
          <Button
            icon={Download}
            onClick={() => saveFile(`${proved.batch.id}.proof.cbor`, 'application/cbor', [proved.proof])}
          >
            {text.save}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
