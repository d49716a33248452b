import { z } from 'zod';
import { deviceId } from '#chaincode/model/identifiers.ts';
import { currency } from '#chaincode/model/money.ts';
import { levels } from '../log.ts';

const address = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{40}$/)]);

const settings = z.object({
  CONNECTOR_PROFILE: z.string().min(1),
  /** The organisation of the insurer, and its device of purpose `adjudicator`, whose keys come from the systems' seed. */
  ADJUDICATOR_MSP: z.string().min(1),
  ADJUDICATOR_DEVICE: deviceId,
  /** What whoever asks must present; at least 32 characters. */
  ADJUDICATOR_TOKEN: z.string().min(32),
  /** 0 takes a free port. */
  ADJUDICATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** How often it looks for what is to be decided, in milliseconds. */
  ADJUDICATOR_EVERY_MS: z.coerce.number().int().min(50).max(60_000).default(500),
  IPFS_API_URL: z.url(),
  ETHEREUM_RPC_URL: z.url(),
  PRESCRIPTION_TOKEN_ADDRESS: address,
  /** Where claims are paid, and in which ERC-20 token. */
  CARE_SETTLEMENT_ADDRESS: address,
  SETTLEMENT_COIN_ADDRESS: address,
  /** What the coin stands for, one for one; claims in another currency are not paid. */
  SETTLEMENT_CURRENCY: currency,
  /** The block of the contract's deployment: nothing before it is read. */
  SETTLEMENT_FROM_BLOCK: z.coerce.number().int().min(0).default(0),
  /** File with the key that signs the insurer's quotes and pays from its account: 0x and 64 hex digits. */
  ADJUDICATOR_KEY_FILE: z.string().min(1),
  /** Blocks on top of a payment's after which it counts as final. */
  SETTLEMENT_CONFIRMATIONS: z.coerce.number().int().min(0).max(10_000).default(12),
  LOG_LEVEL: z.enum(levels).default('info'),
});
export type AdjudicatorSettings = z.infer<typeof settings>;

/** Reads the settings; throws one error that names every one that is missing or wrong, without its value. */
export function readAdjudicatorSettings(source: Record<string, string | undefined>): AdjudicatorSettings {
  const parsed = settings.safeParse(source);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`The adjudicator's settings are incomplete.\n${faults.join('\n')}`);
}
