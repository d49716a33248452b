import { LockKeyhole } from 'lucide-react';
import Link from 'next/link';
import { Ago } from '#components/ui/Ago.tsx';
import { classes } from '#components/ui/classes.ts';
import { formatRelative } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import { type SeriesName, standsForMs } from '#monitoring/catalogue.ts';
import { changedAt, isOpen, isWaiting } from './alertView.ts';
import { LevelPill } from './LevelPill.tsx';
import { gapOf } from './ranges.ts';
import { Sparkline } from './Sparkline.tsx';
import { isOutside, lastReading, levelOf, type WallPatient } from './wallPatient.ts';
import { causeWords, numberWords, scoreWords, valueWords } from './words.ts';

const text = t.monitoring;
const sparkMs = 6 * 3_600_000;
const edges = {
  critical: 'border-danger border-l-4',
  urgent: 'border-warn border-l-4',
  notice: 'border-info border-l-4',
  unknown: 'border-line-strong border-l-4 border-dashed',
  outside: 'border-warn border-l-4',
  unjudged: 'border-line border-l-4',
  sealed: 'border-line-strong border-l-4 border-dashed',
  calm: 'border-line border-l-4',
} as const;

/** One patient of the wall: how it stands, why, the newest values with their age, and the score or what it lacks. */
export function WallTile({ patient, now }: { patient: WallPatient; now: number }) {
  const level = levelOf(patient, now);
  const open = patient.alerts.filter(isOpen).toSorted((a, b) => Number(isWaiting(b)) - Number(isWaiting(a)));
  const [first] = open;
  const last = lastReading(patient);
  const isPlanned = patient.score !== undefined || patient.limits !== undefined;
  return (
    <article className={classes('relative flex min-w-0 flex-col rounded-lg border bg-surface p-4', edges[level])}>
      <div className="flex flex-wrap items-start justify-between gap-2">
        <h2 className="min-w-0 text-lg font-bold">
          <Link href={patient.href} className="after:absolute after:inset-0 hover:underline">
            {patient.name}
          </Link>
        </h2>
        <LevelPill level={level} />
      </div>
      {first !== undefined && (
        <p className="mt-1 text-sm">
          <span className="font-semibold">
            {first.content === undefined ? text.causes.sealed : causeWords(first.content.cause)}
          </span>
          <span className="text-ink-2">
            {' · '}
            {text.alert.states[first.state].toLowerCase()} <Ago value={changedAt(first)} now={now} />
            {open.length > 1 && ` · ${text.wall.alerts(open.length)}`}
          </span>
        </p>
      )}
      {patient.isSealed ? (
        <p className="mt-3 flex items-start gap-2 text-sm text-ink-2">
          <LockKeyhole size={16} aria-hidden className="mt-0.5 shrink-0" />
          {text.wall.sealed}
        </p>
      ) : (
        <>
          <Values patient={patient} now={now} />
          {patient.spark && (
            <div className="mt-2">
              <Sparkline
                {...patient.spark}
                limits={patient.limits?.[patient.spark.name]}
                {...{ from: now - sparkMs, to: now, gapMs: gapOf('day', patient.spark.name) }}
              />
            </div>
          )}
        </>
      )}
      <p className="mt-auto flex flex-wrap justify-between gap-x-3 pt-2 text-sm text-ink-2">
        <span>{isPlanned ? scoreWords(patient.score) : text.wall.noPlan}</span>
        <span>
          {last === undefined ? (
            text.wall.never
          ) : (
            <Ago value={new Date(last).toISOString()} now={now} words={text.wall.last} />
          )}
        </span>
      </p>
    </article>
  );
}

const shown: readonly SeriesName[] = ['heartRate', 'respiratoryRate', 'saturation', 'temperature', 'glucose', 'weight'];

/** Newest values; those that are too old to be the present are said to be so. */
function Values({ patient: { newest, limits }, now }: { patient: WallPatient; now: number }) {
  const { systolic, diastolic } = newest;
  const pressure =
    systolic === undefined || diastolic === undefined
      ? []
      : [
          {
            ...{ name: 'systolic' as const, label: text.measures.bloodPressure, measured: systolic },
            words: `${numberWords('systolic', systolic.value)}/${numberWords('diastolic', diastolic.value)}`,
          },
        ];
  const others = shown.flatMap((name) => {
    const { [name]: measured } = newest;
    return measured === undefined
      ? []
      : [{ name, label: text.short[name], measured, words: valueWords(name, measured.value) }];
  });
  const values = [...others.slice(0, 3), ...pressure, ...others.slice(3)].slice(0, 6);
  return (
    <dl className="mt-3 grid grid-cols-2 gap-x-4 gap-y-1.5 sm:grid-cols-3">
      {values.map(({ name, label, measured, words }) => {
        const isOld = now - measured.at > standsForMs(name);
        const isBeyond = !isOld && isOutside(measured.value, limits?.[name]);
        return (
          <div key={name} className="min-w-0">
            <dt className="text-sm text-ink-3">{label}</dt>
            <dd className={classes(isOld ? 'text-ink-3' : 'font-bold', isBeyond && 'text-danger')}>
              {isBeyond && <span aria-hidden>! </span>}
              {words}
              {isOld && (
                <span className="block text-sm font-normal">
                  {text.wall.old(formatRelative(new Date(measured.at).toISOString(), now))}
                </span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
