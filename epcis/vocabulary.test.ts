import { expect, test } from 'vitest';
import { termOf, termUri } from './vocabulary.ts';

test('a term is the same however it is written', () => {
  for (const value of [
    'shipping',
    'cbv:BizStep-shipping',
    'https://ref.gs1.org/cbv/BizStep-shipping',
    'https://ns.gs1.org/cbv/BizStep-shipping',
    'urn:epcglobal:cbv:bizstep:shipping',
  ]) {
    expect(termOf('bizStep', value)).toBe('shipping');
    expect(termUri('bizStep', value)).toBe('https://ref.gs1.org/cbv/BizStep-shipping');
  }
  expect(termUri('measurementType', 'gs1:Temperature')).toBe('https://gs1.org/voc/Temperature');
  expect(termOf('sensorAlertType', 'https://www.gs1.org/voc/ALARM_CONDITION')).toBe('ALARM_CONDITION');
});

test('a term of another list, and what only looks like one, is none', () => {
  for (const value of ['dispensed', 'cbv:Disp-shipping', 'https://example.com/shipping', 'Shipping', '']) {
    expect(termOf('bizStep', value)).toBeUndefined();
    expect(termUri('bizStep', value)).toBe(value);
  }
});
