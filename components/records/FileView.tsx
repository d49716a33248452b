'use client';

import { Download, Eye, FileText } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { formatNumber } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { vaultClient } from '#components/vault/client.ts';
import type { AttachedFile } from '#fhir/attachment.ts';
import { t } from '#messages/en.ts';

const text = t.recordPages.entry;

/** What the page shows itself; nothing of it is ever run. Everything else can only be saved. */
const pictures = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
const pdf = 'application/pdf';
const units = ['bytes', 'kB', 'MB'] as const;

export function sizeWords(bytes: number): string {
  const step = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : 2;
  return `${formatNumber(bytes / 1000 ** step, step === 2 ? 1 : 0)} ${units[step]}`;
}

/** A file of a document that is open: decrypted piece by piece in this browser, shown in place or saved. */
export function FileView({ document: id, file }: { document: string; file: AttachedFile }) {
  const [done, setDone] = useState<number | null>(null);
  const [url, setUrl] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const shown = pictures.includes(file.contentType) || file.contentType === pdf;
  const title = file.title ?? text.untitled;

  useEffect(() => () => void (url !== null && URL.revokeObjectURL(url)), [url]);

  const decrypt = async (): Promise<string | null> => {
    if (url !== null) return url;
    setProblem(null);
    setDone(0);
    try {
      const { index, contentType, size, root, hash } = file;
      const pieces: Blob[] = [];
      let read = 0;
      for (let begin = true; ; begin = false) {
        const attachment = { index, size, root, hash };
        const piece = await vaultClient().call('nextPiece', { document: id, attachment, begin });
        if (piece === null) break;
        pieces.push(new Blob([piece]));
        read += piece.length;
        setDone(read);
      }
      // Any other type could be run as a page of the portal.
      const made = URL.createObjectURL(new Blob(pieces, { type: shown ? contentType : 'application/octet-stream' }));
      setUrl(made);
      return made;
    } catch (thrown) {
      setProblem(problemOf(thrown));
      return null;
    } finally {
      setDone(null);
    }
  };

  const save = async () => {
    const made = await decrypt();
    if (made === null) return;
    const link = window.document.createElement('a');
    link.href = made;
    link.download = title;
    link.click();
  };

  return (
    <div className="rounded-md border border-line p-3">
      <div className="flex flex-wrap items-center gap-3">
        <FileText size={20} aria-hidden className="shrink-0 text-ink-3" />
        <p className="min-w-0 flex-1 font-semibold break-words">{text.file(title, sizeWords(file.size))}</p>
        {shown && url === null && (
          <Button size="sm" icon={Eye} busy={done !== null} onClick={decrypt}>
            {text.open}
          </Button>
        )}
        <Button size="sm" icon={Download} disabled={done !== null} onClick={save}>
          {text.save}
        </Button>
      </div>
      {done !== null && (
        <p className="mt-2 text-sm text-ink-2" aria-live="polite">
          {text.loading(`${formatNumber(file.size === 0 ? 100 : (100 * done) / file.size)} %`)}
        </p>
      )}
      {!shown && <p className="mt-2 text-sm text-ink-2">{text.notShown}</p>}
      {problem && (
        <div className="mt-3">
          <ProblemNotice problem={problem} />
        </div>
      )}
      {url !== null && shown && (
        <div className="mt-3">
          {file.contentType === pdf ? (
            <iframe src={url} title={title} className="h-[70vh] w-full rounded-md border border-line bg-sunken" />
          ) : (
            <img src={url} alt={title} className="max-h-[70vh] max-w-full rounded-md" />
          )}
        </div>
      )}
    </div>
  );
}
