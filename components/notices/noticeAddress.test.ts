import { expect, it } from 'vitest';
import { noticeKinds } from '#server/notices/schema.ts';
import { noticeAddress } from './noticeAddress.ts';

const own = `pt-0-${'a'.repeat(26)}`;
const ward = `pt-1-${'b'.repeat(26)}`;
const subject = `clm-${'d'.repeat(26)}`;
const patient = { role: 'patient', subjectId: own } as const;

it('a patient is led to the own pages, and to those of a ward where it is about the ward', () => {
  expect(noticeAddress({ kind: 'emergencyOpened', subject, patient: { pseudonym: own } }, patient)).toBe(
    '/patient/log',
  );
  expect(noticeAddress({ kind: 'accessRequested', subject, patient: { pseudonym: ward } }, patient)).toBe(
    `/patient/sharing?for=${ward}`,
  );
});

it('who acted for somebody is not led to a record that is closed by now', () => {
  expect(noticeAddress({ kind: 'representationEnded', subject, patient: { pseudonym: ward } }, patient)).toBe(
    '/patient/record',
  );
});

it('everybody else is led to a room of the own role', () => {
  for (const [role, home] of [
    ['doctor', '/doctor'],
    ['regulator', '/regulator'],
    ['admin', '/admin'],
  ] as const) {
    for (const kind of noticeKinds.filter((one) => /^(emergency|request)/.test(one))) {
      const address = noticeAddress(
        { kind, subject, patient: { pseudonym: own } },
        { role, subjectId: `prac-${'c'.repeat(26)}` },
      );
      expect(address.startsWith(home), `${role} ${kind}`).toBe(true);
    }
  }
});

it('who billed is led to the bills of the house', () => {
  const told = noticeKinds.filter((kind) => /^(bill|asked)/.test(kind));
  expect(told).toHaveLength(3);
  for (const kind of told)
    for (const [role, address] of [
      ['pharmacist', '/pharmacy/claims'],
      ['doctor', '/doctor/billing'],
    ] as const) {
      const subjectId = `prac-${'c'.repeat(26)}`;
      expect(noticeAddress({ kind, subject, patient: { pseudonym: subjectId } }, { role, subjectId })).toBe(address);
    }
});

it('a member is led to the very bill, whatever is told of it', () => {
  const told = noticeKinds.filter((kind) => /^(claim|agreement)/.test(kind));
  expect(told).toHaveLength(11);
  for (const kind of told) {
    const address = noticeAddress({ kind, subject, patient: { pseudonym: own } }, patient);
    expect(address, kind).toBe(`/patient/insurance?bill=${subject}`);
  }
});
