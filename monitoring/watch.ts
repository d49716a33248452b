import { type AlertLevel, alertLevels } from '#chaincode/model/alert.ts';
import { type AlertCause, type AlertContent, causeKeys } from './alert.ts';
import { type MeasureName, type SeriesName, seriesNames, seriesOf, standsForMs } from './catalogue.ts';
import { scoredSeries } from './news2.ts';
import { type Plan, type PlanTerms, rankOf } from './plan.ts';
import { isHeld } from './quietHours.ts';
import { isJudged, type Reading } from './reading.ts';
import { withValue } from './trend.ts';
import { causesOf, scoreVerdict, silenceVerdict, trendKey, type Verdict, verdictsOn } from './verdict.ts';
import type { Episode, WatchState } from './watchState.ts';

/**
 * The engine that decides whether somebody is called: a pure step from what is remembered, what was read and what the clock
 * says to what is remembered and what is told. It looks at what is newest: readings that come late, twice or in another order
 * change digests and plots, and no alert. Whoever uses it steps it with each batch of readings and every half minute without.
 */

/** `raised`: call somebody. `ended`: what was raised as `key` is over by itself; a clinician closes the alert. */
export type Told =
  | { kind: 'raised'; content: AlertContent }
  | { kind: 'ended'; key: string; since: number; level: AlertLevel; at: number };

/** A step later than this after the last one was a pause (a restart, a clock that was set): silence counts anew. */
const pauseMs = 300_000;
/** Readings ahead of the clock by more are not believed; nor is a clock that falls behind by more. */
const aheadMs = 300_000;

/** Readings of the patient in any order, and the clock, in milliseconds. */
export interface Step {
  now: number;
  readings?: readonly Reading[];
}

export function step(
  plan: Plan,
  before: WatchState,
  { now, readings = [] }: Step,
): { state: WatchState; told: Told[] } {
  const { terms } = plan;
  const told: Told[] = [];
  const state = atClock(before, now);
  const judge = (verdicts: readonly Verdict[]) => {
    for (const verdict of verdicts) told.push(...observe(plan, state, verdict));
  };
  if (state.planVersion !== plan.version) {
    told.push(...takePlan(plan, state));
    for (const name of seriesNames) judge(freshVerdicts(terms, state, name));
  }
  for (const reading of readings.toSorted((a, b) => a.at - b.at)) {
    if (!isJudged(reading) || !isNew(state, reading)) continue;
    take(terms, state, reading);
    for (const name of seriesOf(reading.measure)) judge(freshVerdicts(terms, state, name));
    if (isScored(reading.measure)) judge(scoreVerdict(terms, state, now));
    if (reading.measure === 'fall') judge(fallVerdicts(terms, state, reading.at));
  }
  for (const name of seriesNames) if (isWaiting(terms, state, name)) judge(freshVerdicts(terms, state, name));
  const fall = state.episodes[causeKeys.fall];
  if (fall !== undefined && fall.raised === undefined)
    judge(fallVerdicts(terms, state, fall.since.notice ?? fall.seen));
  judge([...scoreVerdict(terms, state, now), silenceVerdict(terms, state, now)]);
  told.push(...settle(plan, state));
  return { state, told };
}

/** A copy at another time. Where the clock was set back, what lies ahead of it is forgotten rather than waited for. */
function atClock(before: WatchState, now: number): WatchState {
  const isPaused = Math.abs(now - before.now) > pauseMs;
  const state = {
    ...before,
    now,
    watchedSince: isPaused ? now : before.watchedSince,
    newest: { ...before.newest },
    heard: { ...before.heard },
    trends: { ...before.trends },
    episodes: { ...before.episodes },
  };
  if (now - before.now >= -aheadMs) return state;
  const isAhead = (at: number | undefined) => at !== undefined && at > now + aheadMs;
  for (const name of seriesNames) if (isAhead(state.newest[name]?.at)) delete state.newest[name];
  state.heard = Object.fromEntries(Object.entries(state.heard).filter(([, at]) => !isAhead(at)));
  state.trends = {};
  state.episodes = Object.fromEntries(
    Object.entries(state.episodes).map(([key, { clear: _, ...episode }]) => [key, setBack(episode, now)]),
  );
  return state;
}
/** The alert keeps the start that is its name. */
const setBack = (episode: Episode, now: number): Episode => ({
  ...episode,
  seen: Math.min(episode.seen, now),
  since: Object.fromEntries(Object.entries(episode.since).map(([level, at]) => [level, Math.min(at, now)])),
});

/** Newer than what is known, not ahead of the clock. */
const isNew = ({ heard, now }: WatchState, { measure, at }: Reading) =>
  at > (heard[measure] ?? Number.NEGATIVE_INFINITY) && at <= now + aheadMs;

function take(terms: PlanTerms, state: WatchState, { measure, at, values }: Reading): void {
  state.heard[measure] = at;
  for (const [index, name] of seriesOf(measure).entries()) {
    const value = values[index];
    if (value === undefined) throw new TypeError(`${measure} without ${name}`);
    state.newest[name] = { at, value };
    for (const rule of terms.trends) {
      if (rule.series !== name) continue;
      state.trends[trendKey(rule)] = withValue(state.trends[trendKey(rule)] ?? [], rule, { at, value });
    }
  }
}

const isScored = (measure: MeasureName) =>
  seriesOf(measure).some((name) => scoredSeries.some((scored) => scored === name));

/** What stood in the past calls nobody: verdicts of a value that no longer stands for the present are left out. */
function freshVerdicts(terms: PlanTerms, state: WatchState, name: SeriesName): Verdict[] {
  const { [name]: value } = state.newest;
  if (value === undefined || state.now - value.at > standsForMs(name)) return [];
  return verdictsOn(terms, state, name, state.now);
}

/** Some cause of a series was seen and is not raised yet: it has not lasted long enough, or quiet hours held it. */
function isWaiting(terms: PlanTerms, { episodes }: WatchState, name: SeriesName): boolean {
  const keys = [
    ...(['low', 'high'] as const).map((side) => causeKeys.limit(name, side)),
    ...terms.trends.flatMap((rule) => (rule.series === name ? [trendKey(rule)] : [])),
  ];
  return keys.some((key) => episodes[key] !== undefined && episodes[key].raised === undefined);
}

/** A fall that is told of a day later calls nobody. */
const toldOfFallMs = 86_400_000;
function fallVerdicts({ falls }: PlanTerms, { now }: WatchState, at: number): Verdict[] {
  if (falls === undefined || now - at > toldOfFallMs) return [];
  const lasting = { at, says: 'outside', until: now, level: falls, forSeconds: 0 } as const;
  return [{ key: causeKeys.fall, ...lasting, cause: { kind: 'fall' } }];
}

/** Another plan: what it does not watch is over, and the rest is judged by it at once. */
function takePlan({ terms, version }: Plan, state: WatchState): Told[] {
  const causes = causesOf(terms);
  const gone = Object.entries(state.episodes).filter(([key]) => !causes.has(key));
  for (const [key] of gone) delete state.episodes[key];
  state.trends = Object.fromEntries(Object.entries(state.trends).filter(([key]) => causes.has(key)));
  state.planVersion = version;
  return gone.flatMap(([key, episode]) => endOf(key, episode, state.now));
}

/** Takes a verdict into its episode, and tells what it brings. */
function observe(plan: Plan, state: WatchState, verdict: Verdict): Told[] {
  const { key, at } = verdict;
  const { [key]: known } = state.episodes;
  if (verdict.says !== 'outside') {
    if (known === undefined) return [];
    // Only what lasts without a break is raised; what was raised is over once it has been back for long enough.
    if (known.raised === undefined) delete state.episodes[key];
    else state.episodes[key] = verdict.says === 'inside' ? { ...known, clear: known.clear ?? at } : withoutClear(known);
    return [];
  }
  const episode = seenAgain(known, verdict);
  state.episodes[key] = episode;
  return raise(plan, state, key, episode, verdict);
}

const withoutClear = ({ clear: _, ...episode }: Episode): Episode => episode;

/** `since` of a level is when it became at least so bad and stayed so. */
function seenAgain(known: Episode | undefined, { at, until, level }: Verdict & { says: 'outside' }): Episode {
  const reached = alertLevels.filter((each) => rankOf(each) >= rankOf(level));
  const since = Object.fromEntries(reached.map((each) => [each, known?.since[each] ?? at]));
  const seen = Math.max(known?.seen ?? until, until);
  return { since, seen, ...(known?.raised === undefined ? {} : { raised: known.raised }) };
}

/**
 * Raises what has lasted, once, and as bad as it then is; and once more when something worse has lasted. Quiet hours hold it
 * until they are over.
 */
function raise(
  plan: Plan,
  state: WatchState,
  key: string,
  episode: Episode,
  verdict: Verdict & { says: 'outside' },
): Told[] {
  const { forSeconds, level: present, cause } = verdict;
  const due = alertLevels.find((level) => {
    const since = episode.since[level];
    return since !== undefined && rankOf(level) >= rankOf(present) && episode.seen - since >= forSeconds * 1000;
  });
  if (due === undefined) return [];
  const level = episode.raised === undefined ? present : due;
  if (isHeld(plan.terms.quietHours, level, state.now)) return [];
  if (episode.raised !== undefined && rankOf(episode.raised.level) <= rankOf(level)) return [];
  const since = episode.since[due] ?? episode.seen;
  state.episodes[key] = { ...episode, raised: { since, level } };
  return [{ kind: 'raised', content: contentOf(plan, state, { key, since, level, cause }) }];
}

const contentOf = (
  { version }: Plan,
  { now, newest }: WatchState,
  raised: { key: string; since: number; level: AlertLevel; cause: AlertCause },
): AlertContent => ({ v: 1, ...raised, at: now, planVersion: version, newest: { ...newest } });

/** Ends what has been back for long enough. */
function settle({ terms }: Plan, state: WatchState): Told[] {
  return Object.entries(state.episodes).flatMap(([key, episode]) => {
    const clear = key === causeKeys.fall ? episode.seen : episode.clear;
    if (episode.raised === undefined || clear === undefined) return [];
    if (state.now - clear < terms.settleSeconds * 1000) return [];
    delete state.episodes[key];
    return endOf(key, episode, state.now);
  });
}
const endOf = (key: string, { raised }: Episode, at: number): Told[] =>
  raised === undefined ? [] : [{ kind: 'ended', key, since: raised.since, level: raised.level, at }];
