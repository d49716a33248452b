import { expect, it } from 'vitest';
import { dayOf, periodOf } from './policyPeriod.ts';

it('begins with the day, and may have no end', () => {
  const period = periodOf({ from: '2027-03-01', until: '' });
  expect(period).toEqual({ from: new Date(2027, 2, 1).toISOString() });
  expect(periodOf({ from: '2027-03-01', until: '2028-03-01' })).toEqual({
    from: new Date(2027, 2, 1).toISOString(),
    until: new Date(2028, 2, 1).toISOString(),
  });
});

it('names the field that is wrong', () => {
  expect(periodOf({ from: '', until: '' })).toEqual({ fault: 'from' });
  expect(periodOf({ from: '2027-03-01', until: '2027-02-30T' })).toEqual({ fault: 'until' });
  expect(periodOf({ from: '2027-03-01', until: '2027-03-01' })).toEqual({ fault: 'order' });
});

it('knows the day where the person is', () => {
  expect(dayOf(new Date(2027, 0, 5, 23, 59))).toBe('2027-01-05');
});
