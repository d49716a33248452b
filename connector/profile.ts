import { readFileSync } from 'node:fs';
import { z } from 'zod';

const identityFiles = z.object({ certFile: z.string(), keyFile: z.string() });

const connectorProfile = z.object({
  /** The ledger profile of the same network. */
  ledgerProfile: z.string(),
  organisations: z.record(
    z.string(),
    z.object({
      /** Certificate authority of the organisation, for its people. */
      ca: identityFiles.optional(),
      registrar: identityFiles.optional(),
      /** The organisation's share of the escrow of records; its registrar publishes the key. */
      escrow: z.object({ seedFile: z.string() }).optional(),
      /** What the organisation lets its partners' systems sign with; their keys come from the seed. */
      systems: z.object({ seedFile: z.string() }).optional(),
      notary: identityFiles.extend({ ethereumKeyFile: z.string() }).optional(),
    }),
  ),
  ethereum: z.object({
    /** Key of the account that grants the prescriber role and sends gas: 0x and 64 hex digits. */
    registrarKeyFile: z.string(),
    /**
     * What a prescriber's wallet is filled up to, in ether. What the relay brings needs none; a transaction of the wallet's own does,
     * as the demonstration's do.
     */
    gasAllowance: z
      .string()
      .regex(/^[0-9]+(\.[0-9]{1,18})?$/)
      .default('0.2'),
  }),
});

/** What the connector needs of a ledger profile; the rest of it is the portal's. */
const ledgerProfile = z.object({
  channels: z.array(z.object({ name: z.string(), kind: z.string(), organisations: z.array(z.string()) })),
  organisations: z.record(
    z.string(),
    z.object({
      gateway: z.object({ address: z.string(), tlsCaFile: z.string(), serverName: z.string().optional() }),
    }),
  ),
});

export type ConnectorProfile = Omit<z.infer<typeof connectorProfile>, 'ledgerProfile'> & {
  /** The ledger profile as it is now: channels are added while the connector runs. */
  ledger: () => z.infer<typeof ledgerProfile>;
};

/** Reads the connector's profile and the ledger profile that it names. Throws what is wrong with which file. */
export function readProfile(file: string): ConnectorProfile {
  const { ledgerProfile: ledgerFile, ...profile } = parse(connectorProfile, file);
  const ledger = () => parse(ledgerProfile, ledgerFile);
  ledger();
  return { ...profile, ledger };
}

const ethereumKey = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]);

/** Reads a secp256k1 key; the error does not repeat what the file holds. */
export function readEthereumKey(file: string): `0x${string}` {
  const key = ethereumKey.safeParse(readFileSync(file, 'utf8').trim());
  if (!key.success) throw new Error(`${file} holds no Ethereum key: 0x and 64 lower-case hex digits are expected.`);
  return key.data;
}

/** Reads a seed of 32 bytes; the error does not repeat what the file holds. */
export function readSeed(file: string): Uint8Array {
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${file} holds no seed: 64 lower-case hex digits are expected.`);
  return Buffer.from(text, 'hex');
}

function parse<T>(schema: z.ZodType<T>, file: string): T {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`The profile ${file} cannot be read.`, { cause });
  }
}
