import type { MultiLineString, Polygon, Position } from 'geojson';
import { feature, mesh } from 'topojson-client';
import atlas from 'world-atlas/countries-50m.json' with { type: 'json' };
import { z } from 'zod';

/** Outlines of the countries of the world: Natural Earth, 1:50 million, public domain, as the package `world-atlas` has them. */

const rings = z.array(z.array(z.int()));
const shape = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), arcs: rings }),
  z.object({ type: z.literal('MultiPolygon'), arcs: z.array(rings) }),
]);
const pair = z.tuple([z.number(), z.number()]);
const topology = z.object({
  type: z.literal('Topology'),
  transform: z.object({ scale: pair, translate: pair }),
  arcs: z.array(z.array(z.array(z.number()))),
  objects: z.object({
    countries: z.object({ type: z.literal('GeometryCollection'), geometries: z.array(shape) }),
  }),
});

/** West, south, east, north, in degrees. */
export type Box = readonly [number, number, number, number];
interface Piece {
  box: Box;
  points: Position[][];
}

function read(): { land: Piece[]; borders: Piece[] } {
  const parsed = topology.parse(atlas);
  const { countries } = parsed.objects;
  const land = feature(parsed, countries).features.flatMap(({ geometry }) => {
    if (geometry.type === 'Polygon') return [geometry.coordinates];
    return geometry.type === 'MultiPolygon' ? geometry.coordinates : [];
  });
  const borders = mesh(parsed, countries, (one, other) => one !== other).coordinates.map((line) => [line]);
  return { land: land.map(pieceOf), borders: borders.map(pieceOf) };
}

function pieceOf(points: Position[][]): Piece {
  const [outer = []] = points;
  const box: [number, number, number, number] = [180, 90, -180, -90];
  for (const [longitude = 0, latitude = 0] of outer) {
    box[0] = Math.min(box[0], longitude);
    box[1] = Math.min(box[1], latitude);
    box[2] = Math.max(box[2], longitude);
    box[3] = Math.max(box[3], latitude);
  }
  return { box, points };
}

let known: ReturnType<typeof read> | undefined;

/** Land and lines between countries that reach into a box. */
export function outlinesIn(box: Box): { land: Polygon[]; borders: MultiLineString } {
  known ??= read();
  const near = ({ box: [west, south, east, north] }: Piece) =>
    west <= box[2] && east >= box[0] && south <= box[3] && north >= box[1];
  return {
    land: known.land.filter(near).map(({ points }) => ({ type: 'Polygon', coordinates: points })),
    borders: { type: 'MultiLineString', coordinates: known.borders.filter(near).flatMap(({ points }) => points) },
  };
}
