import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { deviceId } from '#chaincode/model/identifiers.ts';
import { levels } from '../log.ts';

const settings = z
  .object({
    CONNECTOR_PROFILE: z.string().min(1),
    /** JSON file: the institutions whose software is served here. */
    FHIR_PROFILE: z.string().min(1),
    IPFS_API_URL: z.url({ protocol: /^https?$/ }),
    FHIR_HOST: z.string().default('127.0.0.1'),
    /** 0 takes a free port. */
    FHIR_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
    /** As software reaches it, where something stands before it; without a slash at its end. */
    FHIR_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** PEM files. Without them it speaks plain HTTP, on this machine only. */
    FHIR_TLS_CERT: z.string().optional(),
    FHIR_TLS_KEY: z.string().optional(),
    LOG_LEVEL: z.enum(levels).default('info'),
  })
  .refine(({ FHIR_TLS_CERT: cert, FHIR_TLS_KEY: key }) => (cert === undefined) === (key === undefined), {
    path: ['FHIR_TLS_KEY'],
    message: 'certificate and key go together',
  })
  .refine(({ FHIR_HOST: host, FHIR_TLS_CERT: cert }) => cert !== undefined || ['127.0.0.1', '::1'].includes(host), {
    path: ['FHIR_TLS_CERT'],
    message: 'is needed where others than this machine can ask',
  });
export type FhirSettings = z.infer<typeof settings>;

/** Reads the settings; throws one error that names every one that is missing or wrong, without its value. */
export function readFhirSettings(source: Record<string, string | undefined>): FhirSettings {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`The settings of the FHIR interface are incomplete.\n${faults.join('\n')}`);
}

const site = z.strictObject({
  /** First part of its addresses. */
  name: z.string().regex(/^[a-z0-9-]{2,40}$/),
  mspId: z.string().min(1),
  /** The connector as a device of purpose `system`, whose keys come from the organisation's seed for systems. */
  device: deviceId,
  /** File of the institution's software (`connector/smart/clients.ts`). */
  clients: z.string().min(1),
  /** Folder for what must outlive a restart; secret, and to be backed up. */
  state: z.string().min(1),
});
export type FhirSite = z.infer<typeof site>;

const fhirProfile = z.strictObject({
  sites: z
    .array(site)
    .min(1)
    .refine((sites) => new Set(sites.map(({ name }) => name)).size === sites.length, 'must name each site once'),
});

/** Reads which institutions are served. Throws what is wrong with the file. */
export function readFhirProfile(file: string): z.infer<typeof fhirProfile> {
  try {
    return fhirProfile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`The profile ${file} cannot be read.`, { cause });
  }
}
