import { patients } from '../people.ts';
import type { PatientEmail, RecordDraft, Setting } from './document.ts';
import { lindRecord } from './lind.ts';
import { nowakRecord } from './nowak.ts';
import { riveraRecord } from './rivera.ts';

const written = {
  'jonas.lind@mail.example': lindRecord,
  'tomasz.nowak@mail.example': nowakRecord,
  'sam.rivera@mail.example': riveraRecord,
} as const satisfies Partial<Record<PatientEmail, unknown>>;
const hasRecord = (email: PatientEmail): email is keyof typeof written => Object.hasOwn(written, email);

/** Documents of the demonstration's records, each patient's in the order in which they are written. */
export const demonstrationRecords = (setting: Setting): RecordDraft[] =>
  patients.flatMap((details) => (hasRecord(details.email) ? written[details.email](setting, details) : []));
