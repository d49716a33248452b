'use client';

import { Minus, Plus } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useEffect, useState } from 'react';
import type { Place, Point } from '#components/trace/mapOf.ts';
import { SiteMap } from '#components/trace/SiteMap.tsx';
import { IconButton } from '#components/ui/Button.tsx';
import { t } from '#messages/en.ts';

const text = t.registry.places.map;
/** Degrees to either side of the middle, the widest first: a continent, a country, a region; the outlines know no towns. */
const widths = [60, 20, 6, 2, 0.6];
/** An arrow key moves so much of the width. */
const keyStep = 0.05;
const arrows: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

type Maps = typeof import('#components/trace/mapOf.ts');

/** A map on which a place is picked: by pointing, or with the arrow keys. Outlines are loaded when it is shown. */
export function PlacePicker({
  at,
  known,
  onPick,
}: {
  /** Where the place is, as far as it is known. */
  at: Point | undefined;
  /** Places that show where one is; the first of them is where the map begins. */
  known: readonly (Place & { name: string })[];
  onPick: (point: Point) => void;
}) {
  const [maps, setMaps] = useState<Maps | null>(null);
  const [zoom, setZoom] = useState(at ? 3 : known.length > 0 ? 2 : 0);
  // The map stays where it is while somebody points at it, and follows what is typed out of sight.
  const [middle, setMiddle] = useState<Point>(at ?? known[0] ?? { latitude: 30, longitude: 10 });
  useEffect(() => {
    let current = true;
    void import('#components/trace/mapOf.ts').then((loaded) => {
      if (current) setMaps(loaded);
    });
    return () => {
      current = false;
    };
  }, []);

  const width = widths[zoom] ?? 60;
  const isOut =
    at && Math.max(Math.abs(at.longitude - middle.longitude), Math.abs(at.latitude - middle.latitude)) > width;
  const centre = at && isOut ? at : middle;
  const picked = at ? [{ gln: 'place', ...at }] : [];
  const map = maps?.mapAround(centre, width, [...known, ...picked]);

  const turn = (step: number) => {
    setMiddle(at ?? centre);
    setZoom(Math.min(widths.length - 1, Math.max(0, zoom + step)));
  };
  const point = ({ currentTarget, clientX, clientY, detail }: MouseEvent<HTMLElement>) => {
    // Enter and Space are clicks without a place.
    if (!maps || !map || detail === 0) return;
    const svg = currentTarget.querySelector('svg');
    const matrix = svg?.getScreenCTM()?.inverse();
    if (!matrix) return;
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix);
    const found = maps.coordinatesAt(map, x, y);
    if (!found) return;
    setMiddle(centre);
    onPick(found);
  };
  const move = (event: KeyboardEvent) => {
    const arrow = arrows[event.key];
    if (!maps || !map || !arrow) return;
    event.preventDefault();
    const [x = map.width / 2, y = map.height / 2] = map.at.place ?? [];
    const step = map.width * keyStep;
    const found = maps.coordinatesAt(map, x + arrow[0] * step, y + arrow[1] * step);
    if (found) onPick(found);
  };

  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-sm font-semibold text-ink-2">{text.title}</legend>
      <div className="relative overflow-hidden rounded-lg border border-line-strong">
        <button
          type="button"
          aria-label={text.label}
          className="block aspect-[10/7] w-full cursor-crosshair bg-surface"
          onClick={point}
          onKeyDown={move}
        >
          {map ? (
            <SiteMap
              map={map}
              label={text.label}
              places={[
                ...known.map(({ gln, name }) => ({ gln, name, weight: 0, tone: 'fine' as const })),
                ...picked.map(({ gln }) => ({ gln, name: '', weight: 0, tone: 'alert' as const })),
              ]}
            />
          ) : (
            <span className="text-sm text-ink-3">{t.shell.loading}</span>
          )}
        </button>
        <div className="absolute top-2 right-2 flex flex-col gap-1 rounded-lg border border-line bg-surface">
          <IconButton icon={Plus} label={text.closer} disabled={zoom === widths.length - 1} onClick={() => turn(1)} />
          <IconButton icon={Minus} label={text.wider} disabled={zoom === 0} onClick={() => turn(-1)} />
        </div>
      </div>
      <p className="mt-1.5 text-sm text-ink-3">{text.hint}</p>
    </fieldset>
  );
}
