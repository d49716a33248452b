import { z } from 'zod';

/** Words for people: no control characters, no broken encoding, trimmed. */
export const words = (min: number, max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => text.trim() === text && text.length >= min, `must have ${min} to ${max} characters, trimmed`)
    .refine((text) => !/[\p{Cc}\p{Cs}\uFFFD]/u.test(text), 'must not hold control or broken characters');

/** A channel by its kind and number. */
export const channelName = (kind: 'care' | 'supply') => z.string().regex(new RegExp(`^${kind}-(?:0|[1-9][0-9]{0,3})$`));
