import { geoMercator, geoPath } from 'd3-geo';
import { outlinesIn } from './atlas.ts';

/** Decimal degrees (WGS 84). */
export interface Point {
  latitude: number;
  longitude: number;
}

export interface Place extends Point {
  /** GLN */
  gln: string;
}

/** A map as SVG paths, small enough to be sent with the page, and where each place stands on it. */
export interface MapView {
  width: number;
  height: number;
  land: string;
  borders: string;
  /** GLN → x and y. */
  at: Record<string, [number, number]>;
  /** Of the Mercator projection, by which a point of the map is a place again. */
  projection: { scale: number; translate: [number, number] };
}

const width = 400;
/** So far around the outermost places, in degrees at least, and as a share of how far they lie apart. */
const margin = { degrees: 0.6, share: 0.14 };
/** Height by width: places in one line from north to south leave a map that still fits a screen. */
const shortest = 0.7;
const tallest = 1.7;

const drawn = new Map<string, MapView>();
const mostDrawn = 50;

/** Draws the land around places (Mercator), made to fit; the same places are drawn once. Undefined where there is no place. */
export function mapOf(places: readonly Place[]): MapView | undefined {
  const key = places
    .map(({ gln, latitude, longitude }) => `${gln} ${latitude} ${longitude}`)
    .sort()
    .join();
  const known = drawn.get(key) ?? draw(places);
  if (known === undefined) return undefined;
  if (drawn.size >= mostDrawn) drawn.clear();
  drawn.set(key, known);
  return known;
}

/** Draws the land around a point, so many degrees to either side of it. */
export function mapAround({ latitude, longitude }: Point, degrees: number, places: readonly Place[] = []): MapView {
  const north = shortest * degrees * Math.cos((latitude * Math.PI) / 180);
  return drawBox(
    [
      [longitude - degrees, latitude - north],
      [longitude + degrees, latitude + north],
    ],
    places,
  );
}

/** Latitude and longitude of a point of a map, in decimal degrees; undefined where there is none. */
export function coordinatesAt({ projection }: MapView, x: number, y: number): Point | undefined {
  const point = geoMercator().scale(projection.scale).translate(projection.translate).invert?.([x, y]);
  if (!point) return undefined;
  const [longitude, latitude] = point;
  return { latitude, longitude };
}

function draw(places: readonly Place[]): MapView | undefined {
  if (places.length === 0) return undefined;
  const west = Math.min(...places.map(({ longitude }) => longitude));
  const east = Math.max(...places.map(({ longitude }) => longitude));
  const south = Math.min(...places.map(({ latitude }) => latitude));
  const north = Math.max(...places.map(({ latitude }) => latitude));
  const around = Math.max(margin.degrees, margin.share * Math.max(east - west, north - south));
  return drawBox(
    [
      [west - around, south - around],
      [east + around, north + around],
    ],
    places,
  );
}

type Corner = readonly [longitude: number, latitude: number];

/** The land between the south-western and the north-eastern corner, with places on it. */
function drawBox([[west, south], [east, north]]: readonly [Corner, Corner], places: readonly Place[]): MapView {
  const corners: [number, number][] = [
    [west, Math.max(-80, south)],
    [east, Math.min(83, north)],
  ];
  const box = { type: 'MultiPoint' as const, coordinates: corners };
  const projection = geoMercator().fitWidth(width, box);
  const [[, top], [, bottom]] = geoPath(projection).bounds(box);
  const height = Math.round(width * Math.min(tallest, Math.max(shortest, (bottom - top) / width)));
  projection.fitSize([width, height], box).clipExtent([
    [0, 0],
    [width, height],
  ]);
  const path = geoPath(projection).digits(1);
  // What the height leaves over on either side is drawn too.
  const [left, upper] = projection.invert?.([0, 0]) ?? [-180, 90];
  const [right, lower] = projection.invert?.([width, height]) ?? [180, -90];
  const { land, borders } = outlinesIn([left, lower, right, upper]);
  const at: MapView['at'] = {};
  for (const { gln, latitude, longitude } of places) {
    const point = projection([longitude, latitude]);
    if (point) at[gln] = [Math.round(point[0] * 10) / 10, Math.round(point[1] * 10) / 10];
  }
  return {
    ...{ width, height, land: land.map((piece) => path(piece) ?? '').join(''), borders: path(borders) ?? '', at },
    projection: { scale: projection.scale(), translate: projection.translate() },
  };
}
