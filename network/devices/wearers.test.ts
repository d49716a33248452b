import { expect, it } from 'vitest';
import { patients, staff } from '../demonstration/people.ts';
import { boxes, wearers } from './wearers.ts';

it('is twenty devices of patients and clinicians of the demonstration, each at the patient’s own hospital', () => {
  expect(boxes).toHaveLength(20);
  expect(new Set(boxes.map(({ name }) => name)).size).toBe(20);
  expect(new Set(boxes.map(({ serialNumber }) => serialNumber)).size).toBe(20);
  for (const { email, institution, clinicians } of wearers) {
    const patient = patients.find((one) => one.email === email);
    expect<readonly string[]>(patient?.treatedAt ?? []).toContain(institution);
    for (const clinician of clinicians) {
      expect(staff.find((one) => one.email === clinician)).toMatchObject({
        role: 'doctor',
        institutionId: institution,
      });
    }
  }
});

it('scores nobody under sixteen', () => {
  for (const { email, news2 } of wearers) {
    const born = Date.parse(patients.find((one) => one.email === email)?.birthDate ?? '');
    const years = (Date.now() - born) / (365.25 * 24 * 3_600_000);
    if (years < 16) expect(news2).toBeUndefined();
  }
});
