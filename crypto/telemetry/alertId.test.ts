import { expect, it } from 'vitest';
import { alertId } from '#chaincode/model/alert.ts';
import { randomBytes } from '../bytes.ts';
import { alertIdOf } from './alertId.ts';

it('an alert has one id under one key, and another under any other', () => {
  const key = new Uint8Array(32).fill(7);
  const said = {
    patient: 'pt-3-aaaaaaaaaaaaaaaaaaaaaaaaaa',
    device: 'dev-bbbbbbbbbbbbbbbbbbbbbbbbbb',
    name: 'limit:saturation:low@1790000000000/critical',
  };
  const id = alertIdOf(key, said);
  expect(alertId.parse(id)).toBe('al-3-26nm7pm34oolxj723xobk332w4');
  expect(alertIdOf(key, { ...said })).toBe(id);
  expect(alertIdOf(randomBytes(32), said)).not.toBe(id);
  expect(alertIdOf(key, { ...said, name: 'fall@1790000000000/critical' })).not.toBe(id);
  expect(key[0]).toBe(7);
});
