import { describe, expect, it } from 'vitest';
import { siteRegistration } from '#chaincode/model/product.ts';
import { coordinatesOf, degreesText, faultsOf, placeOf } from './placeForm.ts';

const form = { gln: '9506000010014', name: 'Nordvita plant', latitude: '57.7089', longitude: '11.9746' };

describe('a place that is typed', () => {
  it('is registered as the ledger takes it, however numbers are written', () => {
    const typed = { gln: '9506 0000 1001 4', name: ' Nordvita plant ', latitude: '57,7089', longitude: '+11.9746' };
    expect(faultsOf(typed)).toEqual({});
    const place = placeOf(typed, 'inst-nordvita');
    expect(siteRegistration.parse(place)).toEqual({ ...form, institutionId: 'inst-nordvita' });
  });

  it.each([
    ['9506000010015', 12, 'The check digit should be 4, not 5.'],
    ['95060O0010014', 5, 'A GLN has digits only.'],
    ['950600001001', 12, 'A GLN has 13 digits, not 12.'],
    ['', 0, 'A GLN has 13 digits, not 0.'],
  ])('says at which character GLN %j is wrong', (gln, position, message) => {
    expect(faultsOf({ ...form, gln }).gln).toEqual({ message, position });
  });

  it.each([
    [{ name: 'N' }, 'name'],
    [{ latitude: '90.1' }, 'latitude'],
    [{ latitude: '57° 42′' }, 'latitude'],
    [{ longitude: '180.5' }, 'longitude'],
    [{ longitude: '' }, 'longitude'],
  ] as const)('refuses %j', (change, field) => {
    expect(Object.keys(faultsOf({ ...form, ...change }))).toEqual([field]);
  });

  it('knows where it lies once both coordinates are right', () => {
    expect(coordinatesOf(form)).toEqual({ latitude: 57.7089, longitude: 11.9746 });
    expect(coordinatesOf({ ...form, longitude: '' })).toBeUndefined();
  });

  it.each([
    [57.708_912_3, '57.7089'],
    [-0.000_01, '0'],
    [0.000_1, '0.0001'],
    [12, '12'],
  ])('writes %d as %s', (degrees, written) => {
    expect(degreesText(degrees)).toBe(written);
    expect(faultsOf({ ...form, latitude: written })).toEqual({});
  });
});
