'use client';

import { useEffect, useState } from 'react';
import type { CodePath } from '#components/ui/codePath.ts';

/** A QR code, dark on white in both themes, as scanners need it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [code, setCode] = useState<CodePath | null>(null);
  useEffect(() => {
    let current = true;
    // Loaded when it is first needed: the encoder is large.
    void import('#components/ui/codePath.ts').then(({ qrPath }) => {
      if (current) setCode(qrPath(text));
    });
    return () => {
      current = false;
    };
  }, [text]);

  if (!code) return <div className="aspect-square w-full rounded-md bg-sunken" />;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`-4 -4 ${code.width + 8} ${code.height + 8}`}
      shapeRendering="crispEdges"
      className="aspect-square w-full rounded-md bg-white"
    >
      <title>{label}</title>
      <path d={code.d} fill="#000" fillRule="evenodd" />
    </svg>
  );
}
