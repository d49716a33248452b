import type { Browser } from '@playwright/test';
import { desc, eq } from 'drizzle-orm';
import { sessions } from '#server/gateways/db/schema/session.ts';
import type { Portal } from '#server/portal.ts';
import { people, signIn } from '../../../playwright/fixtures/people.ts';
import { openHeld } from '../../demonstration/accounts.ts';
import { openKeyMaker } from '../../demonstration/keys.ts';
import { demonstrationPassword, demonstrationPin, patients } from '../../demonstration/people.ts';
import { openRecordBrowser } from '../../demonstration/recordBrowser.ts';
import type { RunFile } from '../../runFile.ts';
import type { Progress } from '../../step.ts';
import { findParticipant } from '../participants.ts';
import { percentile } from '../statistics.ts';
import { measureSuspension, suspensionOf } from '../suspension.ts';
import { sampleBundle } from './bundle.ts';
import { grantAll, timeGrants } from './grants.ts';
import { longCategory, writeLongRecord } from './longRecord.ts';
import type { RecordOptions } from './options.ts';
import { importBundle, openChart, storeFile, visitOwn, visitPatient } from './pages.ts';
import { openStoreFloor } from './storeFloor.ts';

const megabyte = 1_000_000;
/** Whose record becomes long; the doctor's institution treats her. */
const longPatient = 'amina.farouk@mail.example';
/** Who takes in a Bundle: whom `signIn` knows as the patient. */
const importing = patients.find(({ email }) => email === people.patient);
/** Each first time is left out: what is compiled and connected when first used. */
const warmUps = 2;

export interface RecordFigures extends Record<string, number> {
  store1MbP50Ms: number;
  floorP50Ms: number;
  overheadMs: number;
  grant10kMs: number;
  chart10kP50Ms: number;
  chart10kP95Ms: number;
  import3kSeconds: number;
  suspensionDelayMs: number;
}

const tenth = (value: number) => Math.round(value * 10) / 10;

/** Measures one after the other on a network that was just started. */
export async function measureRecords(
  { portal, browser, run, progress }: { portal: Portal; browser: Browser; run: RunFile; progress: Progress },
  { entries, rounds, import: imported }: RecordOptions,
): Promise<RecordFigures> {
  const keyMaker = openKeyMaker({ password: demonstrationPassword, pin: demonstrationPin }, 1);
  const open = async (email: string) => {
    const found = await findParticipant(portal, email);
    return openRecordBrowser(portal, { ...found, ...(await openHeld(portal, keyMaker, found.actor)) });
  };
  const newPage = async () => (await browser.newContext({ baseURL: run.urls.portal })).newPage();
  try {
    const [patient, doctor, regulator] = [
      await open(longPatient),
      await open(people.doctor),
      await open(people.regulator),
    ];
    const other = (await findParticipant(portal, people.otherDoctor)).actor;
    await progress.step(`A record of ${entries} entries in one part`, () => writeLongRecord(patient, entries));
    await grantAll(portal, patient, doctor.person.actor.subjectId);
    const grants = await timeGrants(portal, patient, other.subjectId, { category: longCategory, rounds: 3 + warmUps });

    const page = await newPage();
    await signIn(page, 'doctor');
    await visitPatient(page, patient.person.actor.personId);
    const charts = await progress.step(`The chart, ${rounds} times`, () =>
      times(rounds + warmUps, () => openChart(page)),
    );
    const settings = { ledgerProfile: run.ledgerProfile, ipfs: run.urls.ipfs };
    const floor = await openStoreFloor(settings, doctor, patient.person.actor.subjectId);
    const floors: number[] = [];
    const stored = await progress.step(`A file of 1 MB, ${rounds} times`, () =>
      times(rounds + warmUps, async () => {
        floors.push(await floor.store(megabyte));
        return storeFile(page, megabyte);
      }),
    );
    floor.close();

    const own = await newPage();
    await signIn(own, 'patient');
    await visitOwn(own);
    const bundle = sampleBundle(imported, importing ?? { name: '', birthDate: '' });
    const { milliseconds, summary } = await progress.step(`A Bundle of ${imported} entries`, () =>
      importBundle(own, bundle),
    );
    progress.say(`${tenth(bundle.length / 1e6)} MB: ${summary}`);

    const suspended = await newPage();
    await signIn(suspended, 'otherDoctor');
    const suspension = suspensionOf(portal, regulator.person, {
      subject: other.subjectId,
      sessionId: await newestSession(portal, other.personId),
    });
    const { suspensionDelayMs } = await measureSuspension(suspension);

    const at = (list: readonly number[], share: number) => tenth(percentile(list.slice(warmUps), share));
    const [store1MbP50Ms, floorP50Ms] = [at(stored, 0.5), at(floors, 0.5)];
    return {
      ...{ store1MbP50Ms, floorP50Ms, overheadMs: tenth(store1MbP50Ms - floorP50Ms) },
      ...{ grant10kMs: at(grants, 0.5), chart10kP50Ms: at(charts, 0.5), chart10kP95Ms: at(charts, 0.95) },
      ...{ import3kSeconds: tenth(milliseconds / 1_000), suspensionDelayMs: tenth(suspensionDelayMs) },
    };
  } finally {
    await keyMaker.close();
  }
}

async function times(count: number, work: () => Promise<number>): Promise<number[]> {
  const measured: number[] = [];
  for (let round = 0; round < count; round += 1) measured.push(await work());
  return measured;
}

async function newestSession(portal: Portal, personId: string): Promise<string> {
  const [row] = await portal.db
    .select({ id: sessions.id })
    .from(sessions)
    .where(eq(sessions.personId, personId))
    .orderBy(desc(sessions.createdAt))
    .limit(1);
  if (row === undefined) throw new Error('The browser that is to be signed out has no session.');
  return row.id;
}
