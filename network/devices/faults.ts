import { chanceOf } from './noise.ts';

const hour = 3_600_000;

/** What goes wrong with a device of the fleet; how likely is for each hour. */
export interface Faultiness {
  seed: number;
  offline: number;
  stuck: number;
  noisy: number;
  /** By how much the device's clock is ahead of the true one. */
  skewMs: number;
  /** Share of its battery that it uses each hour; at the end it is charged within two. */
  drain: number;
}

export const sound = { offline: 0, stuck: 0, noisy: 0, skewMs: 0, drain: 0.004 };

export interface Condition {
  /** No connection. */
  offline: boolean;
  /** The sensor repeats what it measured at this time. */
  stuckSince?: number;
  /** The sensor is loose: values jump. */
  noisy: boolean;
  skewMs: number;
  /** 0 to 1 */
  battery: number;
}

/** Of a kind of fault in an hour: when it begins in it and how long it lasts, up to an hour; undefined where there is none. */
function spell(seed: number, name: string, index: number, likely: number): { from: number; to: number } | undefined {
  if (chanceOf(seed, name, index) >= likely) return undefined;
  const from = (index + chanceOf(seed, `${name} from`, index)) * hour;
  return { from, to: from + (0.05 + 0.95 * chanceOf(seed, `${name} long`, index) ** 2) * hour };
}

/** How a device is at a moment; the same seed and moment give the same. */
export function conditionAt({ seed, offline, stuck, noisy, skewMs, drain }: Faultiness, at: number): Condition {
  const index = Math.floor(at / hour);
  const during = (name: string, likely: number) =>
    [index - 1, index]
      .map((each) => spell(seed, name, each, likely))
      .find((one) => one && one.from <= at && at < one.to);
  const frozen = during('stuck', stuck);
  return {
    offline: during('offline', offline) !== undefined,
    ...(frozen && { stuckSince: frozen.from }),
    noisy: during('noisy', noisy) !== undefined,
    skewMs,
    battery: batteryAt(seed, drain, at),
  };
}

const charging = 2 * hour;

/** A saw: down to a tenth, and up again. */
function batteryAt(seed: number, drain: number, at: number): number {
  const lasting = (0.9 / drain) * hour;
  const phase = (at + chanceOf(seed, 'charged', 0) * (lasting + charging)) % (lasting + charging);
  return phase < lasting ? 1 - 0.9 * (phase / lasting) : 0.1 + (0.9 * (phase - lasting)) / charging;
}
