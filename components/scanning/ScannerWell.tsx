'use client';

import { Camera, CameraOff, ImageUp, ScanLine } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';

const text = t.dispensing.scan;
const largestPicture = 10 * 1024 * 1024;
const everyMs = 200;

type Fault = 'camera' | 'none' | 'big' | 'kind';
const faults: Record<Fault, { title: string; body: string }> = {
  camera: { title: text.cameraRefused, body: text.cameraRefusedBody },
  none: { title: text.fileNone, body: text.fileNoneBody },
  big: { title: text.fileBig, body: text.fileBigBody },
  kind: { title: text.fileKind, body: text.fileKindBody },
};

/**
 * Camera, or a picture dropped or chosen. Pictures stay in the page: only the text that was read is handed on. `many`: the camera
 * goes on for the next code, and says each one once for as long as it is held before it.
 */
export function ScannerWell({ onText, many = false }: { onText: (text: string) => void; many?: boolean }) {
  const video = useRef<HTMLVideoElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const [camera, setCamera] = useState(false);
  const [over, setOver] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);

  useEffect(() => {
    if (!camera) return;
    const stop = new AbortController();
    void watchCamera(video.current, stop.signal, many, (read) => {
      if (!many) setCamera(false);
      onText(read);
    }).catch(() => {
      if (stop.signal.aborted) return;
      setCamera(false);
      setFault('camera');
    });
    return () => stop.abort();
  }, [camera, many, onText]);

  const readPicture = useCallback(
    async (picture: File | undefined) => {
      setFault(null);
      if (!picture) return;
      if (!picture.type.startsWith('image/')) return setFault('kind');
      if (picture.size > largestPicture) return setFault('big');
      const { readCode } = await import('./readCode.ts');
      const read = await readCode(picture, true).catch(() => undefined);
      if (read) onText(read);
      else setFault('none');
    },
    [onText],
  );

  const onDark =
    'inline-flex min-h-10 items-center gap-2 rounded-lg border border-white/45 px-3.5 text-sm font-semibold text-white hover:bg-white/10 focus-visible:outline-white';
  return (
    <div className="space-y-3">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one of several ways; the buttons are the others. */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void readPicture(event.dataTransfer.files[0]);
        }}
        className={`relative flex min-h-60 flex-col items-center justify-center gap-4 overflow-hidden rounded-xl bg-[oklch(0.25_0.03_225)] p-5 text-white outline-offset-2 ${over ? 'outline-3 outline-brand outline-dashed' : ''}`}
      >
        {camera ? (
          <video ref={video} muted playsInline className="aspect-4/3 w-full rounded-lg object-cover" />
        ) : (
          <span
            aria-hidden
            className="inline-flex size-28 items-center justify-center rounded-xl border-[10px] border-[oklch(0.65_0.07_198)] bg-white text-[oklch(0.25_0.03_225)]"
          >
            <ScanLine size={46} />
          </span>
        )}
        <p className="text-center text-sm text-white/85">{over ? text.drop : text.hint}</p>
        <div className="flex flex-wrap justify-center gap-2">
          <button
            type="button"
            className={onDark}
            onClick={() => {
              setFault(null);
              setCamera((was) => !was);
            }}
          >
            {camera ? <CameraOff size={18} aria-hidden /> : <Camera size={18} aria-hidden />}
            {camera ? text.stop : text.start}
          </button>
          <button type="button" className={onDark} onClick={() => file.current?.click()}>
            <ImageUp size={18} aria-hidden />
            {text.file}
          </button>
          <input
            ref={file}
            type="file"
            accept="image/*"
            aria-label={text.file}
            tabIndex={-1}
            className="sr-only"
            onChange={(event) => {
              void readPicture(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
        </div>
      </div>
      {fault && (
        <Notice tone="warn" title={faults[fault].title} live="alert">
          <p>{faults[fault].body}</p>
        </Notice>
      )}
    </div>
  );
}

/** Reads frames until one holds a code, or on and on, until the signal stops it; always gives the camera back. */
async function watchCamera(
  video: HTMLVideoElement | null,
  signal: AbortSignal,
  many: boolean,
  onText: (text: string) => void,
) {
  if (!video) return;
  const { readCode } = await import('./readCode.ts');
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
  const release = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (signal.aborted) return release();
  signal.addEventListener('abort', release, { once: true });
  video.srcObject = stream;
  await video.play();
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  let last: string | undefined;
  const look = async () => {
    if (signal.aborted || !context) return;
    if (video.videoWidth > 0) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      context.drawImage(video, 0, 0);
      const read = await readCode(context.getImageData(0, 0, canvas.width, canvas.height), false);
      if (read && read !== last && !signal.aborted) {
        onText(read);
        if (!many) return;
        last = read;
      }
    }
    setTimeout(() => void look(), everyMs);
  };
  await look();
}
