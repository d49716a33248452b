'use client';

import { NotebookPen, WifiOff } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import { isOpenLine } from './entry.ts';
import { useDowntime } from './useDowntime.ts';

const text = t.downtime;

/** What says that ledgers or network are away, and not that something is wrong with what was asked. */
export const isAway = (code: string | undefined): boolean => code !== undefined && /^OFFLINE$|_UNAVAILABLE$/.test(code);

const listen = (told: () => void) => {
  window.addEventListener('online', told);
  window.addEventListener('offline', told);
  return () => {
    window.removeEventListener('online', told);
    window.removeEventListener('offline', told);
  };
};

/** The way from the counter into the downtime log: loud while the ledgers are away, and while lines wait in the log. */
export function DowntimeDoor({
  institutionId,
  away,
  onOpen,
}: {
  institutionId: string;
  /** The last question had no answer. */
  away: boolean;
  onOpen: () => void;
}) {
  const online = useSyncExternalStore(
    listen,
    () => navigator.onLine,
    () => true,
  );
  const { log } = useDowntime(institutionId);
  const waiting = log?.lines.filter(isOpenLine).length ?? 0;
  const open = (
    <Button size="sm" icon={NotebookPen} onClick={onOpen}>
      {text.see}
    </Button>
  );
  useReadyScanner();
  if (away || !online) {
    return (
      <Notice tone="warn" icon={WifiOff} title={text.away.title} live="alert" actions={open}>
        <p>{text.away.body}</p>
      </Notice>
    );
  }
  if (waiting === 0) return null;
  return (
    <Notice tone="warn" icon={NotebookPen} title={text.waits(waiting)} actions={open}>
      <p>{text.waitsBody}</p>
    </Notice>
  );
}

/** Loads what reads pictures of codes while there is a network, so that the camera works without one too. */
function useReadyScanner() {
  const [begun, setBegun] = useState(false);
  useEffect(() => {
    if (begun) return;
    const timer = setTimeout(() => {
      setBegun(true);
      // Without it only camera and pictures wait for the network.
      import('#components/scanning/readCode.ts').then(({ readyReader }) => readyReader()).catch(() => setBegun(false));
    }, 5_000);
    return () => clearTimeout(timer);
  }, [begun]);
}
