import type { AlertLevel, AlertOutcome, AlertState } from '#chaincode/model/alert.ts';
import type { ConsciousnessLevel, MeasureName, SeriesName } from '#monitoring/catalogue.ts';
import type { ScoreBand } from '#monitoring/news2.ts';

const list = (names: readonly string[]) => new Intl.ListFormat('en-GB').format(names);

/** Readings of devices, what they mean, and who is called. */
export const monitoring = {
  series: {
    heartRate: 'Heart rate',
    respiratoryRate: 'Breathing rate',
    saturation: 'Oxygen saturation',
    oxygenFlow: 'Supplemental oxygen',
    systolic: 'Systolic pressure',
    diastolic: 'Diastolic pressure',
    temperature: 'Temperature',
    glucose: 'Glucose',
    weight: 'Weight',
    consciousness: 'Consciousness',
  } satisfies Record<SeriesName, string>,
  short: {
    heartRate: 'Heart',
    respiratoryRate: 'Breaths',
    saturation: 'SpO₂',
    oxygenFlow: 'Oxygen',
    systolic: 'Systolic',
    diastolic: 'Diastolic',
    temperature: 'Temp',
    glucose: 'Glucose',
    weight: 'Weight',
    consciousness: 'ACVPU',
  } satisfies Record<SeriesName, string>,
  measures: {
    heartRate: 'Heart rate',
    respiratoryRate: 'Breathing rate',
    saturation: 'Oxygen saturation',
    oxygenFlow: 'Supplemental oxygen',
    consciousness: 'Consciousness',
    bloodPressure: 'Blood pressure',
    temperature: 'Temperature',
    glucose: 'Glucose',
    weight: 'Weight',
    ecg: 'ECG strips',
    fall: 'Falls',
  } satisfies Record<MeasureName, string>,
  consciousness: {
    alert: 'Alert',
    confusion: 'New confusion',
    voice: 'Responds to voice',
    pain: 'Responds to pain',
    unresponsive: 'Unresponsive',
  } satisfies Record<ConsciousnessLevel, string>,
  roomAir: 'room air',
  levels: {
    critical: 'Critical',
    urgent: 'Urgent',
    notice: 'Notice',
    calm: 'In range',
    unknown: 'No recent readings',
  } satisfies Record<AlertLevel | 'calm' | 'unknown', string>,
  score: {
    name: 'NEWS2',
    total: (total: number) => `NEWS2 ${total}`,
    bands: {
      low: 'low',
      lowMedium: 'one parameter scores 3',
      medium: 'medium',
      high: 'high',
    } satisfies Record<ScoreBand, string>,
    incomplete: (names: readonly string[]) => `NEWS2 incomplete: ${list(names)}`,
    withOld: (name: string) => `${name} (too old)`,
    unsuitable: {
      UNDER_16: 'NEWS2 is not for people under 16',
      PREGNANT: 'NEWS2 is not for use in pregnancy',
    },
    off: 'NEWS2 is not used',
    points: (points: number) => (points === 1 ? '1 point' : `${points} points`),
    source: 'Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017',
  },
  causes: {
    above: (name: string, value: string, limit: string) => `${name} ${value}, above ${limit}`,
    below: (name: string, value: string, limit: string) => `${name} ${value}, below ${limit}`,
    rose: (name: string, by: string, time: string, value: string) => `${name} rose by ${by} in ${time}, now ${value}`,
    fell: (name: string, by: string, time: string, value: string) => `${name} fell by ${by} in ${time}, now ${value}`,
    score: (total: number, parts: readonly string[]) => `NEWS2 ${total}: ${list(parts)}`,
    part: (name: string, points: number) => `${name} ${points}`,
    missing: (names: readonly string[]) => `No readings: ${list(names)}`,
    fall: 'A fall was noticed',
    sealed: 'What it is about can be read with the keys of this circle only.',
  },
  alert: {
    states: {
      raised: 'Raised',
      escalated: 'Escalated',
      acknowledged: 'Acknowledged',
      closed: 'Closed',
    } satisfies Record<AlertState, string>,
    outcomes: {
      treated: 'Treated',
      expected: 'Expected for this patient',
      technical: 'Technical: sensor or device',
      other: 'Other',
    } satisfies Record<AlertOutcome, string>,
    over: 'Back in range by itself',
    acknowledge: 'Acknowledge',
    close: 'Close',
    closeAs: 'Close as',
    since: (when: string) => `since ${when}`,
    raisedAt: 'Raised',
    escalatedAt: 'Escalated',
    acknowledgedBy: (who: string) => `Acknowledged by ${who}`,
    closedBy: (who: string, outcome: string) => `Closed by ${who}: ${outcome}`,
    escalatesIn: (time: string) => `Escalates in ${time}`,
    newestThen: 'Newest values then',
    empty: 'No alert',
    emptyBody: 'Nobody had to be called. Alerts stay here when they are closed.',
  },
  wall: {
    label: 'Patients, worst first',
    empty: 'Nobody is watched yet',
    emptyBody: 'A patient appears here once they have added you to their circle.',
    last: (when: string) => `last reading ${when}`,
    never: 'no reading yet',
    alerts: (count: number) => (count === 1 ? '1 open alert' : `${count} open alerts`),
    old: (when: string) => `from ${when}`,
    sealed: 'Your keys cannot open these readings.',
  },
  plot: {
    ranges: { day: '24 hours', month: '30 days', year: '1 year' },
    choose: 'Time shown',
    label: (name: string, range: string, summary: string) => `${name}, ${range}: ${summary}`,
    summary: (low: string, high: string, newest: string, gaps: number) =>
      `between ${low} and ${high}, newest ${newest}${gaps === 0 ? '' : gaps === 1 ? ', one gap' : `, ${gaps} gaps`}`,
    none: 'Nothing was measured in this time.',
    gap: 'no readings',
    limit: {
      criticalLow: 'critically low',
      low: 'low',
      high: 'high',
      criticalHigh: 'critically high',
    },
    hint: 'Arrow keys move along the plot; Home and End go to its ends.',
    band: (low: string, high: string) => `${low} to ${high}`,
    mean: (mean: string) => `mean ${mean}`,
    count: (count: number) => (count === 1 ? '1 reading' : `${count} readings`),
    annotations: { alert: 'Alert', note: 'Note', plan: 'Plan changed' },
    annotationList: 'Marked in the plot',
    older: (count: number) => (count === 1 ? '1 more' : `${count} more`),
    asTable: 'As a table',
    columns: { when: 'When', low: 'Lowest', mean: 'Mean', high: 'Highest', count: 'Readings' },
    spark: (name: string, newest: string) => `${name}, last hours, newest ${newest}`,
  },
  day: {
    title: 'Your day in words',
    nothing:
      'Nothing has been measured today. If a device should be sending, check that it is switched on and near you.',
    between: {
      heartRate: (low: string, high: string, mean: string) =>
        `Your heart beat between ${low} and ${high} times a minute, about ${mean} on average.`,
      respiratoryRate: (low: string, high: string, mean: string) =>
        `You took between ${low} and ${high} breaths a minute, about ${mean} on average.`,
      saturation: (low: string, high: string, mean: string) =>
        `The oxygen in your blood was between ${low} and ${high} percent, about ${mean} on average.`,
      temperature: (low: string, high: string) => `Your temperature was between ${low} and ${high} °C.`,
      glucose: (low: string, high: string) => `Your blood sugar was between ${low} and ${high} mmol/L.`,
      systolic: (low: string, high: string) =>
        `The upper number of your blood pressure was between ${low} and ${high}.`,
      diastolic: (low: string, high: string) =>
        `The lower number of your blood pressure was between ${low} and ${high}.`,
      weight: (low: string, high: string) => `You weighed between ${low} and ${high} kg.`,
      oxygenFlow: (low: string, high: string) => `You used between ${low} and ${high} litres of oxygen a minute.`,
      consciousness: () => '',
    } satisfies Record<SeriesName, (low: string, high: string, mean: string) => string>,
    once: {
      heartRate: (value: string) => `Your heart beat ${value} times a minute.`,
      respiratoryRate: (value: string) => `You took ${value} breaths a minute.`,
      saturation: (value: string) => `The oxygen in your blood was ${value} percent.`,
      temperature: (value: string) => `Your temperature was ${value} °C.`,
      glucose: (value: string) => `Your blood sugar was ${value} mmol/L.`,
      systolic: (value: string) => `The upper number of your blood pressure was ${value}.`,
      diastolic: (value: string) => `The lower number of your blood pressure was ${value}.`,
      weight: (value: string) => `You weighed ${value} kg.`,
      oxygenFlow: (value: string) => `You used ${value} litres of oxygen a minute.`,
      consciousness: (value: string) => `Somebody noted how awake you were: ${value}.`,
    } satisfies Record<SeriesName, (value: string) => string>,
    roomAir: 'You breathed room air.',
    allInside: 'All of it was in the range that your clinician set.',
    mostInside: (percent: string) => `${percent} of it was in the range that your clinician set.`,
    noLimits: 'No range is set for it.',
    counts: (count: number) => (count === 1 ? '1 reading' : `${count} readings`),
    alerts: (count: number) =>
      count === 0
        ? 'Nobody had to be called today.'
        : count === 1
          ? 'Your care team was called once today.'
          : `Your care team was called ${count} times today.`,
    notEmergency: 'If you feel unwell, do not wait for a device: call your care team, or the emergency number.',
  },
};
