'use client';

import { useCallback, useEffect, useState } from 'react';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { vaultClient } from '#components/vault/client.ts';
import { VaultError } from '#components/vault/errors.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import {
  type DowntimeEntry,
  type DowntimeLine,
  type DowntimeProgress,
  downtimeEntry,
  downtimeProgress,
  isOpenLine,
  isOverrulable,
  lineName,
  nothingYet,
} from './entry.ts';
import { reconcileLine } from './reconcile.ts';
import { reconcilePort } from './reconcilePort.ts';

export interface DowntimeLog {
  device: string;
  lines: DowntimeLine[];
  /** Numbers of lines that colleagues wrote. */
  sealed: number[];
}

async function readLog(institution: string): Promise<DowntimeLog> {
  const { device, lines, sealed } = await vaultClient().call('readDowntime', { log: institution });
  const opened = lines.map(({ number, entry, progress, redeemHash }) => ({
    ...{ number, redeemHash, entry: downtimeEntry.parse(JSON.parse(entry)) },
    progress: progress === null ? nothingYet : downtimeProgress.parse(JSON.parse(progress)),
  }));
  return { device, lines: opened, sealed };
}

const lockName = 'medloom-downtime';

/** Does `work` while no other tab of this browser does the like. Throws BUSY_ELSEWHERE. */
async function alone(work: () => Promise<void>): Promise<void> {
  const isFree = await navigator.locks.request(lockName, { ifAvailable: true }, async (lock) => {
    if (lock === null) return false;
    await work();
    return true;
  });
  if (!isFree) throw new VaultError('BUSY_ELSEWHERE', t.downtime.list.otherTab);
}

/** The downtime log of the pharmacy on this device: null while the keys are locked. */
export function useDowntime(institution: string) {
  const person = usePerson();
  const vault = useVault();
  const signed = useSigned();
  const [log, setLog] = useState<DowntimeLog | null>(null);
  const [bringing, setBringing] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isOpen = vault.state === 'open';

  const refresh = useCallback(async () => {
    setLog(await readLog(institution));
  }, [institution]);

  useEffect(() => {
    if (!isOpen) return setLog(null);
    let current = true;
    readLog(institution).then(
      (read) => current && setLog(read),
      (thrown) => current && setProblem(problemOf(thrown)),
    );
    return () => {
      current = false;
    };
  }, [institution, isOpen]);

  /** Writes a hand-over down; answers the name of its line. Asks no server. */
  const write = useCallback(
    async (code: string, entry: DowntimeEntry): Promise<string> => {
      // What the browser may throw away when its disk fills up is not to be this.
      await navigator.storage?.persist?.().catch(() => false);
      const { origin } = window.location;
      const checked = JSON.stringify(downtimeEntry.parse(entry));
      const number = await vaultClient().call('writeDowntime', { log: institution, code, origin, entry: checked });
      const read = await readLog(institution);
      setLog(read);
      return lineName(read.device, number);
    },
    [institution],
  );

  const keep = useCallback(
    async (number: number, progress: DowntimeProgress) => {
      const checked = JSON.stringify(downtimeProgress.parse(progress));
      await vaultClient().call('keepDowntime', { log: institution, number, progress: checked });
    },
    [institution],
  );

  /** Brings lines to the ledgers one after the other; those with a conflict stay. Stops where nothing answers. */
  const bring = useCallback(
    async (which: (line: DowntimeLine) => boolean) => {
      setProblem(null);
      try {
        await alone(async () => {
          const { device, lines } = await readLog(institution);
          const port = reconcilePort({ own: institution, device, person, signed, save: keep });
          for (const line of lines.filter((each) => isOpenLine(each) && which(each))) {
            setBringing(lineName(device, line.number));
            await reconcileLine(line, port);
            await refresh();
          }
        });
      } catch (thrown) {
        setProblem(problemOf(thrown, 'OFFLINE'));
      } finally {
        setBringing(null);
        await refresh().catch((thrown) => setProblem(problemOf(thrown)));
      }
    },
    [institution, keep, person, refresh, signed],
  );

  /** Tries a line again, with what a person decided about its conflict. */
  const overrule = useCallback(
    async ({ number, progress }: DowntimeLine) => {
      const kind = progress.conflict?.kind;
      if (kind === undefined || !isOverrulable(kind)) return;
      await keep(number, { ...progress, overruled: [...new Set([...(progress.overruled ?? []), kind])] });
      await bring((line) => line.number === number);
    },
    [bring, keep],
  );

  /** Ends a line by what a person did about it. */
  const settle = useCallback(
    async ({ number, progress }: DowntimeLine, words: string) => {
      await keep(number, {
        ...progress,
        state: 'settled',
        settled: { at: new Date().toISOString(), by: person.name, words },
      });
      await refresh();
    },
    [keep, person.name, refresh],
  );

  return { log, bringing, problem, write, bring, overrule, settle };
}
export type Downtime = ReturnType<typeof useDowntime>;
