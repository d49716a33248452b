import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex32 } from '#chaincode/model/identifiers.ts';
import { randomBytes } from '../bytes.ts';
import { newIdentifier } from '../identifier.ts';
import { serviceKeyOf, serviceOfDispense, serviceOfEncounter, serviceOfNothing } from './service.ts';

describe('the service of a dispense', () => {
  it('is the same whoever names it, and another for another dispense or salt', () => {
    const [salt, id] = [randomBytes(16), newIdentifier('disp')];
    expect(hex32.parse(serviceOfDispense(salt, id))).toBe(serviceOfDispense(salt, id));
    expect(serviceOfDispense(randomBytes(16), id)).not.toBe(serviceOfDispense(salt, id));
    expect(serviceOfDispense(salt, newIdentifier('disp'))).not.toBe(serviceOfDispense(salt, id));
    expect(() => serviceOfDispense(randomBytes(15), id)).toThrow(expect.objectContaining({ code: 'KEY_LENGTH' }));
  });
});

describe('the service of an encounter', () => {
  it('is the same for one person, day, code and practitioner alone', () => {
    const text = fc.string({ minLength: 1, maxLength: 20 });
    const encounters = fc.record({ day: text, code: text, practitioner: text });
    const key = serviceKeyOf(randomBytes(32));
    fc.assert(
      fc.property(encounters, encounters, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(serviceOfEncounter(key, one) === serviceOfEncounter(key, other)).toBe(same);
        expect(serviceOfEncounter(serviceKeyOf(randomBytes(32)), one)).not.toBe(serviceOfEncounter(key, one));
      }),
    );
    const encounter = { day: '2026-11-27', code: 'CONS-1', practitioner: newIdentifier('prac') };
    expect(hex32.parse(serviceOfEncounter(key, encounter))).not.toBe(serviceOfNothing);
  });
});
