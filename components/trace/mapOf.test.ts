import { describe, expect, it } from 'vitest';
import { coordinatesAt, mapAround, mapOf } from './mapOf.ts';

const stockholm = { gln: 'stockholm', latitude: 59.33, longitude: 18.07 };
const malmö = { gln: 'malmö', latitude: 55.6, longitude: 13.0 };
const luleå = { gln: 'luleå', latitude: 65.58, longitude: 22.15 };

describe('a map', () => {
  it('has north above and east to the right, and every place on it', () => {
    const map = mapOf([stockholm, malmö, luleå]);
    if (map === undefined) throw new Error('There is no map.');
    const { at, width, height } = map;
    expect(at.luleå?.[1]).toBeLessThan(at.stockholm?.[1] ?? 0);
    expect(at.stockholm?.[1]).toBeLessThan(at.malmö?.[1] ?? 0);
    expect(at.malmö?.[0]).toBeLessThan(at.stockholm?.[0] ?? 0);
    for (const [x, y] of Object.values(at)) {
      expect(x > 0 && x < width && y > 0 && y < height).toBe(true);
    }
  });

  it('draws the land around the places alone', () => {
    const map = mapOf([stockholm, malmö]);
    expect(map?.land).toMatch(/^M[-\d.,MLZ]+Z$/);
    expect(map?.borders).toMatch(/^M/);
    expect(map?.land.length).toBeLessThan(60_000);
  });

  it('shows one place with what lies around it', () => {
    const map = mapOf([stockholm]);
    expect(map?.at.stockholm).toEqual([map && map.width / 2, expect.closeTo((map?.height ?? 0) / 2, -1.5)]);
  });

  it('is none without places', () => {
    expect(mapOf([])).toBeUndefined();
  });

  it('says which place a point of it is, wherever it is drawn', () => {
    const ushuaia = { gln: 'ushuaia', latitude: -54.8, longitude: -68.3 };
    for (const [place, degrees] of [[stockholm, 60] as const, [luleå, 0.6] as const, [ushuaia, 6] as const]) {
      const map = mapAround(place, degrees, [place]);
      const [x = 0, y = 0] = map.at[place.gln] ?? [];
      const found = coordinatesAt(map, x, y);
      // A tenth of a pixel, to which points are rounded.
      expect(found?.latitude).toBeCloseTo(place.latitude, degrees > 6 ? 0 : 1);
      expect(Math.abs((found?.longitude ?? 0) - place.longitude)).toBeLessThan((degrees * 2) / map.width / 4);
      expect(x).toBeCloseTo(map.width / 2, 0);
      expect(map.land).not.toBe('');
    }
  });
});
