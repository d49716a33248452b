import { t } from '#messages/en.ts';
import type { MapView } from './mapOf.ts';

export interface MapPlace {
  gln: string;
  name: string;
  /** What its circle is as large as. */
  weight: number;
  tone: 'fine' | 'short' | 'alert';
}

const text = t.trace.map;
const fills = { fine: 'var(--color-brand)', short: 'var(--color-warn)', alert: 'var(--color-danger)' };
const largest = 20;
/** Letters are about so wide and high, in units of the map. */
const letter = { width: 7.2, height: 15 };

/** Places on a map, each as large as what is there; for those who do not see it, a table beside it says the same. */
export function SiteMap({
  map,
  places,
  label,
  route = [],
}: {
  map: MapView;
  places: readonly MapPlace[];
  label: string;
  /** GLNs in the order of a journey. */
  route?: readonly string[];
}) {
  const most = Math.max(1, ...places.map(({ weight }) => weight));
  const shown = places
    .flatMap((place) => {
      const at = map.at[place.gln];
      return at ? [{ ...place, x: at[0], y: at[1], r: 3 + Math.sqrt(place.weight / most) * (largest - 3) }] : [];
    })
    .sort((a, b) => b.weight - a.weight);
  const labels = labelsOf(shown, map);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${map.width} ${map.height}`}
      className="w-full"
      style={{ maxHeight: '30rem' }}
    >
      <path d={map.land} fill="var(--color-sunken)" stroke="var(--color-line-strong)" strokeWidth={0.8} />
      <path d={map.borders} fill="none" stroke="var(--color-line-strong)" strokeWidth={0.8} strokeDasharray="3 2" />
      {route.length > 1 && (
        <polyline
          points={route.flatMap((gln) => map.at[gln]?.join(',') ?? []).join(' ')}
          fill="none"
          stroke="var(--color-brand)"
          strokeWidth={1.6}
          strokeOpacity={0.7}
          strokeLinejoin="round"
        />
      )}
      {shown.map(({ gln, name, x, y, r, tone }) => (
        <g key={gln}>
          <title>{name}</title>
          <circle cx={x} cy={y} r={r} fill={fills[tone]} fillOpacity={0.22} />
          <Spot x={x} y={y} tone={tone} />
        </g>
      ))}
      {labels.map(({ name, x, y, anchor }) => (
        <text
          key={`${name}-${x}-${y}`}
          {...{ x, y, textAnchor: anchor }}
          fontSize={13}
          fontWeight={650}
          fill="var(--color-ink)"
          stroke="var(--color-surface)"
          strokeWidth={3}
          paintOrder="stroke"
        >
          {name}
        </text>
      ))}
    </svg>
  );
}

/** Told apart by shape as well: a circle, a triangle where it runs short, a diamond where something is amiss. */
function Spot({ x, y, tone }: { x: number; y: number; tone: MapPlace['tone'] }) {
  const look = { fill: fills[tone], stroke: 'var(--color-surface)', strokeWidth: 1 };
  if (tone === 'alert') return <path d={`M${x},${y - 5.5}l5.5,5.5l-5.5,5.5l-5.5,-5.5z`} {...look} />;
  if (tone === 'short') return <path d={`M${x},${y - 5}l5,9h-10z`} {...look} />;
  return <circle cx={x} cy={y} r={3.2} {...look} />;
}

/** What the shapes mean. */
export function MapLegend({ tones }: { tones: readonly MapPlace['tone'][] }) {
  return (
    <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-2">
      {tones.map((tone) => (
        <li key={tone} className="flex items-center gap-1.5">
          <svg width={14} height={14} viewBox="0 0 14 14" aria-hidden="true">
            <Spot x={7} y={7} tone={tone} />
          </svg>
          {text.legend[tone]}
        </li>
      ))}
      <li className="text-ink-3">{text.source}</li>
    </ul>
  );
}

interface Spotted {
  name: string;
  x: number;
  y: number;
  r: number;
}

/** Names of the largest places, as far as they find room. */
function labelsOf(places: readonly Spotted[], { width, height }: MapView) {
  const taken: { left: number; right: number; top: number; bottom: number }[] = [];
  return places.flatMap(({ name, x, y, r }) => {
    const long = name.length * letter.width;
    const gap = Math.max(7, Math.min(r, 10)) + 2;
    for (const [anchor, from] of [
      ['start', x + gap],
      ['end', x - gap],
    ] as const) {
      const left = anchor === 'start' ? from : from - long;
      const box = { left, right: left + long, top: y - letter.height / 2, bottom: y + letter.height / 2 };
      const free = taken.every(
        (other) => box.left > other.right || box.right < other.left || box.top > other.bottom || box.bottom < other.top,
      );
      if (!free || box.left < 0 || box.right > width || box.top < 0 || box.bottom > height) continue;
      taken.push(box);
      return [{ name, x: from, y: y + 4, anchor }];
    }
    return [];
  });
}
