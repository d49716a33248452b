import { z } from 'zod';
import { levels } from '../log.ts';

const settings = z.object({
  CONNECTOR_PROFILE: z.string().min(1),
  /** The organisation whose notary this is. */
  NOTARY_MSP: z.string().min(1),
  /** What the connector must present; at least 32 characters. */
  NOTARY_TOKEN: z.string().min(32),
  /** The deployment that it signs for, and no other. */
  ETHEREUM_CHAIN_ID: z.coerce.number().int().positive(),
  PRESCRIPTION_TOKEN_ADDRESS: z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{40}$/)]),
  /** 0 takes a free port. */
  NOTARY_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  LOG_LEVEL: z.enum(levels).default('info'),
});

/** Reads the settings; throws one error that names every one that is missing or wrong, without its value. */
export function readNotarySettings(source: Record<string, string | undefined>): z.infer<typeof settings> {
  const parsed = settings.safeParse(source);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`The notary's settings are incomplete.\n${faults.join('\n')}`);
}
