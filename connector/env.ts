import { z } from 'zod';
import { levels } from './log.ts';

const address = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{40}$/)]);

const environment = z.object({
  /** File that says which organisations the connector serves and where their keys are. */
  CONNECTOR_PROFILE: z.string().min(1),
  /** What the portal must present; at least 32 characters. */
  CONNECTOR_TOKEN: z.string().min(32),
  /** 0 takes a free port. */
  CONNECTOR_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  ETHEREUM_RPC_URL: z.url({ protocol: /^https?$/ }),
  PRESCRIPTION_TOKEN_ADDRESS: address,
  /** Where claims are paid, the fund that helps patients, and the ERC-20 token in which both are. */
  CARE_SETTLEMENT_ADDRESS: address,
  ASSISTANCE_FUND_ADDRESS: address,
  SETTLEMENT_COIN_ADDRESS: address,
  /** Where each organisation's notary serves, as JSON by MSP; none attests where it is left out. */
  CONNECTOR_NOTARIES: z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue('is no JSON');
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string(), z.url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ })))
    .default({}),
  /** What the notaries ask for; at least 32 characters. */
  NOTARY_TOKEN: z.string().min(32).optional(),
  LOG_LEVEL: z.enum(levels).default('info'),
});

export type ConnectorEnvironment = z.infer<typeof environment>;

/** Reads the settings; throws one error that names every missing or malformed one, without their values. */
export function readEnvironment(source: Record<string, string | undefined>): ConnectorEnvironment {
  const parsed = environment.safeParse(source);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The connector's settings are incomplete.\n${problems.join('\n')}`);
}
