/** Limits of a batch: it is cut when one of them is reached. */
export interface Batching {
  timeoutMs: number;
  maxMessageCount: number;
}

/** A batch is cut when it would get larger (BatchSize.PreferredMaxBytes). */
export const preferredMaxBytes = 2 * 1024 * 1024;

/** A larger transaction is not taken (BatchSize.AbsoluteMaxBytes). */
export const absoluteMaxBytes = 10 * 1024 * 1024;

/** The limits that a configuration gives. */
export function batchingOf(config: {
  batchTimeoutMs?: number | undefined;
  maxMessageCount?: number | undefined;
}): Batching {
  return { timeoutMs: config.batchTimeoutMs ?? 100, maxMessageCount: config.maxMessageCount ?? 500 };
}
