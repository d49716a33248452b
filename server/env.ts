import { z } from 'zod';
import { institutionId } from '#chaincode/model/identifiers.ts';
import { currency } from '#chaincode/model/money.ts';

const secret = (bytes: number) =>
  z.string().refine((text) => Buffer.from(text, 'base64').length >= bytes, `must be base64 of at least ${bytes} bytes`);
const url = z.url();

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'must be an Ethereum address');

const adjudicators = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('must be JSON');
      return z.NEVER;
    }
  })
  .pipe(z.array(z.strictObject({ insurer: institutionId, url, token: z.string().min(32) })).max(100))
  .refine((all) => new Set(all.map(({ insurer }) => insurer)).size === all.length, 'must name an insurer once');

const settings = z.object({
  MEDLOOM_MODE: z.enum(['demonstration', 'production']).default('demonstration'),
  /** Public origin of the portal. */
  MEDLOOM_URL: url,
  /** How many proxies of the operator's own a request passes, each of which appends to X-Forwarded-For whom it heard. */
  MEDLOOM_PROXIES: z.coerce.number().int().min(0).max(8).default(0),
  NEXTAUTH_URL: url,
  NEXTAUTH_SECRET: z.string().min(32, 'must have at least 32 characters'),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address'),
  /** Path of the ledger profile (`server/gateways/ledger/profile.ts`). */
  LEDGER_PROFILE: z.string().min(1),
  IPFS_API_URL: url,
  ETHEREUM_RPC_URL: url,
  PRESCRIPTION_TOKEN_ADDRESS: address,
  /** Where claims are paid, the fund that helps patients, and the ERC-20 token in which both are. */
  CARE_SETTLEMENT_ADDRESS: address,
  ASSISTANCE_FUND_ADDRESS: address,
  SETTLEMENT_COIN_ADDRESS: address,
  /** What the coin stands for, one for one. */
  SETTLEMENT_CURRENCY: currency,
  /** The block of the settlement's deployment: nothing before it is read. */
  SETTLEMENT_FROM_BLOCK: z.coerce.number().int().min(0).default(0),
  /** How many blocks after its own make a payment final. */
  SETTLEMENT_CONFIRMATIONS: z.coerce.number().int().min(0).max(10_000).default(12),
  ETHEREUM_SUBMITTER_KEY: z.string().regex(/^0x[0-9a-fA-F]{64}$/, 'must be 0x and 64 hex digits'),
  /** Tokens and their states are brought to Ethereum together: after so long, or as soon as so many wait. */
  RELAY_INTERVAL_MS: z.coerce.number().int().min(100).max(600_000).default(60_000),
  RELAY_BATCH: z.coerce.number().int().min(1).max(100).default(50),
  CONNECTOR_URL: url,
  CONNECTOR_TOKEN: z.string().min(24, 'must have at least 24 characters'),
  PERSONAL_DATA_KEY: secret(32),
  /** JSON: the adjudicator of each insurer, which answers before something is served, quotes and anchors; without one nobody does. */
  ADJUDICATORS: adjudicators.default([]),
  /** Where the telemetry gateway tells how it is; without one none is asked. */
  TELEMETRY_HEALTH_URL: url.optional(),
  /** How devices reach it, and the PEM file of the authority of its certificate: what admins give to devices. */
  TELEMETRY_MQTT_URL: z.url({ protocol: /^mqtts$/ }).optional(),
  TELEMETRY_HTTPS_URL: z.url({ protocol: /^https$/ }).optional(),
  TELEMETRY_CA_FILE: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Env = z.infer<typeof settings>;

const secrets = ['NEXTAUTH_SECRET', 'ETHEREUM_SUBMITTER_KEY', 'CONNECTOR_TOKEN', 'PERSONAL_DATA_KEY'] as const;

/** Keys that anybody knows: those that Anvil and Hardhat derive from their public test phrase. */
const publicKeys = new Set([
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
]);

const demonstrationMark = /demonstration|demo-|change-?me|^(.)\1*$/i;

/** The settings that a person chose for a demonstration, which production must not run with. */
function unsafeInProduction(env: Env): string[] {
  const found: string[] = [];
  for (const name of secrets) {
    const value = env[name];
    const decoded = Buffer.from(value, 'base64').toString('latin1');
    if (publicKeys.has(value.toLowerCase()) || demonstrationMark.test(value) || demonstrationMark.test(decoded)) {
      found.push(`${name}: is a demonstration secret`);
    }
  }
  for (const name of ['MEDLOOM_URL', 'NEXTAUTH_URL'] as const) {
    if (!env[name].startsWith('https://')) found.push(`${name}: must begin with https://`);
  }
  if (env.MEDLOOM_PROXIES === 0) {
    found.push('MEDLOOM_PROXIES: must be at least 1, since the portal itself does not speak https');
  }
  return found;
}

/**
 * Reads settings from `source`. Throws one error that names every setting that is missing or wrong; in production
 * also every demonstration secret.
 */
export function readEnv(source: Record<string, string | undefined>): Env {
  const parsed = settings.safeParse(source);
  const faults = parsed.success
    ? parsed.data.MEDLOOM_MODE === 'production'
      ? unsafeInProduction(parsed.data)
      : []
    : parsed.error.issues.map(({ path, message }) => {
        const name = path.join('.');
        return source[name] === undefined ? `${name}: is missing` : `${name}: ${message}`;
      });
  if (!parsed.success || faults.length > 0) throw new Error(`Settings are not usable:\n  ${faults.join('\n  ')}`);
  return parsed.data;
}

let known: Env | undefined;

/** The settings of this process, read at first use so that a build needs none. */
export function env(): Env {
  known ??= readEnv(process.env);
  return known;
}

/** The level of the log alone, so that a fault in the other settings can itself be logged. */
export function logLevel(): Env['LOG_LEVEL'] {
  const level = settings.shape.LOG_LEVEL.safeParse(process.env.LOG_LEVEL);
  return level.success ? level.data : 'info';
}
