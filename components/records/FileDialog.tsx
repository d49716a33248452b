'use client';

import { CirclePause, CirclePlay, FilePlus2, Square } from 'lucide-react';
import { type FormEvent, useId, useRef, useState } from 'react';
import type { Category } from '#chaincode/model/category.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Field, SelectField, TextField } from '#components/ui/Field.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Meter } from '#components/ui/Meter.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { findBroken } from '#components/vault/brokenUploads.ts';
import type { UploadOptions, UploadProgress } from '#components/vault/uploads.ts';
import { attachmentElement } from '#fhir/attachment.ts';
import { buildDocument, type Said } from '#fhir/build.ts';
import { t } from '#messages/en.ts';
import { markable } from './entryForms.ts';
import { createGate } from './gate.ts';
import type { Written } from './useDocuments.ts';

const text = t.recordPages.upload;
const entries = t.entries;
const accepted = ['application/pdf', 'image/png', 'image/jpeg', 'image/webp', 'image/gif'];
const largest = 200 * 1024 * 1024;
const types = ['letter', 'image', 'report', 'other'] as const;

/** Adds files to a record: encrypted chunk by chunk while they go up, with progress, pause and stop. */
export function FileDialog({
  said,
  onClose,
  write,
}: {
  said: Pick<Said, 'patient' | 'author'>;
  onClose: () => void;
  write: (document: Written, options: UploadOptions) => Promise<void>;
}) {
  const id = useId();
  const [files, setFiles] = useState<File[]>([]);
  const [title, setTitle] = useState('');
  const [type, setType] = useState<(typeof types)[number]>('letter');
  const [marked, setMarked] = useState<Category | 'none'>('none');
  const [fault, setFault] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [progress, setProgress] = useState<UploadProgress | null>(null);
  const [paused, setPaused] = useState(false);
  const gate = useRef(createGate());
  const stopping = useRef<AbortController | null>(null);

  const choose = (chosen: FileList | null) => {
    const list = [...(chosen ?? [])];
    const tooLarge = list.find(({ size }) => size > largest);
    const foreign = list.find((file) => !accepted.includes(file.type));
    setFault(tooLarge ? entries.fileTooLarge(tooLarge.name) : foreign ? entries.fileKind(foreign.name) : null);
    setFiles(tooLarge || foreign ? [] : list);
    if (title === '' && list[0]) setTitle(list[0].name.replace(/\.[^.]+$/, '').slice(0, 200));
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (files.length === 0) return setFault(text.none);
    const stop = new AbortController();
    stopping.current = stop;
    setProblem(null);
    setProgress({ sent: 0, total: files.reduce((sum, { size }) => sum + size, 0) });
    const about: Said = {
      ...{ ...said, id: crypto.randomUUID(), recorded: new Date().toISOString() },
      ...(marked !== 'none' && { category: marked }),
    };
    try {
      await write(
        {
          files,
          resources: (attachments) => {
            const elements = files.map((file, at) => {
              const { index = at, size = file.size, root = '', hash = '' } = attachments[at] ?? {};
              return attachmentElement({ index, size, root, hash, contentType: file.type, title: file.name });
            });
            const [first = { contentType: 'application/octet-stream' }, ...more] = elements;
            return [
              buildDocument(about, {
                type: { text: text.types[type] },
                title: title.trim() === '' ? (files[0]?.name ?? '') : title.trim(),
                files: [first, ...more],
              }),
            ];
          },
        },
        { onProgress: setProgress, turn: gate.current.pass, signal: stop.signal },
      );
      onClose();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setProgress(null);
      setPaused(false);
      gate.current.open();
    }
  };

  const share = progress === null || progress.total === 0 ? 0 : progress.sent / progress.total;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && progress === null && onClose()}
      title={text.title}
      description={entries.filesHint}
      closeLabel={t.shell.close}
      place="drawer"
      actions={
        progress === null ? (
          <>
            <Button onClick={onClose}>{t.shell.cancel}</Button>
            <Button type="submit" form={id} look="primary" icon={FilePlus2}>
              {text.send}
            </Button>
          </>
        ) : (
          <>
            <Button
              icon={Square}
              onClick={() => {
                stopping.current?.abort();
                gate.current.open();
              }}
            >
              {text.stop}
            </Button>
            <Button
              icon={paused ? CirclePlay : CirclePause}
              onClick={() => {
                if (paused) gate.current.open();
                else gate.current.close();
                setPaused(!paused);
              }}
            >
              {paused ? text.resume : text.pause}
            </Button>
          </>
        )
      }
    >
      <form id={id} onSubmit={submit} noValidate className="space-y-4 pt-1">
        <Field label={text.choose} error={fault}>
          {(control) => (
            <input
              {...control}
              type="file"
              multiple
              accept={accepted.join(',')}
              disabled={progress !== null}
              onChange={({ target }) => choose(target.files)}
              className="control"
            />
          )}
        </Field>
        <TextField
          label={text.name}
          value={title}
          maxLength={200}
          disabled={progress !== null}
          onChange={({ target }) => setTitle(target.value)}
        />
        <SelectField
          label={text.type}
          value={type}
          options={types.map((value) => ({ value, label: text.types[value] }))}
          onChange={setType}
        />
        <SelectField<Category | 'none'>
          label={entries.sensitive}
          hint={entries.sensitiveHint}
          value={marked}
          options={[
            { value: 'none', label: entries.notSensitive },
            ...markable.map((value) => ({ value, label: t.records.categories[value] })),
          ]}
          onChange={setMarked}
        />
        {progress === null && files.length > 0 && findBroken(said.patient, files) && (
          <Notice tone="info" title={text.goesOn} live="status">
            <p>{text.goesOnBody}</p>
          </Notice>
        )}
        {progress !== null && (
          <div aria-live="polite">
            <Meter
              value={share}
              max={1}
              label={[...(paused ? [text.paused] : []), text.progress(`${formatNumber(100 * share)} %`)].join(' · ')}
            />
          </div>
        )}
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}
